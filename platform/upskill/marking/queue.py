"""The queue as operators see it: what waits and how long, and what a fault of ours stopped. Nobody's name or work."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, QuerySet
from django.db.models.functions import Coalesce

from .jobs import stopped_jobs
from .models import Job

NOT_DONE = (Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED_OURS)
LONGEST_REASON = 300  # characters: enough to know the fault, too little for what somebody's code may have printed


@dataclass(frozen=True)
class QueueLine:
    """Jobs of one state in one lane: how many, and since when the oldest of them waits or runs."""

    state: Job.State
    lane: Job.Lane
    number: int
    oldest_at: dt.datetime


@dataclass(frozen=True)
class StoppedJob:
    """A job that a fault of ours stopped: of which exercise, and the first line of the reason."""

    id: int
    exercise: str
    ended_at: dt.datetime
    reason: str


def lines() -> list[QueueLine]:
    """What is open, or stopped and can be released, by state and lane; the probe's jobs left out. One query.

    State by state, so that each is found by an index of its own and not among all that is done.
    """
    first, *others = (_in_state(state) for state in NOT_DONE)
    found = [
        QueueLine(Job.State(row["state"]), Job.Lane(row["lane"]), row["number"], row["oldest_at"])
        for row in first.union(*others, all=True)
    ]
    return sorted(found, key=lambda line: (NOT_DONE.index(line.state), list(Job.Lane).index(line.lane)))


def how_many(lines: list[QueueLine], *, state: Job.State) -> int:
    """Of these lines, the jobs in this state."""
    return sum(line.number for line in lines if line.state == state)


def stopped(*, most: int) -> list[StoppedJob]:
    """The jobs that a fault of ours stopped last. One query, which reads no learner."""
    return [_stopped(job) for job in _stopped_jobs()[:most]]


def _in_state(state: Job.State) -> "QuerySet[Job, Any]":
    since = Coalesce("started_at", "queued_at") if state == Job.State.RUNNING else F("queued_at")
    in_state = stopped_jobs() if state == Job.State.FAILED_OURS else Job.objects.filter(state=state)
    jobs = in_state.filter(submission__learner__is_probe=False).order_by()
    return jobs.values("lane", "state").annotate(number=Count("pk"), oldest_at=Min(since))


def _stopped_jobs() -> "QuerySet[Job]":
    jobs = stopped_jobs().select_related("submission__exercise__item_version")
    needed = ("ended_at", "reason", "submission__exercise__item_version__title")
    return jobs.only(*needed).order_by("-ended_at", "-pk")


def _stopped(job: Job) -> StoppedJob:
    assert job.ended_at is not None, "job_ended_when_over"  # noqa: S101
    first_line = job.reason.strip().partition("\n")[0]
    return StoppedJob(job.pk, job.submission.exercise.item_version.title, job.ended_at, first_line[:LONGEST_REASON])
