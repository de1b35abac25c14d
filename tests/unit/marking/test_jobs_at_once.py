"""Several workers at the same moment, each with a connection of its own to PostgreSQL."""

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.marking import JobFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory
from upskill.marking import jobs
from upskill.marking.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 6
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def at_once(work, *, times=WORKERS):
    """What `work` returns in each of several threads that start together."""
    start = threading.Barrier(times)

    def run(number):
        start.wait(timeout=10)
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def all_claims(_number):
    found = []
    while claim := jobs.claim():
        found.append(claim.job_id)
    return found


def test_each_job_is_claimed_exactly_once():
    waiting = [JobFactory().pk for _ in range(24)]

    claimed = at_once(all_claims)

    assert Counter(job for found in claimed for job in found) == dict.fromkeys(waiting, 1)
    assert set(Job.objects.values_list("state", "tries")) == {(Job.State.RUNNING, 1)}


def test_one_job_and_many_workers_end_in_one_claim():
    job = JobFactory()

    claims = at_once(lambda _number: jobs.claim())

    assert [claim.job_id for claim in claims if claim] == [job.pk]


def test_many_workers_never_run_two_jobs_of_one_learner():
    learner = PersonFactory()
    for _ in range(4):
        JobFactory(submission__learner=learner)
    other = JobFactory()

    claims = [claim for claim in at_once(lambda _number: jobs.claim()) if claim]

    running = Job.objects.filter(state=Job.State.RUNNING)
    assert len(claims) == 2
    assert sorted(running.values_list("learner", flat=True)) == sorted([learner.pk, other.learner_id])


def test_several_sweepers_count_one_death_once():
    JobFactory()
    jobs.claim()
    Job.objects.update(lease_until=LONG_AGO)

    at_once(lambda _number: jobs.sweep())

    assert list(Job.objects.values_list("state", "tries")) == [(Job.State.QUEUED, 1)]


def test_a_worker_that_comes_back_from_the_dead_and_its_successor_write_one_result():
    job = JobFactory()
    dead = jobs.claim()
    Job.objects.update(lease_until=LONG_AGO, started_at=LONG_AGO)
    jobs.sweep()
    alive = jobs.claim()
    assert dead
    assert alive

    def finish(number):
        try:
            jobs.finish((dead, alive)[number], state=Job.State.DONE, reason=str(number))
        except jobs.LeaseLost:
            return "lost"
        return "written"

    assert at_once(finish, times=2) == ["lost", "written"]
    job.refresh_from_db()
    assert (job.state, job.reason, job.tries) == (Job.State.DONE, "1", 2)


def test_a_claim_that_is_rolled_back_leaves_the_job_in_the_queue():
    job = JobFactory()

    with transaction.atomic():
        jobs.claim()
        transaction.set_rollback(True)

    job.refresh_from_db()
    assert (job.state, job.tries, job.token) == (Job.State.QUEUED, 0, None)


def test_of_two_jobs_for_one_submission_at_once_one_is_refused():
    submission = SubmissionFactory()

    def enqueue(_number):
        try:
            jobs.enqueue(submission, now=NOON)
        except IntegrityError:
            return "refused"
        return "queued"

    assert sorted(at_once(enqueue, times=2)) == ["queued", "refused"]
    assert Job.objects.count() == 1
