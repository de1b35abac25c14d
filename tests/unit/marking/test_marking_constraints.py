"""What PostgreSQL itself refuses of jobs and marks, whoever asks."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError, ProgrammingError

from tests.factories.marking import DoneJobFactory, JobFactory, MarkFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory
from upskill.marking.models import CheckMark, Job, Mark

pytestmark = pytest.mark.django_db


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_submission_has_one_open_job_at_a_time():
    submission = JobFactory().submission

    with refused("job_one_open_per_submission"):
        JobFactory(submission=submission)


def test_a_submission_may_have_many_jobs_that_have_ended():
    submission = SubmissionFactory()

    DoneJobFactory(submission=submission)
    DoneJobFactory(submission=submission)
    JobFactory(submission=submission)

    assert submission.jobs.count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "running"},
        {"state": "running", "token": uuid.uuid4()},
        {"state": "running", "lease_until": NOON},
        {"state": "queued", "token": uuid.uuid4()},
        {"state": "queued", "lease_until": NOON},
        {"state": "done", "ended_at": NOON, "token": uuid.uuid4(), "lease_until": NOON},
    ],
)
def test_a_job_has_token_and_lease_exactly_while_it_runs(fields):
    with refused("job_running_has_lease"):
        JobFactory(**fields)


@pytest.mark.parametrize(
    "fields",
    [{"state": "done"}, {"state": "refused"}, {"state": "failed_ours"}, {"state": "queued", "ended_at": NOON}],
)
def test_a_job_has_an_end_exactly_when_it_is_over(fields):
    with refused("job_ended_when_over"):
        JobFactory(**fields)


@pytest.mark.parametrize(
    "fields", [{"points": -1}, {"points": 5, "max_points": 4}, {"waiting_points": -1, "points": 0, "max_points": 0}]
)
def test_points_of_a_mark_are_within_what_it_offers(fields):
    whole = {"points": 1, "max_points": 4, "waiting_points": 0} | fields

    with refused("mark_points_in_range"):
        Mark.objects.create(submission=SubmissionFactory(), passed=False, marked_at=NOON, **whole)


def test_a_person_who_gives_a_mark_says_why():
    with refused("mark_by_person_has_reason"):
        MarkFactory(given_by=PersonFactory(), reason="")


def test_a_submission_has_one_first_mark():
    mark = MarkFactory()

    with refused("mark_one_first_per_submission"):
        MarkFactory(submission=mark.submission)


def test_a_mark_is_replaced_once():
    first = MarkFactory()
    MarkFactory(submission=first.submission, replaces=first)

    with refused("replaces_id"):
        MarkFactory(submission=first.submission, replaces=first)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "waiting", "points": 1},
        {"status": "passed", "points": None},
        {"status": "passed", "points": 5},
        {"status": "failed", "points": -1},
    ],
)
def test_a_check_has_points_exactly_when_it_is_decided_and_within_its_range(fields):
    with refused("check_mark_points_in_range"):
        CheckMark.objects.create(mark=MarkFactory(), slug="new", position=9, title="New", max_points=4, **fields)


def test_a_check_is_in_a_mark_once():
    with refused("check_mark_once"):
        CheckMark.objects.create(
            mark=MarkFactory(), slug="test_one", position=9, title="One", max_points=4, status="waiting"
        )


@pytest.mark.parametrize("model", [Mark, CheckMark])
@pytest.mark.parametrize("act", ["change", "delete"])
def test_marks_and_their_checks_are_never_changed_or_deleted(model, act):
    MarkFactory(points=2)
    before = list(model.objects.values())

    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
        model.objects.update(max_points=9) if act == "change" else model.objects.all()._raw_delete("default")

    assert list(model.objects.values()) == before


def test_a_submission_with_a_job_cannot_be_deleted():
    job = JobFactory()

    with pytest.raises(DatabaseError), transaction.atomic():
        job.submission.__class__.objects.all()._raw_delete("default")

    assert Job.objects.count() == 1
