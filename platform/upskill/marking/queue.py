"""The queue as operators see it: what waits and how long, in each lane. Nobody's name or work."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, QuerySet
from django.db.models.functions import Coalesce

from .models import Job
from .stopped import stopped_jobs

NOT_DONE = (Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED_OURS)


@dataclass(frozen=True)
class QueueLine:
    """Jobs of one state in one lane: how many, and since when the oldest of them waits or runs."""

    state: Job.State
    lane: Job.Lane
    number: int
    oldest_at: dt.datetime


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


def job(number: int) -> Job | None:
    """The job with this id, whatever its state; None: there is none. One query."""
    return Job.objects.filter(pk=number).select_related("submission__learner").first()


def _in_state(state: Job.State) -> "QuerySet[Job, Any]":
    since = Coalesce("started_at", "queued_at") if state == Job.State.RUNNING else F("queued_at")
    in_state = stopped_jobs() if state == Job.State.FAILED_OURS else Job.objects.filter(state=state)
    jobs = in_state.filter(submission__learner__is_probe=False).order_by()
    return jobs.values("lane", "state").annotate(number=Count("pk"), oldest_at=Min(since))
