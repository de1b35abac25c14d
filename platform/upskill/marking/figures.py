"""Figures about the queue and about marking, for operators: counts and seconds, nobody's work. The probe is in none."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Min, QuerySet

from .models import Job

LAST_HOUR = """
    SELECT job.state, count(*),
        percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM job.ended_at - job.started_at)),
        percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM job.ended_at - job.queued_at))
    FROM marking_job job
    JOIN learning_submission submission ON submission.id = job.submission_id
    JOIN people_user learner ON learner.id = submission.learner_id
    WHERE job.ended_at > %(since)s AND job.rerun_of_id IS NULL AND NOT learner.is_probe
    GROUP BY job.state
"""


@dataclass(frozen=True)
class Waiting:
    """The jobs of one lane in one state: how many, and since when the oldest has been in the queue."""

    lane: str
    state: str
    number: int
    oldest_at: dt.datetime


@dataclass(frozen=True)
class Ended:
    """How many jobs ended in one way; median and 95th percentile of their seconds, at work and from the queue on."""

    number: int
    marking_seconds: tuple[float, float]
    total_seconds: tuple[float, float]


def not_done() -> list[Waiting]:
    """The jobs that wait, run, or were stopped by a fault of ours, by lane and state. One query.

    State by state, so that each is found by an index of its own and not among all that is done.
    """
    queued, *others = (_in_state(state) for state in (Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED_OURS))
    return [Waiting(**row) for row in queued.union(*others, all=True).order_by("lane", "state")]


def ended(*, since: dt.datetime) -> dict[str, Ended]:
    """State -> the jobs that ended in it, marks made again left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_HOUR, {"since": since})
        return {
            state: Ended(number, _pair(marking), _pair(total)) for state, number, marking, total in cursor.fetchall()
        }


def _in_state(state: Job.State) -> "QuerySet[Job, Any]":
    jobs = Job.objects.filter(state=state, submission__learner__is_probe=False)
    return jobs.values("lane", "state").annotate(number=Count("pk"), oldest_at=Min("queued_at"))


def _pair(percentiles: list[float | None]) -> tuple[float, float]:
    """Zero for a job that never started: it was stopped before."""
    median, high = percentiles or (None, None)
    return (float(median or 0), float(high or 0))
