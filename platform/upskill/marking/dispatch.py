"""Whose turn it is: which of all queued jobs is marked next, and how many come before one.

Three rules, in this order. The lane: by chance, weighted by JOB_LANE_SHARES among the lanes in which somebody waits, so
that none starves; but JOB_SLOTS_KEPT of the slots, where there are more, work only for people at a screen, so that they
do not wait for what may be long. The department: the one of that lane whose last job began longest ago, so that nobody
waits behind another department's crowd. The job: the oldest that is due, of a learner of whom none is being marked; of
several answers of that learner to one exercise the newest, which they want to know about first.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from upskill.core import heartbeats

from .models import Job

REST_SECONDS = 7  # of a job that failed, times the tries so far, from the start of the last one: 70 s until the fifth
# Each rests between half and one and a half of that: what fails because it ran beside a poisoned job, on a machine that
# the poison brings down, must not be tried beside it each time and be buried with it.
RUSH = 50  # queued answers of one department in the lane of people at a screen; what comes on top goes to another lane
MOST_COUNTED = 500  # places in the queue; further back it makes no difference to anybody

# A queue is long now and empty then, and PostgreSQL counts its rows only at times: a plan must be right for both. What
# waits is read in the order of the index job_queue with its first columns given. A row that is known by its id or its
# learner is found by that: with `(state = 'queued' ...) IS NOT FALSE`, to which no index of the queue fits. The answer
# of a job is looked up from the job, never the other way round: OFFSET 0 keeps PostgreSQL from turning the two.
#
# Departments that wait are found by skipping from one to the next in the index job_queue: what a crowd of thousands
# costs is one step. The rows of `turn` are looked at in order and only until one has a job that is due.
_NEXT = """
WITH RECURSIVE waiting AS (
  (SELECT lane, department FROM marking_job WHERE state = 'queued' ORDER BY lane, department LIMIT 1)
  UNION ALL
  SELECT further.lane, further.department FROM waiting CROSS JOIN LATERAL (
    SELECT lane, department FROM marking_job
    WHERE state = 'queued' AND (lane, department) > (waiting.lane, waiting.department)
    ORDER BY lane, department LIMIT 1
  ) further
), others AS MATERIALIZED (
  SELECT slots.number > 1 AND busy.number >= greatest(1, slots.number - %(kept)s) AS have_all_their_slots
  FROM (
    SELECT count(*) AS number FROM core_heartbeat
    WHERE program = %(worker)s AND is_working AND seen_at > now() - %(fresh)s
  ) slots CROSS JOIN (
    SELECT count(*) AS number FROM marking_job WHERE state = 'running' AND lane <> 'interactive'
  ) busy
), lanes AS MATERIALIZED (
  SELECT lane, -ln(1 - random()) / (%(shares)s::jsonb ->> lane)::float AS turn
  FROM (SELECT DISTINCT lane FROM waiting) distinct_lanes CROSS JOIN others
  WHERE lane = 'interactive' OR NOT others.have_all_their_slots
), turn AS MATERIALIZED (
  SELECT waiting.lane, waiting.department FROM waiting JOIN lanes USING (lane) CROSS JOIN LATERAL (
    SELECT max(started_at) AS began_at FROM marking_job
    WHERE lane = waiting.lane AND department = waiting.department AND started_at IS NOT NULL
  ) last
  ORDER BY lanes.turn, last.began_at NULLS FIRST, waiting.department
)
SELECT due.id FROM turn CROSS JOIN LATERAL (
  SELECT job.id FROM marking_job job
  WHERE job.state = 'queued' AND job.lane = turn.lane AND job.department = turn.department
    AND (job.tries = 0 OR job.started_at <= now() - job.tries * make_interval(secs => %(rest)s)
      * (0.5 + (job.id * 7 + job.tries * 5) %% 16 / 16.0))
    AND NOT EXISTS (SELECT 1 FROM marking_job busy WHERE busy.state = 'running' AND busy.learner_id = job.learner_id)
  ORDER BY job.queued_at, job.id LIMIT 1 FOR UPDATE SKIP LOCKED
) due LIMIT 1
"""
_NEWEST = """
SELECT newest.id FROM (
  SELECT job.learner_id, job.lane, answer.exercise_id FROM marking_job job CROSS JOIN LATERAL (
    SELECT exercise_id FROM learning_submission WHERE id = job.submission_id OFFSET 0
  ) answer
  WHERE job.id = %(first)s AND job.rerun_of_id IS NULL
) first CROSS JOIN LATERAL (
  SELECT job.id FROM marking_job job CROSS JOIN LATERAL (
    SELECT attempt, exercise_id FROM learning_submission WHERE id = job.submission_id OFFSET 0
  ) answer
  WHERE job.learner_id = first.learner_id AND answer.exercise_id = first.exercise_id AND job.tries = 0
    AND (job.state = 'queued' AND job.lane = first.lane) IS NOT FALSE
  ORDER BY answer.attempt DESC LIMIT 1 FOR UPDATE OF job SKIP LOCKED
) newest
"""
_RUSH = """
SELECT count(*) FROM (
  SELECT 1 FROM marking_job WHERE state = 'queued' AND lane = 'interactive' AND department = %(department)s
  ORDER BY queued_at, id LIMIT %(rush)s
) waiting
"""
# A learner's answers to one exercise are all marked when the oldest of them is due, the newest first.
_AHEAD = """
WITH RECURSIVE asked AS (
  SELECT job.id, job.learner_id, job.department, job.lane, job.queued_at, job.rerun_of_id, answer.exercise_id,
    answer.attempt
  FROM marking_job job CROSS JOIN LATERAL (
    SELECT attempt, exercise_id FROM learning_submission WHERE id = job.submission_id OFFSET 0
  ) answer
  WHERE job.id = %(job)s AND (job.state = 'queued') IS NOT FALSE
), oldest AS (
  SELECT job.queued_at, job.id, count(*) FILTER (WHERE answer.attempt > asked.attempt) OVER () AS newer
  FROM asked JOIN marking_job job ON job.learner_id = asked.learner_id CROSS JOIN LATERAL (
    SELECT attempt, exercise_id FROM learning_submission WHERE id = job.submission_id OFFSET 0
  ) answer
  WHERE answer.exercise_id = asked.exercise_id AND asked.rerun_of_id IS NULL AND job.tries = 0
    AND (job.state = 'queued' AND job.lane = asked.lane AND job.rerun_of_id IS NULL) IS NOT FALSE
  ORDER BY job.queued_at, job.id LIMIT 1
), mine AS (
  SELECT asked.lane, asked.department, coalesce(oldest.queued_at, asked.queued_at) AS queued_at,
    coalesce(oldest.id, asked.id) AS id, coalesce(oldest.newer, 0) AS newer
  FROM asked LEFT JOIN oldest ON true
), own AS (
  SELECT count(*) + (SELECT newer FROM mine) AS number FROM mine CROSS JOIN LATERAL (
    SELECT 1 FROM marking_job job WHERE job.state = 'queued' AND job.lane = mine.lane
      AND job.department = mine.department AND (job.queued_at, job.id) < (mine.queued_at, mine.id)
    ORDER BY job.queued_at, job.id LIMIT %(most)s
  ) before
), departments AS (
  SELECT first.department FROM mine CROSS JOIN LATERAL (
    SELECT job.department FROM marking_job job WHERE job.state = 'queued' AND job.lane = mine.lane
    ORDER BY job.department LIMIT 1
  ) first
  UNION ALL
  SELECT further.department FROM departments CROSS JOIN mine CROSS JOIN LATERAL (
    SELECT job.department FROM marking_job job
    WHERE job.state = 'queued' AND job.lane = mine.lane AND job.department > departments.department
    ORDER BY job.department LIMIT 1
  ) further
), others AS (
  SELECT count(*) AS number FROM mine CROSS JOIN own
  JOIN departments ON departments.department <> mine.department CROSS JOIN LATERAL (
    SELECT 1 FROM marking_job job
    WHERE job.state = 'queued' AND job.lane = mine.lane AND job.department = departments.department
    ORDER BY job.queued_at, job.id LIMIT own.number + 1
  ) turns
), lanes AS (
  SELECT coalesce(sum(share.of::float), 0) AS waiting FROM jsonb_each_text(%(shares)s::jsonb) share(lane, of)
  CROSS JOIN LATERAL (
    SELECT 1 FROM marking_job job WHERE job.state = 'queued' AND job.lane = share.lane ORDER BY job.department LIMIT 1
  ) one
), pace AS (
  SELECT avg(took) AS seconds FROM (
    SELECT extract(epoch FROM ended_at - started_at) AS took FROM marking_job
    WHERE ended_at > now() - interval '1 day' AND state = 'done' ORDER BY ended_at DESC LIMIT 50
  ) recent
)
SELECT least(own.number + others.number, %(most)s),
  pace.seconds * lanes.waiting / (%(shares)s::jsonb ->> mine.lane)::float
FROM mine, own, others, lanes, pace
"""


@dataclass(frozen=True)
class Place:
    """Where a queued job stands: how many are marked before it, about, and how long that takes; None: nobody knows."""

    ahead: int
    wait: dt.timedelta | None


def next_job() -> int | None:
    """The id of the job whose turn it is, its row locked until the transaction ends; None when none is due.

    A job that another worker is claiming is passed over. Two queries, whose cost grows with the departments that wait,
    not with the answers that wait nor with what has been marked.
    """
    with connection.cursor() as cursor:
        slots = {"worker": heartbeats.WORKER, "fresh": heartbeats.FRESH, "kept": settings.JOB_SLOTS_KEPT}
        first = _one(cursor, _NEXT, {"shares": _shares(), "rest": REST_SECONDS, **slots})
        return first and (_one(cursor, _NEWEST, {"first": first}) or first)


def lane_of_person(department: str) -> Job.Lane:
    """The lane of an answer that somebody hands in now: when very many of one department do, most go to another one.

    One query, which counts no further than RUSH.
    """
    with connection.cursor() as cursor:
        waiting = _one(cursor, _RUSH, {"department": department, "rush": RUSH})
    return Job.Lane.DEADLINE if waiting == RUSH else Job.Lane.INTERACTIVE


def place(job: Job, *, slots: int) -> Place | None:
    """Where this job stands among those that wait, with so many slots at work; None once it waits no more. One query.

    Of other departments as many count as take their turns before it does; other lanes take their shares of the time.
    """
    asked: dict[str, str | int] = {"job": job.pk, "most": MOST_COUNTED, "shares": _shares()}
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, asked)
        found = cursor.fetchone()
    if found is None:
        return None
    ahead, seconds = int(found[0]), found[1]
    if not slots or seconds is None:
        return Place(ahead, None)
    if job.lane != Job.Lane.INTERACTIVE:
        slots = max(1, slots - settings.JOB_SLOTS_KEPT)
    return Place(ahead, dt.timedelta(seconds=float(seconds) * (ahead + 1) / slots))


def _shares() -> str:
    return json.dumps({lane: settings.JOB_LANE_SHARES[lane] for lane in Job.Lane})


def _one(cursor: Any, query: str, values: dict[str, Any]) -> int | None:
    cursor.execute(query, values)
    row = cursor.fetchone()
    return int(row[0]) if row else None
