"""A row that is asked for with SQL of ours is the row that Django would give."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.people import PersonFactory
from upskill.core.one_row import one_row
from upskill.people.models import User

pytestmark = pytest.mark.django_db


def fields(person: User) -> dict[str, object]:
    """Everything that was read, and from which database."""
    return {name: value for name, value in vars(person).items() if name != "_state"} | {"db": person._state.db}


def test_it_is_the_row_that_django_gives_in_one_query():
    wanted, _other = PersonFactory(), PersonFactory()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = one_row(User, where="id = %s AND is_active", parameters=[wanted.pk])

    assert len(asked) == 1
    assert found is not None
    assert not found._state.adding
    assert fields(found) == fields(User.objects.get(pk=wanted.pk))


def test_where_nothing_is_found_there_is_none():
    suspended = PersonFactory(is_active=False)

    assert one_row(User, where="id = %s AND is_active", parameters=[suspended.pk]) is None
