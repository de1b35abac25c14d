"""Whose turn it is: no lane starves, no department waits behind another's crowd, no learner holds two slots."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import factory
import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.db.models.functions import Now
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.catalogue import ExerciseFactory
from tests.factories.marking import JobFactory, MarkFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory, member_of
from upskill.core import heartbeats
from upskill.learning.models import Submission
from upskill.marking import dispatch, jobs
from upskill.marking.models import Job

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def seconds(number: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=number)


def taken(number: int, *, finish: bool = True) -> list[Job]:
    """The next so many jobs, each marked before the next is claimed."""
    found = []
    for _ in range(number):
        claim = jobs.claim()
        assert claim
        if finish:
            jobs.finish(claim, state=Job.State.DONE)
        found.append(Job.objects.get(pk=claim.job_id))
    return found


def seeded(seed: float) -> None:
    """From here on the database's chance is always the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [seed])


def test_departments_take_turns_however_many_of_one_wait():
    crowd = [JobFactory(department="dwp", queued_at=seconds(number)) for number in range(6)]
    quiet = [JobFactory(department=code, queued_at=seconds(100)) for code in ("hmrc", "moj")]

    order = taken(8)

    assert {job.department for job in order[:3]} == {"dwp", "hmrc", "moj"}
    assert order[3:] == crowd[1:]
    assert set(order[:3]) == {crowd[0], *quiet}


def test_the_department_that_was_served_longest_ago_is_next_and_one_never_served_before_all():
    for code, at in (("dwp", seconds(2)), ("hmrc", seconds(1))):
        JobFactory(department=code, state=Job.State.DONE, started_at=at, ended_at=at)
    for code in ("dwp", "hmrc", "moj"):
        JobFactory(department=code)

    assert [job.department for job in taken(3)] == ["moj", "hmrc", "dwp"]


def test_lanes_share_the_time_as_the_settings_say(settings):
    settings.JOB_LANE_SHARES = {"interactive": 3, "deadline": 1, "preview": 1, "regrade": 1}
    for _ in range(60):
        JobFactory(lane=Job.Lane.REGRADE)
        JobFactory(lane=Job.Lane.INTERACTIVE)
    seeded(0.25)

    shares = Counter(job.lane for job in taken(60))

    assert 36 <= shares["interactive"] <= 53  # three of four, and chance
    assert shares["regrade"] == 60 - shares["interactive"]


def test_every_lane_has_a_share():
    assert set(django_settings.JOB_LANE_SHARES) == set(Job.Lane)


def test_a_lane_that_waits_alone_gets_all_the_time():
    regrades = [JobFactory(lane=Job.Lane.REGRADE, queued_at=seconds(number)) for number in range(3)]

    assert taken(3) == regrades


def test_while_one_job_of_a_learner_runs_another_learner_is_next():
    learner = PersonFactory()
    first, second = (JobFactory(submission__learner=learner, queued_at=seconds(number)) for number in range(2))
    other = JobFactory(queued_at=seconds(9))

    claimed = taken(2, finish=False)

    assert (claimed, jobs.claim()) == ([first, other], None)
    Job.objects.filter(pk=first.pk).update(state=Job.State.DONE, token=None, lease_until=None, ended_at=NOON)
    assert taken(1) == [second]


def test_of_several_answers_to_one_exercise_the_newest_is_marked_first_and_all_are():
    learner, exercise = PersonFactory(), ExerciseFactory()
    answers = [
        JobFactory(
            submission=SubmissionFactory(learner=learner, exercise=exercise, attempt=number),
            queued_at=seconds(number),
        )
        for number in (1, 2, 3)
    ]
    elsewhere = JobFactory(submission__learner=learner, queued_at=seconds(0))

    assert taken(4) == [elsewhere, answers[2], answers[1], answers[0]]


def test_a_lane_whose_jobs_are_not_due_gives_its_turn_away(settings):
    settings.JOB_LANE_SHARES = {"interactive": 1_000_000, "deadline": 1, "preview": 1, "regrade": 1}
    busy = PersonFactory()
    JobFactory(submission__learner=busy, state=Job.State.RUNNING, token=uuid.uuid4(), lease_until=NOON)
    JobFactory(submission__learner=busy)
    regrade = JobFactory(lane=Job.Lane.REGRADE)

    assert (taken(1), jobs.claim()) == ([regrade], None)


AT_WORK = {"state": "running", "lease_until": NOON}


@pytest.mark.parametrize(
    ("slots", "kept", "at_work", "next_one"),
    [
        (2, 1, 0, "regrade"),
        (2, 1, 1, None),
        (3, 1, 1, "regrade"),
        (3, 2, 1, None),
        (2, 0, 1, "regrade"),
        (2, 9, 0, "regrade"),  # one slot is everybody's, whatever is kept
        (1, 1, 1, "regrade"),  # nothing is kept of one slot
        (0, 1, 1, "regrade"),
    ],
)
def test_slots_are_kept_for_people_at_a_screen(settings, slots, kept, at_work, next_one):
    settings.JOB_SLOTS_KEPT = kept
    for number in range(slots):
        heartbeats.beat(f"worker@a:{number}", program=heartbeats.WORKER, is_working=True)
    for _ in range(at_work):
        JobFactory(lane=Job.Lane.DEADLINE, token=uuid.uuid4(), **AT_WORK)
    JobFactory(lane=Job.Lane.INTERACTIVE, token=uuid.uuid4(), **AT_WORK)  # takes no slot from the others
    JobFactory(lane=Job.Lane.REGRADE)

    claim = jobs.claim()

    assert (claim and Job.objects.get(pk=claim.job_id).lane) == next_one


def test_people_at_a_screen_get_every_slot():
    heartbeats.beat("worker@a:1", program=heartbeats.WORKER, is_working=True)
    heartbeats.beat("worker@a:2", program=heartbeats.WORKER, is_working=True)
    JobFactory(lane=Job.Lane.REGRADE, token=uuid.uuid4(), **AT_WORK)
    JobFactory(lane=Job.Lane.REGRADE)
    at_screen = [JobFactory(queued_at=seconds(number)) for number in range(2)]

    assert taken(2, finish=False) == at_screen


def test_whose_turn_it_is_takes_two_queries_for_one_and_for_many(django_assert_num_queries):
    JobFactory()
    with django_assert_num_queries(2):
        dispatch.next_job()
    for number in range(12):
        JobFactory(department=f"d{number % 4}", lane=list(Job.Lane)[number % 2])
    with django_assert_num_queries(2):
        dispatch.next_job()


# --- a long queue that PostgreSQL knows nothing of ---


def rows_looked_at(ask: Callable[[], object]) -> list[int]:
    """For each query, the rows of the queue that PostgreSQL looked at, whether or not it took them."""
    plans: list[dict] = []

    def explained(execute: Callable[..., Any], sql: str, params: Any, *more: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
                plans.append(cursor.fetchone()[0][0]["Plan"])
        return execute(sql, params, *more)

    with connection.execute_wrapper(explained):
        ask()
    return [sum(map(looked_at, steps(plan))) for plan in plans]


def steps(plan: dict) -> Iterator[dict]:
    yield plan
    for part in plan.get("Plans", []):
        yield from steps(part)


def looked_at(step: dict) -> int:
    if step.get("Relation Name") != "marking_job":
        return 0
    left_out = sum(step.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
    return round((step["Actual Rows"] + left_out) * step["Actual Loops"])


def counted(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")


@pytest.fixture(params=["early", "between", "last"])
def flood(request) -> Job:
    """A long past, and then 2,000 that wait and one of a quiet department; PostgreSQL counted them early or late."""
    if request.param == "early":
        counted("learning_submission")
    people, done = PersonFactory.create_batch(200), SubmissionFactory()
    past = {"submission": done, "department": "dwp", "queued_at": NOON, "state": Job.State.DONE}
    Job.objects.bulk_create(
        Job(**past, learner=people[number % 200], started_at=seconds(number), ended_at=seconds(number))
        for number in range(2000)
    )
    counted("marking_job" if request.param == "early" else "marking_job, learning_submission")
    of = {"learner": factory.Iterator(people), "exercise": done.exercise, "blob_id": done.blob_id}
    answers = Submission.objects.bulk_create(SubmissionFactory.build_batch(2000, **of))
    Job.objects.bulk_create(
        Job(submission=answer, learner=answer.learner, department="dwp", lane=lane, queued_at=NOON)
        for answer, lane in zip(answers, cycle([Job.Lane.INTERACTIVE, Job.Lane.REGRADE]))
    )
    quiet = JobFactory(department="moj", queued_at=seconds(9))
    if request.param == "last":
        counted("marking_job, learning_submission")
    return quiet


@pytest.mark.faults
def test_whose_turn_it_is_is_found_without_looking_through_what_waits(flood):
    looked = rows_looked_at(dispatch.next_job)

    assert [number < 200 for number in looked] == [True, True], looked


@pytest.mark.faults
def test_a_lane_is_chosen_without_looking_through_what_waits(flood):
    assert rows_looked_at(lambda: dispatch.lane_of_person("dwp")) == [dispatch.RUSH]
    assert rows_looked_at(lambda: dispatch.lane_of_person("moj")) == [1]


@pytest.mark.faults
def test_a_place_is_counted_without_looking_through_what_waits(flood, monkeypatch):
    monkeypatch.setattr(dispatch, "MOST_COUNTED", 10)

    (looked,) = rows_looked_at(lambda: dispatch.place(flood, slots=2))

    assert looked < 200


# --- the lane of an answer ---


def test_a_job_knows_the_learner_and_the_department_of_its_answer():
    learner = member_of("dwp")

    job = jobs.enqueue(SubmissionFactory(learner=learner), now=NOON)
    again = jobs.enqueue_rerun(MarkFactory(submission__learner=learner), by=learner, now=NOON)

    assert [(each.learner, each.department) for each in (job, again)] == [(learner, "dwp")] * 2


def test_when_very_many_of_one_department_hand_in_the_next_goes_to_the_lane_for_that(monkeypatch):
    monkeypatch.setattr(dispatch, "RUSH", 2)
    for _ in range(2):
        JobFactory(department="dwp")

    lanes = [jobs.enqueue(SubmissionFactory(learner=member_of(code)), now=NOON).lane for code in ("dwp", "moj")]

    assert lanes == [Job.Lane.DEADLINE, Job.Lane.INTERACTIVE]


# --- the place in the queue ---


def test_a_place_counts_the_own_department_and_the_turns_of_others(settings):
    settings.JOB_LANE_SHARES = {"interactive": 2, "deadline": 1, "preview": 1, "regrade": 2}
    for number in range(4):
        JobFactory(state=Job.State.DONE, started_at=seconds(number), ended_at=seconds(number + 3))
    Job.objects.update(ended_at=Now(), started_at=Now() - dt.timedelta(seconds=3))
    for number in range(5):
        JobFactory(department="dwp", queued_at=seconds(number))
    mine = JobFactory(department="moj", queued_at=seconds(9))
    JobFactory(department="moj", queued_at=seconds(8))
    JobFactory(department="moj", queued_at=seconds(10))
    JobFactory(lane=Job.Lane.REGRADE)

    place = dispatch.place(mine, slots=2)

    # One of the own department and two turns of the other are before it; each takes 3 seconds, twice as long as the
    # other lane has its share, on two slots.
    assert place == dispatch.Place(ahead=3, wait=dt.timedelta(seconds=3 * 2 * 4 / 2))


def test_a_place_in_another_lane_counts_only_the_slots_that_are_not_kept(settings):
    settings.JOB_SLOTS_KEPT = 1
    JobFactory(state=Job.State.DONE, ended_at=NOON)
    Job.objects.update(ended_at=Now(), started_at=Now() - dt.timedelta(seconds=3))
    mine = JobFactory(lane=Job.Lane.DEADLINE)

    waits = [getattr(dispatch.place(mine, slots=slots), "wait", None) for slots in (1, 2, 4)]

    assert waits == [dt.timedelta(seconds=3), dt.timedelta(seconds=3), dt.timedelta(seconds=1)]


def test_of_ones_own_answers_to_one_exercise_the_newest_has_the_first_place_where_the_oldest_stands():
    learner, exercise = PersonFactory(), ExerciseFactory()
    first, other, second = (
        JobFactory(
            submission=SubmissionFactory(learner=person, exercise=exercise, attempt=attempt), queued_at=seconds(place)
        )
        for place, (person, attempt) in enumerate([(learner, 1), (PersonFactory(), 1), (learner, 2)])
    )

    places = {job: getattr(dispatch.place(job, slots=1), "ahead", None) for job in (first, other, second)}

    assert places == {second: 0, first: 1, other: 1}
    assert taken(3) == [second, first, other]


def test_a_place_without_slots_or_experience_has_no_time_and_a_job_at_work_no_place():
    waiting, running = JobFactory(), JobFactory(state=Job.State.RUNNING, token=uuid.uuid4(), lease_until=NOON)

    assert dispatch.place(waiting, slots=2) == dispatch.Place(ahead=0, wait=None)
    assert dispatch.place(waiting, slots=0) == dispatch.Place(ahead=0, wait=None)
    assert dispatch.place(running, slots=2) is None


def test_far_back_a_place_is_no_longer_counted(monkeypatch):
    monkeypatch.setattr(dispatch, "MOST_COUNTED", 3)
    for number in range(5):
        JobFactory(queued_at=seconds(number))

    place = dispatch.place(JobFactory(queued_at=seconds(9)), slots=1)

    assert place
    assert place.ahead == 3


# --- against the rules in plain words ---

JOBS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.integers(0, 5), st.sampled_from(["queued", "running"])),
    max_size=7,
)


def expected(world: list[Job], began: dict[str, dt.datetime]) -> Job | None:
    """The job that the rules name, with one lane and one exercise each."""
    busy = {job.learner_id for job in world if job.state == Job.State.RUNNING}
    due = [job for job in world if job.state == Job.State.QUEUED and job.learner_id not in busy]
    if not due:
        return None
    first = min({job.department for job in due}, key=lambda code: (began.get(code, LONG_AGO), code))
    return min((job for job in due if job.department == first), key=lambda job: (job.queued_at, job.pk))


class RulesInPlainWords(TestCase):
    """What the query gives is what the rules say, whatever waits and runs."""

    @settings(max_examples=40, deadline=None)
    @given(JOBS)
    def test_the_query_gives_the_job_that_the_rules_name(self, rows):
        people = [PersonFactory() for _ in range(3)]
        world: list[Any] = []
        running: set[int] = set()
        began: dict[str, dt.datetime] = {}
        for number, (code, person, queued, state) in enumerate(rows):
            runs = state == "running" and person not in running
            running |= {person} if runs else set()
            at_work = {"state": "running", "token": uuid.uuid4(), "lease_until": NOON, "started_at": seconds(number)}
            job = JobFactory(
                submission__learner=people[person],
                department=code,
                queued_at=seconds(queued),
                **(at_work if runs else {}),
            )
            began |= {code: seconds(number)} if runs else {}
            world.append(job)

        wanted = expected(world, began)
        with transaction.atomic():
            assert dispatch.next_job() == (wanted.pk if wanted else None)
