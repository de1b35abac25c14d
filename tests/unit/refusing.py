"""What PostgreSQL itself refuses, whichever code asks; and acts that fail before they are committed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection, transaction


class ActFails(Exception):
    """Something later in the same transaction went wrong."""


@contextmanager
def refused_by(rule: str) -> Iterator[None]:
    """The block must be refused by the constraint or trigger whose message holds `rule`; the test goes on after it."""
    said = "nothing: it was taken"
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:  # what is checked when a transaction ends is checked now
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as refusal:
        said = str(refusal)
    assert rule in said


@contextmanager
def act_that_fails() -> Iterator[None]:
    """A transaction in which everything works and then something else does not, so that nothing may be left of it."""
    with suppress(ActFails), transaction.atomic():
        yield
        raise ActFails
