"""The queue: claims, leases, and what comes back when a worker dies."""

import datetime as dt
import uuid

import pytest
from django.db.models.functions import Now

from tests.factories.marking import DoneJobFactory, JobFactory, SubmissionFactory
from tests.factories.people import NOON
from upskill.core.models import AuditEntry
from upskill.marking import jobs
from upskill.marking.jobs import Claim, LeaseLost
from upskill.marking.models import Job

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def claimed() -> Claim:
    claim = jobs.claim()
    assert claim
    return claim


def lease_runs_out(**more):
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=LONG_AGO, **more)


def state(job: Job) -> tuple:
    job.refresh_from_db()
    return (job.state, job.token, job.lease_until, job.ended_at is None)


def test_enqueue_writes_a_queued_job_that_nobody_holds():
    submission = SubmissionFactory()

    job = jobs.enqueue(submission, now=NOON)

    assert (job.submission, job.lane, job.tries, job.queued_at) == (submission, Job.Lane.INTERACTIVE, 0, NOON)
    assert state(job) == (Job.State.QUEUED, None, None, True)
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.by, entry.about) == ("job.queued", None, submission.learner)


def test_claim_gives_a_token_and_a_lease_on_the_databases_clock(settings):
    settings.JOB_LEASE_SECONDS = 15
    job = JobFactory()

    claim = claimed()

    now = Job.objects.annotate(now=Now()).values_list("now", flat=True).get()
    job.refresh_from_db()
    assert (claim.job_id, claim.submission_id, claim.token) == (job.pk, job.submission_id, job.token)
    assert (job.state, job.tries) == (Job.State.RUNNING, 1)
    assert job.lease_until is not None
    assert dt.timedelta(seconds=14) < job.lease_until - now <= dt.timedelta(seconds=15)


def test_claim_without_work_is_none():
    DoneJobFactory()
    JobFactory(state=Job.State.RUNNING, token=uuid.uuid4(), lease_until=NOON)

    assert jobs.claim() is None


def test_jobs_of_one_moment_are_claimed_in_the_order_in_which_they_came():
    waiting = [JobFactory() for _ in range(3)]

    assert [claimed().job_id for _ in waiting] == [job.pk for job in waiting]


def test_a_job_that_failed_rests_longer_each_time_and_lets_others_pass():
    failed, fresh = JobFactory(), JobFactory(queued_at=NOON + dt.timedelta(hours=1))
    jobs.give_back(claimed(), reason="The disk was full.")

    assert claimed().job_id == fresh.pk
    assert jobs.claim() is None
    for seconds, due in ((3.4, False), (10.6, True)):
        Job.objects.filter(pk=failed.pk).update(started_at=Now() - dt.timedelta(seconds=seconds))
        assert (jobs.claim() is not None) is due
    again = {"state": Job.State.QUEUED, "token": None, "lease_until": None}
    Job.objects.filter(pk=failed.pk).update(**again, started_at=Now() - dt.timedelta(seconds=6.9))
    assert jobs.claim() is None


def test_jobs_that_fail_together_are_not_all_tried_again_together():
    for _ in range(8):
        JobFactory(state=Job.State.QUEUED, tries=1)
    Job.objects.update(started_at=Now() - dt.timedelta(seconds=7))

    due = 0
    while jobs.claim():
        due += 1

    assert 0 < due < 8


def test_a_job_that_failed_and_was_then_handed_back_is_due_again_after_its_rest():
    job = JobFactory()
    jobs.give_back(claimed(), reason="The disk was full.")
    Job.objects.update(started_at=LONG_AGO)

    jobs.hand_back(claimed())

    job.refresh_from_db()
    assert (job.state, job.tries) == (Job.State.QUEUED, 1)
    assert jobs.claim() is None
    Job.objects.update(started_at=LONG_AGO)
    assert claimed().job_id == job.pk


def test_a_job_that_somebody_else_has_now_cannot_be_handed_back():
    JobFactory()
    claim = claimed()
    Job.objects.update(token=uuid.uuid4())

    with pytest.raises(LeaseLost):
        jobs.hand_back(claim)


def test_renew_pushes_the_lease_on():
    job = JobFactory()
    claim = claimed()
    lease_runs_out()

    jobs.renew(claim)

    job.refresh_from_db()
    assert job.lease_until is not None
    assert job.lease_until > LONG_AGO
    assert jobs.sweep() == 0


def test_finish_ends_the_job_with_its_state_and_reason():
    job = JobFactory()

    jobs.finish(claimed(), state=Job.State.REFUSED, reason="Download it again.")

    assert state(job) == (Job.State.REFUSED, None, None, False)
    assert job.reason == "Download it again."


@pytest.mark.parametrize("act", ["renew", "finish", "give_back"])
def test_whoever_lost_the_lease_can_do_nothing(act):
    job = JobFactory()
    lost = claimed()
    lease_runs_out(started_at=LONG_AGO)
    jobs.sweep()
    new = claimed()
    acts = {
        "renew": lambda: jobs.renew(lost),
        "finish": lambda: jobs.finish(lost, state=Job.State.DONE),
        "give_back": lambda: jobs.give_back(lost, reason="Hm."),
    }

    with pytest.raises(LeaseLost):
        acts[act]()

    job.refresh_from_db()
    assert (job.state, job.token, job.tries) == (Job.State.RUNNING, new.token, 2)


@pytest.mark.parametrize("act", ["renew", "finish"])
def test_a_job_that_has_ended_takes_no_second_result(act):
    job = JobFactory()
    claim = claimed()
    jobs.finish(claim, state=Job.State.DONE)
    before = state(job)

    with pytest.raises(LeaseLost):
        jobs.renew(claim) if act == "renew" else jobs.finish(claim, state=Job.State.REFUSED)

    assert state(job) == before


def test_give_back_queues_again_with_the_reason_for_operators(caplog):
    job = JobFactory()

    assert jobs.give_back(claimed(), reason="The engine ended.") == Job.State.QUEUED

    assert state(job) == (Job.State.QUEUED, None, None, True)
    assert (job.reason, job.tries) == ("The engine ended.", 1)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_give_back_after_the_last_try_buries_the_job_and_operators_read_it(settings, caplog):
    settings.JOB_MAX_TRIES = 5
    job = JobFactory(tries=4, started_at=LONG_AGO)

    assert jobs.give_back(claimed(), reason="The engine ended.") == Job.State.FAILED_OURS

    assert state(job) == (Job.State.FAILED_OURS, None, None, False)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert f"Job {job.pk} is failed_ours after try 5: The engine ended." in caplog.text


def test_sweep_takes_back_only_what_ran_out_and_counts_what_waits():
    dead, alive, waiting = JobFactory(), JobFactory(), JobFactory()
    claimed()
    lease_runs_out()
    claimed()

    assert jobs.sweep() == 2

    assert state(dead)[0] == Job.State.QUEUED
    assert state(alive)[0] == Job.State.RUNNING
    assert state(waiting)[0] == Job.State.QUEUED


def test_sweep_is_safe_to_repeat():
    JobFactory()
    claimed()
    lease_runs_out()

    assert [jobs.sweep(), jobs.sweep()] == [1, 1]

    assert Job.objects.get().tries == 1


def test_sweep_buries_what_five_workers_died_of():
    job = JobFactory()
    for _ in range(5):
        Job.objects.update(started_at=LONG_AGO)
        claimed()
        lease_runs_out()
        jobs.sweep()

    assert state(job) == (Job.State.FAILED_OURS, None, None, False)
    assert job.reason == "The worker that marked this stopped before it was done. Its log says why."
    assert jobs.claim() is None
