"""What PostgreSQL itself refuses, whichever code asks; and acts that fail before they are committed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import DatabaseError, connection, transaction


class ActFails(Exception):
    """Something later in the same transaction went wrong."""


@contextmanager
def refused_by(rule: str) -> Iterator[None]:
    """The block must be refused by the constraint or trigger whose message holds `rule`; the test goes on after it."""
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:  # what is checked when a transaction ends is checked now
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as refusal:
        assert rule in str(refusal)
    else:
        pytest.fail(f"PostgreSQL took it, although there should be a rule: {rule}")


@contextmanager
def act_that_fails() -> Iterator[None]:
    """A transaction in which everything works and then something else does not, so that nothing may be left of it."""
    with suppress(ActFails), transaction.atomic():
        yield
        raise ActFails
