"""The benches on a stack of their own, but for the stack: arithmetic, the course, and the rows that a past leaves."""

import json
import re

import pytest
from django.db import connection
from django.db.models import Count, F, Max
from django.utils import timezone

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import EvidenceFactory, MarkFactory
from tests.factories.people import NOON, OrganisationFactory, member_of
from tests.repository.tree import text_of
from upskill.catalogue.course_files.library import read_library
from upskill.core import audit
from upskill.core.models import AuditEntry
from upskill.learning.models import Enrolment, ItemProgress, Submission
from upskill.management.bench_stack import course, earlier, figures, flood, learner, outcome, promises
from upskill.management.bench_stack.promises import Promise
from upskill.marking.models import CheckMark, Job, Mark
from upskill.people.queries import department_of

ANSWER = learner.Answer("a1", points=6.0, handed_in=0.1, seen=0.5)

# --- arithmetic ------------------------------------------------------------------------------------------------------


def test_spread_is_the_middle_what_nineteen_of_twenty_keep_and_the_worst():
    seconds = [float(number) for number in range(20, 0, -1)]

    assert figures.spread(seconds) == {"number": 20, "median": 10.5, "p95": 19.0, "worst": 20.0}


def test_spread_of_nothing_has_no_figure():
    assert figures.spread([]) == {"number": 0, "median": None, "p95": None, "worst": None}


@pytest.mark.parametrize(("after", "before", "found"), [(3.0, 2.0, 1.5), (None, 2.0, None), (3.0, 0.0, None)])
def test_times_as_much_is_known_only_where_both_are(after, before, found):
    assert figures.times(after, before) == found


@pytest.mark.parametrize(
    ("promise", "is_kept"),
    [
        (Promise("seconds", 0.7, 0.7), True),
        (Promise("seconds", 0.71, 0.7), False),
        (Promise("marks", 10, 10, at_least=True), True),
        (Promise("marks", 9.9, 10, at_least=True), False),
        (Promise("seconds", None, 0.7), False),
    ],
    ids=["at most", "too much", "at least", "too little", "not measured"],
)
def test_promise_is_kept_by_a_figure_within_its_limit_only(promise, is_kept):
    assert promise.is_kept is is_kept


def measured(median: float, *, per_second: float = 11.0) -> dict:
    idle = {"click_to_mark": {"number": 9, "median": median, "p95": 2 * median, "worst": 3 * median}}
    return {"idle": idle, "busy": {"per_second": per_second}}


def test_what_was_not_measured_is_no_promise_of_the_run():
    assert [promise.figure for promise in promises.of_marking(measured(0.5))] == [0.5, 1.0, 11.0]


def test_past_and_flood_are_held_against_the_idle_site_before():
    history = {"times": {"median": 1.1, "p95": 1.3}, "times_per_second": 0.9}

    found = promises.of_marking(measured(0.5) | {"history": history, "flood": measured(0.9)})

    assert [promise.figure for promise in found] == [0.5, 1.0, 11.0, 1.1, 0.9, 1.8]
    assert [promise.is_kept for promise in found] == [True] * 6


# --- what is handed in, and what is looked at -------------------------------------------------------------------------


def test_learner_polls_as_the_script_of_the_page_does():
    steps = re.search(r"const STEPS = (\[\[.*\]\]);", text_of("frontend/js/poll.js"))
    assert steps
    said = json.loads(steps[1].replace("_", ""))

    assert [[until * 1000, every * 1000] for until, every in learner.POLL_STEPS] == said
    assert [learner.pause(age) for age in (0, 2.9, 3, 29, 30, 3000)] == [0.25, 0.25, 1, 1, 5, 5]


def test_course_of_the_bench_is_one_that_authors_could_have_written(tmp_path):
    course.write(tmp_path)

    library = read_library([tmp_path])

    assert {folder.name: str(error) for folder, error in library.refused.items()} == {}
    (module,) = library.courses[0].modules
    assert [item.slug for item in module.items] == [course.LESSON, course.QUIZ, course.EXERCISE]


def test_no_two_answers_are_the_same_and_the_wrong_one_gives_the_chart_no_title():
    solution = 'figure, chart = plt.subplots()\nchart.set_title("Books lent")'

    assert course.answer(solution, named="7, 0", is_right=True) == (
        b'figure, chart = plt.subplots()  # 7, 0\nchart.set_title("Books lent")'
    )
    assert course.answer(solution, named="7, 1", is_right=False) == (
        b'figure, chart = plt.subplots()  # 7, 1\nchart.set_xlabel("Books lent")'
    )


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (["done", [6]], ""),
        (None, "The answer a1 was taken and is not there."),
        (["done", [8]], "The answer a1 deserves 6 points; its job is done, its marks [8.0]."),
        (["done", [6, 6]], "The answer a1 deserves 6 points; its job is done, its marks [6.0, 6.0]."),
        (["failed_ours", []], "The answer a1 deserves 6 points; its job is failed_ours, its marks []."),
    ],
    ids=["right", "lost", "wrong points", "two marks", "no mark"],
)
def test_answer_without_its_one_right_mark_is_named(found, sentence):
    assert outcome.what_is_wrong(ANSWER, found) == sentence


# --- the rows of a past and of a flood --------------------------------------------------------------------------------


@pytest.fixture
def passed(db) -> Mark:
    """An answer that passed, of somebody in the crowd, with all that it left."""
    learner = member_of("crowd-0")
    OrganisationFactory(code="crowd-1", path="crowd-1/")
    exercise = ExerciseFactory()
    Enrolment.objects.create(learner=learner, course=exercise.item_version.item.course, enrolled_at=NOON)
    ItemProgress.objects.create(learner=learner, item=exercise.item_version.item, opened_at=NOON, last_seen_at=NOON)
    mark = MarkFactory(submission__learner=learner, submission__exercise=exercise)
    EvidenceFactory(learner=learner, mark=mark)
    audit.record("submission.received", subject=mark.submission, by=learner, at=NOON, about=learner)
    audit.record("mark.given", subject=mark, by=None, at=NOON, about=learner, points="4")
    return mark


def hold_the_rules() -> None:
    """Have PostgreSQL check what it would check at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_past_leaves_for_each_answer_what_the_first_one_left(passed, monkeypatch):
    monkeypatch.setattr(earlier, "AT_A_TIME", 20)

    people = earlier.Earlier(passed, number=45).add()

    hold_the_rules()
    past = Submission.objects.exclude(pk=passed.submission_id)
    assert (people, past.count(), past.values("blob").distinct().count()) == (3, 45, 45)
    assert past.filter(jobs__state="done", jobs__learner=F("learner"), marks__passed=True).count() == 45
    assert past.filter(marks__evidence__learner=F("learner")).count() == 45
    assert CheckMark.objects.filter(mark__submission__in=past).count() == 90
    told = AuditEntry.objects.filter(subject_kind="learning.submission", about__submissions__in=past).distinct()
    assert {int(entry.subject_id) for entry in told} == set(past.values_list("pk", flat=True))
    marked = AuditEntry.objects.filter(event="mark.given").exclude(about=passed.submission.learner)
    assert {int(entry.subject_id) for entry in marked} == set(
        Mark.objects.filter(submission__in=past).values_list("pk", flat=True)
    )


def test_past_is_of_twenty_answers_a_learner_who_works_where_the_queue_says(passed):
    earlier.Earlier(passed, number=40).add()

    past = Submission.objects.exclude(pk=passed.submission_id)
    of_each = past.values("learner").annotate(number=Count("pk"), last=Max("attempt"))
    assert [(row["number"], row["last"]) for row in of_each] == [(20, 20), (20, 20)]
    jobs = Job.objects.filter(submission__in=past)
    assert {job.department for job in jobs} == {"crowd-0", "crowd-1"}
    assert {job.department == department_of(job.learner, on=timezone.localdate()) for job in jobs} == {True}


def test_new_answers_go_on_after_a_past(passed):
    earlier.Earlier(passed, number=5).add()

    new = MarkFactory(submission__learner=passed.submission.learner)

    assert new.pk > Mark.objects.exclude(pk=new.pk).aggregate(last=Max("pk"))["last"]


def test_flood_queues_regrades_of_what_is_marked_and_a_rush_in_the_lanes_that_a_rush_gets(passed):
    made = flood.make(30, 60)

    hold_the_rules()
    queued = Job.objects.filter(state=Job.State.QUEUED)
    lanes = queued.order_by("lane").values_list("lane").annotate(Count("pk"))
    assert made == {"regrades": 30, "rush": 60}
    assert list(lanes) == [("deadline", 10), ("interactive", 50), ("regrade", 30)]
    assert (
        queued.filter(lane="regrade", submission__marks__passed=True, rerun_of__submission=F("submission")).count()
        == 30
    )
    rush = queued.exclude(lane="regrade")
    assert set(rush.values_list("department", flat=True)) == {"rush"}
    assert rush.values("learner").distinct().count() == 60
    assert set(queued.values_list("submission__blob", flat=True)) == {passed.submission.blob_id}
