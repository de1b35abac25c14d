"""Completions: taken down by the step that finishes a course, anew when all is passed again, back where a pass goes."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.utils import ProgrammingError

from tests.factories.catalogue import DiagnosticFactory, ItemVersionFactory
from tests.factories.marking import MarkFactory
from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import Taught, finish, learner_of, taught
from upskill import pipeline
from upskill.core.models import AuditEntry
from upskill.planning import services
from upskill.planning.models import Completion
from upskill.planning.queries import completions

pytestmark = pytest.mark.django_db


def after(days: int) -> dt.datetime:
    return NOON + dt.timedelta(days=days)


@pytest.fixture
def course() -> Taught:
    return taught(title="AI ethics")


@pytest.fixture
def learner(course):
    return learner_of(course)


def read(course: Taught, learner, *, now: dt.datetime) -> None:
    pipeline.complete_item(learner, item=course.lesson.item, now=now)


def answer(course: Taught, learner, *, now: dt.datetime, right: bool = True) -> None:
    answers = {"one-of-two": ["this" if right else "that"]}
    pipeline.answer_quiz(course.quiz, answers=answers, by=learner, now=now)


def mark(course: Taught, learner, *, now: dt.datetime, attempt: int = 1):
    """A trainer passes the exercise: the last piece of the course may be theirs."""
    old = MarkFactory(
        submission__learner=learner, submission__exercise=course.exercise, submission__attempt=attempt,
        submission__submitted_at=now, points=3,
    )  # fmt: skip
    return pipeline.override_mark(old, points={"test_one": Decimal(4)}, reason="Fine.", by=PersonFactory(), now=now)


def days(learner) -> list[dt.datetime]:
    return list(completions().filter(learner=learner).order_by("finished_at").values_list("finished_at", flat=True))


STEPS = {"lesson": read, "quiz": answer, "mark": mark}


@pytest.mark.parametrize("last", STEPS)
def test_whichever_step_is_the_last_takes_the_completion_down_once(course, learner, last):
    for step in STEPS.keys() - {last}:
        STEPS[step](course, learner, now=NOON)
    before = days(learner)

    STEPS[last](course, learner, now=after(1))
    read(course, learner, now=after(2))

    assert (before, days(learner)) == ([], [after(1)])
    entries = AuditEntry.objects.filter(event="course.finished")
    assert [(entry.by, entry.about, entry.at) for entry in entries] == [(None, learner, after(1))]


def test_diagnostic_can_be_the_last_step(course, learner):
    diagnostic = DiagnosticFactory(module=course.lesson.module)
    for step in STEPS.values():
        step(course, learner, now=NOON)
    before = days(learner)

    pipeline.answer_diagnostic(diagnostic, answers={"one-of-two": ["that"]}, by=learner, now=after(1))

    assert (before, days(learner)) == ([], [after(1)])


def test_course_is_finished_anew_once_all_that_can_be_passed_is_passed_again_by_new_work(course, learner):
    for step in STEPS.values():
        step(course, learner, now=NOON)

    answer(course, learner, now=after(1))
    answer(course, learner, now=after(2), right=False)
    half = days(learner)
    mark(course, learner, now=after(3), attempt=2)
    whole = days(learner)
    answer(course, learner, now=after(4))

    assert (half, whole) == ([NOON], [NOON, after(3)])
    assert days(learner) == [NOON, after(3)]


def test_new_part_of_the_course_must_be_done_before_it_is_finished_anew(course, learner):
    for step in STEPS.values():
        step(course, learner, now=NOON)
    new = ItemVersionFactory(module=course.lesson.module)
    answer(course, learner, now=after(1))
    mark(course, learner, now=after(1), attempt=2)
    before = days(learner)

    pipeline.complete_item(learner, item=new.item, now=after(2))

    assert (before, days(learner)) == ([NOON], [NOON, after(2)])


def test_pass_that_is_taken_away_takes_the_completion_back_and_one_that_is_given_again_is_another(course, learner):
    read(course, learner, now=NOON)
    answer(course, learner, now=NOON)
    passed = mark(course, learner, now=NOON)

    by, test = PersonFactory(), "test_one"
    failed = pipeline.override_mark(passed, points={test: Decimal(0)}, reason="Copied.", by=by, now=after(1))
    taken = days(learner)
    pipeline.override_mark(failed, points={test: Decimal(4)}, reason="It was not.", by=by, now=after(2))

    assert (taken, days(learner)) == ([], [after(2)])
    assert Completion.objects.filter(learner=learner).count() == 3
    [entry] = AuditEntry.objects.filter(event="completion.taken_back")
    assert (entry.about, entry.at) == (learner, after(1))


def test_another_answer_that_passes_keeps_the_completion(course, learner):
    read(course, learner, now=NOON)
    answer(course, learner, now=NOON)
    passed = mark(course, learner, now=NOON)
    mark(course, learner, now=NOON, attempt=2)

    pipeline.override_mark(passed, points={"test_one": Decimal(0)}, reason="No.", by=PersonFactory(), now=after(1))

    assert days(learner) == [NOON]


def test_pass_of_the_second_time_that_is_taken_away_leaves_the_first_time(course, learner):
    for step in STEPS.values():
        step(course, learner, now=NOON)
    answer(course, learner, now=after(1))
    again = mark(course, learner, now=after(1), attempt=2)
    twice = days(learner)
    ItemVersionFactory(module=course.lesson.module)  # a new part, which they have not done, changes nothing of it

    pipeline.override_mark(again, points={"test_one": Decimal(0)}, reason="No.", by=PersonFactory(), now=after(2))

    assert (twice, days(learner)) == ([NOON, after(1)], [NOON])


def test_who_finished_before_completions_were_taken_down_did_so_on_that_day(course, learner):
    finish(course, learner)  # not all of it through the steps that take completions down
    here = {"course": course.version.course_id, "now": after(9)}

    services.record_earlier_completion(learner, **here)
    services.record_earlier_completion(learner, **here)
    services.record_earlier_completion(learner_of(course), **here)

    assert list(Completion.objects.values_list("learner", "finished_at")) == [(learner.pk, NOON)]


def test_command_takes_down_everybody_who_finished_once(course, learner):
    finish(course, learner)
    learner_of(course)

    call_command("record_completions", stdout=(said := io.StringIO()))
    call_command("record_completions", stdout=said)

    assert said.getvalue().split("\n")[:2] == ["Completions taken down: 1", "Completions taken down: 0"]
    assert days(learner) == [NOON]


def test_completions_are_never_changed(course, learner):
    for step in STEPS.values():
        step(course, learner, now=NOON)

    with pytest.raises(ProgrammingError, match="append_only"):
        Completion.objects.update(finished_at=after(1))
