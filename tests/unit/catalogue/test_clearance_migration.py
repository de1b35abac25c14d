"""Exercises that were published before certificates were asked for stay open for handing in."""

import pytest

from tests.factories.catalogue import ExerciseFactory
from tests.factories.people import NOON
from tests.unit.migrating import migrated, migrated_to_now
from upskill.catalogue.models import Clearance

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE = [("catalogue", "0004_reflections")]


@pytest.fixture
def _comes_back():
    yield
    migrated_to_now()


@pytest.mark.usefixtures("_comes_back")
def test_what_was_open_stays_open():
    exercise = ExerciseFactory(clearance=False)
    migrated(BEFORE)

    migrated_to_now()

    assert list(Clearance.objects.values()) == [
        {"exercise_id": exercise.pk, "ground": "earlier", "certificate": {}, "given_at": NOON}
    ]
