"""How often somebody may do something. Counted in PostgreSQL, so that every process counts the same.

Call `spend` before the act and outside its transaction: an attempt that fails is counted as well.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import connection

SPEND = """
    INSERT INTO core_allowance AS held (key, used, ends_at)
    SELECT key, 1, now() + make_interval(secs => seconds)
    FROM unnest(%(keys)s::text[], %(seconds)s::int[]) AS asked (key, seconds)
    ON CONFLICT (key) DO UPDATE SET
        used = CASE WHEN held.ends_at <= now() THEN 1 ELSE held.used + 1 END,
        ends_at = CASE WHEN held.ends_at <= now() THEN excluded.ends_at ELSE held.ends_at END
    RETURNING key, used, ceil(extract(epoch FROM ends_at - now()))
"""

FORGET = """
    DELETE FROM core_allowance WHERE key IN (SELECT key FROM core_allowance WHERE ends_at < %s FOR UPDATE SKIP LOCKED)
"""


class UsedUp(Exception):
    """More than is allowed in this stretch of time. `seconds`: how long until it begins anew, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Try again in {seconds} seconds.")
        self.seconds = seconds


@dataclass(frozen=True)
class Limit:
    """How often `who` may do `what` in so many seconds."""

    what: str
    who: str
    most: int
    seconds: int

    @property
    def key(self) -> str:
        """A digest: nobody reads from the table who it was."""
        return hashlib.sha256(f"{self.what}\0{self.who}".encode()).hexdigest()


def spend(what: str, *, who: str, most: int, seconds: int) -> None:
    """Count one act of `who`; the first opens a stretch of `seconds`. Raises UsedUp after `most`. One query, atomic."""
    spend_each([Limit(what, who, most, seconds)])


def spend_each(limits: list[Limit]) -> None:
    """Count one act against each of these different limits, refused or not. Raises UsedUp. One query, atomic."""
    asked = {each.key: each for each in limits}
    parameters: dict[str, Any] = {"keys": [*asked], "seconds": [each.seconds for each in asked.values()]}
    with connection.cursor() as cursor:
        cursor.execute(SPEND, parameters)
        waits = [int(left) for key, used, left in cursor.fetchall() if used > asked[key].most]
    if waits:
        raise UsedUp(max(1, *waits))


def forget_ended(*, now: dt.datetime) -> int:
    """Delete the counts of stretches that have ended; returns how many. Waits for nobody who is counted just now."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [now])
        return cursor.rowcount
