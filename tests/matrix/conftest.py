"""One world for all of these tests. Each test begins with the same one: what it changes is undone after it."""

import math
from collections.abc import Iterator

import pytest
from django.db import transaction

from upskill.people import sessions

from .world import World, build


@pytest.fixture(autouse=True)
def _as_for_real_people(settings) -> None:
    """The demo's accounts are for one's own machine."""
    settings.DEMO_SIGNIN = False


@pytest.fixture(autouse=True)
def _at_one_moment(monkeypatch) -> None:
    """That somebody is still there is noted every five minutes: a write that is no answer to what was asked."""
    monkeypatch.setattr(sessions, "NOTED_EVERY_SECONDS", math.inf)


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Departments A and B, around the transactions of the tests. Nothing of it is ever committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
