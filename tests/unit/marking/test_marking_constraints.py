"""What PostgreSQL itself refuses of jobs and marks, whoever asks."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError, ProgrammingError

from tests.factories.marking import (
    DoneJobFactory,
    JobFactory,
    MarkFactory,
    RegradeFactory,
    RegradeJobFactory,
    RerunFactory,
    RerunJobFactory,
    ReviewDecisionFactory,
    ReviewFactory,
    SubmissionFactory,
)
from tests.factories.people import NOON, PersonFactory
from upskill.marking.models import CheckMark, Job, Mark, Rerun, Review, ReviewDecision

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


# --- reruns ----------------------------------------------------------------------------------------------------------


def test_a_mark_is_made_again_once_at_a_time():
    mark = RerunJobFactory().rerun_of

    with refused("job_one_rerun_at_a_time"):
        RerunJobFactory(rerun_of=mark)


def test_a_rerun_does_not_keep_its_submission_from_being_marked():
    mark = MarkFactory()

    RerunJobFactory(rerun_of=mark)
    JobFactory(submission=mark.submission, lane=Job.Lane.REGRADE)

    assert sorted(mark.submission.jobs.values_list("lane", "state")) == [
        ("interactive", "done"),
        ("preview", "queued"),
        ("regrade", "queued"),
    ]


@pytest.mark.parametrize(("lane", "is_rerun"), [("preview", False), ("interactive", True), ("regrade", True)])
def test_a_rerun_is_in_the_lane_of_reruns_and_no_other_job_is(lane, is_rerun):
    mark = MarkFactory()

    with refused("job_preview_is_a_rerun"):
        JobFactory(submission=mark.submission, lane=lane, rerun_of=mark if is_rerun else None)


@pytest.mark.parametrize(("lane", "is_rerun"), [("preview", True), ("interactive", True), ("regrade", False)])
def test_a_job_of_a_regrade_is_a_rerun_in_the_lane_of_regrades(lane, is_rerun):
    mark = MarkFactory()

    with refused("job_preview_is_a_rerun"):
        JobFactory(submission=mark.submission, lane=lane, rerun_of=mark if is_rerun else None, regrade=RegradeFactory())


def test_a_rerun_that_differs_says_in_what():
    with refused("rerun_says_what_differs"):
        RerunFactory(is_same=False, differences=[])


def test_a_job_has_one_result():
    rerun = RerunFactory()

    with refused("marking_rerun_job_id"):
        RerunFactory(job=rerun.job, mark=rerun.mark)


# --- regrades --------------------------------------------------------------------------------------------------------


def test_a_mark_is_made_again_once_in_a_regrade_and_as_often_as_there_are_regrades():
    job = RegradeJobFactory(state=Job.State.DONE, ended_at=NOON)

    RegradeJobFactory(rerun_of=job.rerun_of)
    RerunJobFactory(rerun_of=job.rerun_of)
    with refused("job_once_in_a_regrade"):
        RegradeJobFactory(regrade=job.regrade, rerun_of=job.rerun_of)


@pytest.mark.parametrize("factory", [JobFactory, RerunJobFactory])
def test_only_jobs_of_a_regrade_are_paused(factory):
    with refused("job_paused_with_its_regrade"):
        factory(state=Job.State.PAUSED)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"ended_at": NOON}, "job_ended_when_over"),
        ({"token": uuid.uuid4(), "lease_until": NOON}, "job_running_has_lease"),
    ],
    ids=["ended", "with a lease"],
)
def test_a_paused_job_is_neither_over_nor_held(fields, constraint):
    with refused(constraint):
        RegradeJobFactory(state=Job.State.PAUSED, **fields)


def test_a_regrade_says_why():
    with refused("regrade_has_reason"):
        RegradeFactory(reason="")


def test_an_exercise_has_one_regrade_that_may_go_on():
    first = RegradeFactory()
    RegradeFactory(newest=first.newest, ended_at=NOON)

    with refused("regrade_one_of_an_exercise"):
        RegradeFactory(newest=first.newest)


@pytest.mark.parametrize("missing", ["in_effect", "points", "passes"])
def test_what_a_mark_becomes_is_said_whole(missing):
    given = {"points": 4, "passes": True, "in_effect": MarkFactory()} | {missing: None}

    with refused("rerun_gives_a_whole_mark"):
        RerunFactory(**given)


# --- reviews ---------------------------------------------------------------------------------------------------------


def test_a_mark_is_reviewed_once():
    review = ReviewFactory()

    with refused("marking_review_mark_id"):
        ReviewFactory(mark=review.mark)


def test_a_review_is_decided_once():
    decision = ReviewDecisionFactory()

    with refused("marking_reviewdecision_review_id"):
        ReviewDecisionFactory(review=decision.review)


def test_a_mark_settles_one_review():
    new = MarkFactory()
    ReviewDecisionFactory(outcome="changed", new_mark=new)

    with refused("marking_reviewdecision_new_mark_id"):
        ReviewDecisionFactory(outcome="changed", new_mark=new)


@pytest.mark.parametrize(
    ("factory", "constraint"),
    [(ReviewFactory, "review_has_reason"), (ReviewDecisionFactory, "review_decision_has_reason")],
)
def test_a_review_and_its_decision_say_why(factory, constraint):
    with refused(constraint):
        factory(reason="")


@pytest.mark.parametrize(("outcome", "has_mark"), [("changed", False), ("upheld", True), ("forgotten", False)])
def test_a_decision_has_a_new_mark_exactly_when_it_changes_one(outcome, has_mark):
    new = MarkFactory() if has_mark else None

    with refused("review_decision_changed_has_mark"):
        ReviewDecisionFactory(outcome=outcome, new_mark=new)


@pytest.mark.parametrize(
    ("model", "factory"), [(Review, ReviewFactory), (ReviewDecision, ReviewDecisionFactory), (Rerun, RerunFactory)]
)
@pytest.mark.parametrize("act", ["change", "delete"])
def test_reviews_decisions_and_reruns_are_never_changed_or_deleted(model, factory, act):
    field = {"is_same": False, "differences": ["x"]} if model is Rerun else {"reason": "Other words."}
    factory()
    before = list(model.objects.values())

    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
        model.objects.update(**field) if act == "change" else model.objects.all()._raw_delete("default")

    assert list(model.objects.values()) == before
