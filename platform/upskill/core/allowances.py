"""How often somebody may do something. Counted in PostgreSQL, so that every process counts the same.

Call `spend` before the act and outside its transaction: an attempt that fails is counted as well.
"""

import datetime as dt
import hashlib

from django.db import connection

from .models import Allowance

SPEND = """
    INSERT INTO core_allowance AS held (key, used, ends_at)
    VALUES (%(key)s, 1, now() + make_interval(secs => %(seconds)s))
    ON CONFLICT (key) DO UPDATE SET
        used = CASE WHEN held.ends_at <= now() THEN 1 ELSE held.used + 1 END,
        ends_at = CASE WHEN held.ends_at <= now() THEN excluded.ends_at ELSE held.ends_at END
    RETURNING used, ceil(extract(epoch FROM ends_at - now()))
"""


class UsedUp(Exception):
    """More than is allowed in this stretch of time. `seconds`: how long until it begins anew, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Try again in {seconds} seconds.")
        self.seconds = seconds


def spend(what: str, *, who: str, most: int, seconds: int) -> None:
    """Count one act of `who`; the first opens a stretch of `seconds`. Raises UsedUp after `most`. One query, atomic.

    `who` is kept as a digest only.
    """
    key = hashlib.sha256(f"{what}\0{who}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"key": key, "seconds": seconds})
        used, left = cursor.fetchone()
    if used > most:
        raise UsedUp(max(1, int(left)))


def forget_ended(*, now: dt.datetime) -> int:
    """Delete the counts of stretches that have ended; returns how many."""
    return Allowance.objects.filter(ends_at__lt=now).delete()[0]
