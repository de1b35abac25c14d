"""The queue: jobs are claimed with a lease and a token, and come back when whoever held them died.

All moments that decide about leases are the database's (`Now()`), so workers with wrong clocks do no harm.
"""

import datetime as dt
import logging
import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from upskill.catalogue.models import ExerciseVersion
from upskill.core import allowances, audit, logs
from upskill.learning.models import Submission
from upskill.people import queries as people
from upskill.people.models import User

from . import dispatch
from .models import Job, Mark, Regrade

log = logging.getLogger(__name__)
MOST_OPEN = 5  # answers of one learner that wait at a time: a rush of one must not keep everybody else waiting
MOST_AN_HOUR = 60  # answers that one learner hands in
_MOST_RACES, _AFTER_RACE_SECONDS = 20, 0.005  # lost to other workers, until the next call; longer each time
_STOPPED = "The worker that marked this stopped before it was done. Its log says why."


class LeaseLost(Exception):
    """Somebody else holds the job now, or it has ended: the result must be thrown away."""


class TooManyOpen(Exception):
    """The learner has so many answers waiting for their marks that no more are taken now."""


@dataclass(frozen=True)
class Claim:
    """A job that this process marks, and the token that proves it."""

    job_id: int
    submission_id: int
    token: uuid.UUID
    request_id: str = ""  # of the request that queued it, for the logs
    rerun_of: int | None = None  # id of the mark that is made again; None: this job makes a mark
    regrade: int | None = None  # id of the regrade that it is made again for
    tests: ExerciseVersion | None = None  # whose tests give the mark; None: those of the answer's own version


def count_hand_in(learner: User) -> None:
    """Count one answer of the learner's, from a page or a program. Call it before `enqueue`, outside its transaction.

    Raises UsedUp after MOST_AN_HOUR.
    """
    allowances.spend("hand in", who=f"person {learner.pk}", most=MOST_AN_HOUR, seconds=3600)


def enqueue(submission: Submission, *, now: dt.datetime, lane: Job.Lane = Job.Lane.INTERACTIVE) -> Job:
    """A queued job, in the caller's transaction. Raises IntegrityError while another one is open, and TooManyOpen.

    The caller holds the learner's row, so that two submissions at once are counted one after the other.
    """
    department = people.department_of(submission.learner, on=now.date())
    if lane == Job.Lane.INTERACTIVE:
        _refuse_rush(submission)
        lane = dispatch.lane_of_person(department)
    job = Job.objects.create(submission=submission, lane=lane, queued_at=now, **_who(submission, department))
    audit.record("job.queued", subject=job, by=None, at=now, about=submission.learner)
    return job


def enqueue_rerun(mark: Mark, *, by: User, now: dt.datetime) -> Job:
    """A queued job that makes this mark again, in the caller's transaction. Raises IntegrityError while one is open.

    It takes turns in a lane of its own.
    """
    department = people.department_of(mark.submission.learner, on=now.date())
    fields = {"rerun_of": mark, "lane": Job.Lane.PREVIEW, "queued_at": now, **_who(mark.submission, department)}
    job = Job.objects.create(submission=mark.submission, **fields)
    audit.record("rerun.asked", subject=mark, by=by, at=now, about=mark.submission.learner)
    return job


def claim() -> Claim | None:
    """The queued job whose turn it is (see `dispatch`), now running under a new lease; None when none is due.

    None also after very many, in a second, that other workers took at the same moment: they go on to the next.

    A job that failed rests first, longer each time: a fault that lasts a minute must not use up the tries of everybody
    who waits. Two workers never get the same job: the row is locked while it changes hands.
    """
    for race in range(_MOST_RACES):
        try:
            return _claim()
        except IntegrityError as problem:  # another worker took a job of the same learner at this moment
            if "job_one_running_per_learner" not in str(problem):
                raise
            time.sleep(race * _AFTER_RACE_SECONDS)
    return None


@transaction.atomic
def _claim() -> Claim | None:
    number = dispatch.next_job()
    if number is None:
        return None
    token = uuid.uuid4()
    Job.objects.filter(pk=number).update(
        state=Job.State.RUNNING, token=token, lease_until=_lease_end(), tries=F("tries") + 1, started_at=Now()
    )
    job = Job.objects.select_related("tests").get(pk=number)
    return Claim(
        job_id=job.pk,
        submission_id=job.submission_id,
        token=token,
        request_id=job.request_id,
        rerun_of=job.rerun_of_id,
        regrade=job.regrade_id,
        tests=job.tests,
    )


def renew(claim: Claim) -> None:
    """The lease, from now on again. Raises LeaseLost."""
    if not _held(claim).update(lease_until=_lease_end()):
        raise LeaseLost


def finish(claim: Claim, *, state: Job.State, reason: str = "") -> None:
    """The job has ended; call it in the transaction that writes the result. Raises LeaseLost, and writes nothing."""
    ended = _held(claim).update(state=state, reason=reason, token=None, lease_until=None, ended_at=Now())
    if not ended:
        raise LeaseLost


@transaction.atomic
def give_back(claim: Claim, *, reason: str) -> Job.State:
    """After a failure of ours: queued again, or `failed_ours` when it has been tried too often. Raises LeaseLost."""
    return _retry_or_bury(_locked(claim), reason=reason)


@transaction.atomic
def hand_back(claim: Claim) -> None:
    """The worker stops and this job with it: it waits again, and this try does not count. Raises LeaseLost."""
    job = _locked(claim)
    state = _waiting_state(job)
    Job.objects.filter(pk=job.pk).update(state=state, tries=F("tries") - 1, token=None, lease_until=None)


@transaction.atomic
def sweep() -> int:
    """Take back jobs whose lease ran out; returns how many wait in the queue now. Safe to run anywhere, anytime."""
    dead = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=Now()).select_for_update(skip_locked=True)
    for job in dead[:500]:
        _retry_or_bury(job, reason=_STOPPED)
    return Job.objects.filter(state=Job.State.QUEUED).count()


def _who(submission: Submission, department: str) -> dict[str, Any]:
    """Whose job it is, as the queue needs it, and which request made it."""
    return {"learner": submission.learner, "department": department, "request_id": logs.request_id()}


def _refuse_rush(submission: Submission) -> None:
    waiting = Job.objects.filter(learner=submission.learner, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if waiting.filter(lane__in=[Job.Lane.INTERACTIVE, Job.Lane.DEADLINE]).count() >= MOST_OPEN:
        raise TooManyOpen(
            _("%(most)d of your answers still wait for their marks. Hand this one in when one of them is marked.")
            % {"most": MOST_OPEN}
        )


def _retry_or_bury(job: Job, *, reason: str) -> Job.State:
    buried = job.tries >= settings.JOB_MAX_TRIES
    state = Job.State.FAILED_OURS if buried else _waiting_state(job)
    ended_at = Now() if buried else None
    Job.objects.filter(pk=job.pk).update(state=state, token=None, lease_until=None, reason=reason, ended_at=ended_at)
    level = logging.ERROR if buried else logging.WARNING
    with logs.about(request_id=job.request_id, job=job.pk):
        log.log(level, "Job %s is %s after try %s: %s", job.pk, state, job.tries, reason)
    return state


def _waiting_state(job: Job) -> Job.State:
    """What a job is that waits again: paused, if its regrade was paused while it ran.

    The regrade is held until the transaction ends, so that whoever pauses it comes before or after this and never
    between.
    """
    if job.regrade_id is None:
        return Job.State.QUEUED
    regrade = Regrade.objects.select_for_update(no_key=True).get(pk=job.regrade_id)
    return Job.State.PAUSED if regrade.paused_at else Job.State.QUEUED


def _locked(claim: Claim) -> Job:
    """The job of a claim, its row held until the transaction ends. Raises LeaseLost."""
    job = _held(claim).select_for_update().first()
    if job is None:
        raise LeaseLost
    return job


def _held(claim: Claim) -> "QuerySet[Job]":
    return Job.objects.filter(pk=claim.job_id, state=Job.State.RUNNING, token=claim.token)


def _lease_end() -> CombinedExpression:
    return Now() + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
