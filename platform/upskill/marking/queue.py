"""The queue as operators see it: what waits and how long, and what a fault of ours stopped. Nobody's name or work."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet

from .models import Job

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
    """What is open or stopped, by state and lane. One query."""
    shown = [Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED_OURS]
    counted = Job.objects.filter(state__in=shown).values("state", "lane")
    rows = counted.annotate(number=Count("pk"), queued=Min("queued_at"), started=Min("started_at"))
    found = [
        QueueLine(
            state=Job.State(row["state"]),
            lane=Job.Lane(row["lane"]),
            number=row["number"],
            oldest_at=row["started"] if row["state"] == Job.State.RUNNING and row["started"] else row["queued"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda line: (shown.index(line.state), line.lane))


def how_many(lines: list[QueueLine], *, state: Job.State) -> int:
    """Of these lines, the jobs in this state."""
    return sum(line.number for line in lines if line.state == state)


def stopped(*, most: int) -> list[StoppedJob]:
    """The jobs that a fault of ours stopped last. One query, which reads no learner."""
    return [_stopped(job) for job in _stopped_jobs()[:most]]


def _stopped_jobs() -> "QuerySet[Job]":
    jobs = Job.objects.filter(state=Job.State.FAILED_OURS).select_related("submission__exercise__item_version")
    needed = ("ended_at", "reason", "submission__exercise__item_version__title")
    return jobs.only(*needed).order_by("-ended_at", "-pk")


def _stopped(job: Job) -> StoppedJob:
    assert job.ended_at is not None, "job_ended_when_over"  # noqa: S101
    first_line = job.reason.strip().partition("\n")[0]
    return StoppedJob(job.pk, job.submission.exercise.item_version.title, job.ended_at, first_line[:LONGEST_REASON])
