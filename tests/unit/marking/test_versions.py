"""Whose tests may judge an answer: those that ask for work in the same cells and decide the same checks."""

import datetime as dt

import pytest
from django.db import IntegrityError

from tests.factories import exercises
from tests.factories.catalogue import next_exercise_item
from tests.factories.marking import RerunJobFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory
from upskill import pipeline
from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs
from upskill.learning.models import Submission
from upskill.marking import slot, stopped, versions
from upskill.marking.models import Job

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)
TOO_STRICT = exercises.SCRIPT.replace("assert double(2) == 4", "assert double(2) == 5")
OTHER_CELL = exercises.SCRIPT.replace('task="double"', 'task="twice"')


@pytest.fixture(scope="module", autouse=True)
def _engine_ends():
    yield
    slot.close()


@pytest.fixture(autouse=True)
def _skill_exists():
    SkillFactory()


def next_version(exercise: ExerciseVersion, *, script: str = exercises.SCRIPT) -> ExerciseVersion:
    return exercises.real_exercise(item=next_exercise_item(exercise.item_version), script=script)


def stopped_answer(exercise: ExerciseVersion) -> Submission:
    """A right answer whose marking was stopped by the exercise's own test."""
    sent = pipeline.submit(
        exercise, content=exercises.answer(), idempotency_key="key", by=PersonFactory(), now=NOON, announce=lambda: None
    )
    Job.objects.update(state=Job.State.FAILED_OURS, tries=5, ended_at=NOON, reason="The check 'test_double' broke.")
    return sent


def test_other_tests_for_the_same_cells_and_points_fit():
    strict = exercises.real_exercise(script=TOO_STRICT)

    assert versions.fit(next_version(strict), answered=strict)


def test_tests_of_a_version_that_asks_for_work_in_another_cell_do_not_fit():
    first = exercises.real_exercise()

    assert not versions.fit(next_version(first, script=OTHER_CELL), answered=first)


def test_tests_of_a_version_that_lacks_a_file_of_the_answered_one_do_not_fit():
    first = exercises.real_exercise(files={"loans.csv": blobs.store(b"a,b\n")})
    renamed = exercises.real_exercise(
        item=next_exercise_item(first.item_version), files={"lent.csv": blobs.store(b"a,b\n")}
    )

    assert not versions.fit(renamed, answered=first)


def test_newest_that_fit_leaves_out_tests_that_are_not_checked():
    first = exercises.real_exercise()
    second = next_version(first)
    exercises.real_exercise(item=next_exercise_item(second.item_version), is_open=False)

    assert versions.newest_that_fit(first) == second


def test_newest_that_fit_leaves_out_the_answered_one_earlier_ones_and_those_that_ask_for_something_else():
    first = exercises.real_exercise(script=TOO_STRICT)
    assert versions.newest_that_fit(first) is None

    second = next_version(first)
    assert (versions.newest_that_fit(first), versions.newest_that_fit(second)) == (second, None)

    next_version(second, script=OTHER_CELL)
    assert versions.newest_that_fit(first) == second


@pytest.mark.parametrize(("newest_tests", "points"), [(False, 0), (True, 4)])
def test_answer_that_a_broken_test_stopped_is_marked_by_the_mended_one_where_an_operator_says_so(newest_tests, points):
    strict = exercises.real_exercise(script=TOO_STRICT)
    sent = stopped_answer(strict)
    mended = next_version(strict)

    stopped.release(sent.jobs.get(), by=None, now=LATER, newest_tests=newest_tests)
    assert pipeline.mark_next(now=lambda: LATER)

    mark = sent.marks.get()
    assert (mark.points, versions.tests_of(mark)) == (points, mended if newest_tests else strict)
    assert mark.provenance.get("exercise_version") == (mended.pk if newest_tests else None)


def test_answer_is_marked_by_its_own_tests_where_no_newer_ones_fit():
    strict = exercises.real_exercise(script=TOO_STRICT)
    sent = stopped_answer(strict)
    next_version(strict, script=OTHER_CELL)

    stopped.release(sent.jobs.get(), by=None, now=LATER, newest_tests=True)
    assert pipeline.mark_next(now=lambda: LATER)

    assert (sent.marks.get().points, versions.tests_of(sent.marks.get())) == (0, strict)


def test_a_rerun_has_no_tests_of_its_own():
    with pytest.raises(IntegrityError, match="job_tests_of_a_first_mark"):
        RerunJobFactory(tests=exercises.real_exercise())
