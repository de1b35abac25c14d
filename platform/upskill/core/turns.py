"""Taking turns: what is counted before it is done must not be done twice at once."""

from django.db import connection


def wait_for_turn(name: str) -> None:
    """Hold `name` until the current transaction ends; whoever wants the same name waits.

    Locks that are taken in the same order by everybody cannot block each other for good.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A turn lasts as long as its transaction: begin one first.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
