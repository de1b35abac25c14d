"""Figures about what was marked, for operators: counts and seconds, nobody's work. The probe is in none."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

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
LANES_OF_LAST_HOUR = """
    SELECT job.lane, count(*),
        percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM job.ended_at - job.started_at)),
        percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM job.ended_at - job.queued_at))
    FROM marking_job job
    JOIN people_user learner ON learner.id = job.learner_id
    WHERE job.ended_at > %(since)s AND job.state = 'done' AND NOT learner.is_probe
    GROUP BY job.lane
"""

# By way of jobs, which are found by when they ended: every automatic mark is made as one ends.
PHASES_OF_LAST_HOUR = """
    SELECT coalesce(mark.provenance->>'isolation', ''), phase.key, count(*),
        percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY phase.value::float / 1000)
    FROM marking_mark mark
    JOIN learning_submission submission ON submission.id = mark.submission_id
    JOIN people_user learner ON learner.id = submission.learner_id
    CROSS JOIN LATERAL jsonb_each_text(mark.provenance->'timings_ms') phase
    WHERE mark.submission_id IN (SELECT submission_id FROM marking_job WHERE ended_at > %(since)s)
        AND mark.marked_at > %(since)s AND mark.given_by_id IS NULL AND NOT learner.is_probe
    GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Phase:
    """One phase of the engine's work behind one wall: of how many marks, median and 95th percentile of its seconds."""

    isolation: str
    name: str
    number: int
    seconds: tuple[float, float]


@dataclass(frozen=True)
class Ended:
    """How many jobs ended alike; median and 95th percentile of their seconds, at work and from the queue on."""

    number: int
    marking_seconds: tuple[float, float]
    total_seconds: tuple[float, float]


def ended(*, since: dt.datetime) -> dict[str, Ended]:
    """State -> the jobs that ended in it, marks made again left out. One query."""
    return _ended(LAST_HOUR, since=since)


def done_by_lane(*, since: dt.datetime) -> dict[str, Ended]:
    """Lane -> the jobs that were done, marks made again among them. One query."""
    return _ended(LANES_OF_LAST_HOUR, since=since)


def phases(*, since: dt.datetime) -> list[Phase]:
    """The phases of the automatic marks made since then. One query."""
    with connection.cursor() as cursor:
        cursor.execute(PHASES_OF_LAST_HOUR, {"since": since})
        return [Phase(isolation, name, number, _pair(times)) for isolation, name, number, times in cursor.fetchall()]


def _ended(query: str, *, since: dt.datetime) -> dict[str, Ended]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"since": since})
        return {key: Ended(number, _pair(marking), _pair(total)) for key, number, marking, total in cursor.fetchall()}


def _pair(percentiles: list[float | None]) -> tuple[float, float]:
    """Zero for a job that never started: it was stopped before."""
    median, high = percentiles or (None, None)
    return (float(median or 0), float(high or 0))
