"""What changed from a learner's attempt before to this one."""

from decimal import Decimal

import pytest

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import MarkFactory
from tests.factories.people import PersonFactory
from upskill.marking.comparing import Change, change

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt():
    """A function: the mark of an attempt of one learner at one exercise."""
    learner, exercise = PersonFactory(), ExerciseFactory()

    def mark(number: int, points: int, **fields):
        sent = {"submission__learner": learner, "submission__exercise": exercise, "submission__attempt": number}
        return MarkFactory(points=Decimal(points), **(sent | fields))

    return mark


def from_attempt(number: int, points: int, *, passing: list[str], lacking: list[str]) -> Change:
    return Change(number, Decimal(points), Decimal(4), passing, lacking)


def test_first_attempt_has_changed_nothing(attempt):
    attempt(1, 4, submission__learner=PersonFactory())
    attempt(1, 4, submission__exercise=ExerciseFactory())

    assert change(attempt(2, 4)) is None


def test_check_that_passes_now_is_named(attempt):
    attempt(1, 1)

    assert change(attempt(2, 4)) == from_attempt(1, 1, passing=["One"], lacking=[])


def test_check_that_passes_no_more_is_named_and_what_waits_for_a_person_is_not(attempt):
    attempt(1, 4)

    assert change(attempt(2, 1)) == from_attempt(1, 4, passing=[], lacking=["One"])


def test_newest_attempt_before_counts_with_the_mark_in_effect(attempt):
    attempt(1, 4)
    replaced = attempt(2, 4)
    attempt(2, 1, submission=replaced.submission, replaces=replaced, reason="Marked again.")
    now = attempt(3, 4)
    attempt(4, 4)

    assert change(now) == from_attempt(2, 1, passing=["One"], lacking=[])
