"""The queue as operators see it: figures, nobody's name or work."""

import datetime as dt
import uuid

import pytest

from tests.factories.marking import DoneJobFactory, JobFactory, MarkFactory
from tests.factories.people import NOON, PersonFactory
from upskill.marking import queue
from upskill.marking.models import Job
from upskill.marking.queue import QueueLine

pytestmark = pytest.mark.django_db


def minutes(n: int) -> dt.datetime:
    return NOON + dt.timedelta(minutes=n)


def stopped(**fields) -> Job:
    return JobFactory(**{"state": Job.State.FAILED_OURS, "ended_at": NOON, "reason": "It broke", **fields})


def test_lines_count_by_state_and_lane_with_the_oldest_and_without_the_probe(django_assert_num_queries):
    JobFactory(queued_at=minutes(2))
    JobFactory(queued_at=minutes(1))
    JobFactory(lane=Job.Lane.REGRADE, queued_at=minutes(3))
    JobFactory(
        state=Job.State.RUNNING, token=uuid.uuid4(), lease_until=minutes(9), queued_at=NOON, started_at=minutes(4)
    )
    JobFactory(lane=Job.Lane.PREVIEW, rerun_of=MarkFactory(), queued_at=minutes(5))
    stopped(queued_at=minutes(6))
    JobFactory(submission__learner=PersonFactory(email=None, is_probe=True), queued_at=NOON)
    DoneJobFactory()

    with django_assert_num_queries(1):
        lines = queue.lines()

    assert lines == [
        QueueLine(Job.State.QUEUED, Job.Lane.INTERACTIVE, 2, minutes(1)),
        QueueLine(Job.State.QUEUED, Job.Lane.PREVIEW, 1, minutes(5)),
        QueueLine(Job.State.QUEUED, Job.Lane.REGRADE, 1, minutes(3)),
        QueueLine(Job.State.RUNNING, Job.Lane.INTERACTIVE, 1, minutes(4)),
        QueueLine(Job.State.FAILED_OURS, Job.Lane.INTERACTIVE, 1, minutes(6)),
    ]
    assert queue.how_many(lines, state=Job.State.QUEUED) == 4


def test_empty_queue_has_no_lines():
    DoneJobFactory()

    assert queue.lines() == []


def test_job_is_found_by_its_id_whatever_its_state():
    job = DoneJobFactory()

    assert (queue.job(job.pk), queue.job(job.pk + 1)) == (job, None)
