"""What a fault of ours stopped, by its cause, and what becomes of it: it waits again, or its learner hands in again."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Func, Max, QuerySet, TextField, Value, Window
from django.db.models.functions import Left, RowNumber
from django.utils.translation import gettext as _

from upskill.core import audit, outbox
from upskill.learning.models import Submission
from upskill.people.models import User

from . import versions
from .models import Job

LONGEST_CAUSE = 300  # characters: enough to know the fault, too little for what somebody's code may have printed
MOST_AT_ONCE = 500  # jobs that one click lets wait again or gives up
_REASON = Func(F("reason"), Value(" \t\r\n"), function="btrim", output_field=TextField())
_FIRST_LINE = Func(_REASON, Value("\n"), Value(1), function="split_part", output_field=TextField())
_CAUSE = Left(_FIRST_LINE, LONGEST_CAUSE)


class NotStopped(Exception):
    """The job was not stopped by a fault of ours, or has been queued again or given up since."""

    def __init__(self, job: Job) -> None:
        super().__init__(_("Job %(job)d is not stopped any more. Nothing was changed.") % {"job": job.pk})


@dataclass(frozen=True)
class StoppedJob:
    """A job that a fault of ours stopped: of which exercise, when, after how many tries; the request id is for logs."""

    id: int
    exercise: str
    queued_at: dt.datetime
    started_at: dt.datetime | None  # the last try; None: it was stopped before any began
    ended_at: dt.datetime
    tries: int
    request_id: str


@dataclass(frozen=True)
class Cause:
    """What the last failure said, how many jobs it stopped, and the newest of them."""

    text: str  # "": it said nothing
    number: int
    jobs: list[StoppedJob]


def stopped_jobs() -> "QuerySet[Job]":
    """Jobs that would have made a mark and that a fault of ours stopped, oldest first."""
    return Job.objects.filter(state=Job.State.FAILED_OURS, rerun_of=None).order_by("pk")


def by_cause(*, most_causes: int, most_jobs: int) -> list[Cause]:
    """The causes that stopped a job last, each with up to `most_jobs` of its jobs, the probe's left out. One query."""
    alike: dict[str, Any] = {"partition_by": [F("cause")]}
    rows = _of_people().annotate(
        cause=_CAUSE,
        number=Window(Count("pk"), **alike),
        newest=Window(Max("ended_at"), **alike),
        place=Window(RowNumber(), **alike, order_by=[F("ended_at").desc(), F("pk").desc()]),
    )
    shown = rows.filter(place__lte=most_jobs).order_by("-newest", "cause", "place")[: most_causes * most_jobs]
    found = groupby(shown.values("cause", "number", *_SHOWN), key=lambda row: row["cause"])
    return [_cause(text, rows=list(rows)) for text, rows in found][:most_causes]


@transaction.atomic
def release(job: Job, *, by: User | None, now: dt.datetime, newest_tests: bool = False) -> None:
    """A job that a fault of ours stopped waits again from now on, with all its tries. Raises NotStopped.

    Its tests are those of the version that was answered, or the `newest_tests` that fit: for a fault of the exercise
    that its author has mended. Whoever is at a screen now comes first. Only a job that makes a mark: nobody waits for a
    rerun, and whoever wants another asks for it. A regrade is resumed.
    """
    tests = versions.newest_that_fit(job.submission.exercise) if newest_tests else job.tests
    lane = Job.Lane.DEADLINE if job.lane == Job.Lane.INTERACTIVE else job.lane
    waits = {"state": Job.State.QUEUED, "tries": 0, "queued_at": now, "ended_at": None, "reason": ""}
    _end_stop(job, **waits, tests=tests, lane=lane)
    audit.record("job.released", subject=job, by=by, at=now, about=job.submission.learner, reason=job.reason)


@transaction.atomic
def give_up(job: Job, *, by: User | None, now: dt.datetime) -> None:
    """A job that a fault of ours stopped ends without a mark. Raises NotStopped.

    For what cannot be marked any more: its test broke, and the exercise asks for something else by now. The learner is
    asked to hand in again, unless they have done so already.
    """
    why = _("A fault of ours stopped the marking of this answer, and it cannot be marked any more.")
    _end_stop(job, state=Job.State.REFUSED, ended_at=now, reason=why)
    submission = job.submission
    audit.record("job.given_up", subject=job, by=by, at=now, about=submission.learner, reason=job.reason)
    item = submission.exercise.item_version
    later = Submission.objects.filter(learner=submission.learner, exercise__item_version__item=item.item_id)
    if later.filter(attempt__gt=submission.attempt).exists():
        return
    cure = _("This does not count against you. Sign in, go to “%(title)s” and hand in your work again.")
    body = f"{why}\n\n{cure % {'title': item.title}}\n"
    outbox.add(to=submission.learner, subject=_("Please hand in “%s” again") % item.title, body=body, at=now)


@transaction.atomic
def with_all_alike(act: Callable[[Job], None], job: Job, *, one_exercise: bool = False) -> int:
    """Do this to each job that stopped for the same cause as this one and not later, the oldest MOST_AT_ONCE of them.

    Returns how many. `one_exercise` leaves out those of other exercises. Raises NotStopped. Of two calls at once one
    waits for the other and finds what that has left.
    """
    cause = _of_people().filter(pk=job.pk).values_list(_CAUSE, flat=True).first()
    if cause is None:
        raise NotStopped(job)
    alike = _of_people().alias(cause=_CAUSE).filter(cause=cause, ended_at__lte=job.ended_at)
    if one_exercise:
        alike = alike.filter(submission__exercise__item_version__item=job.submission.exercise.item_version.item_id)
    alike = alike.select_related("submission__learner", "submission__exercise__item_version", "tests")
    held = list(alike.select_for_update(of=("self",))[:MOST_AT_ONCE])
    if not held:  # somebody else was faster
        raise NotStopped(job)
    for each in held:
        act(each)
    return len(held)


def _end_stop(job: Job, **changes: Any) -> None:
    if not stopped_jobs().filter(pk=job.pk).update(**changes):
        raise NotStopped(job)


_EXERCISE = "submission__exercise__item_version__title"
_SHOWN = ("pk", _EXERCISE, "queued_at", "started_at", "ended_at", "tries", "request_id")


def _of_people() -> "QuerySet[Job]":
    return stopped_jobs().filter(learner__is_probe=False)


def _cause(text: str, *, rows: list[dict[str, Any]]) -> Cause:
    return Cause(text, rows[0]["number"], [_job(row) for row in rows])


def _job(row: dict[str, Any]) -> StoppedJob:
    fields = {name: row[name] for name in _SHOWN[2:]}
    return StoppedJob(id=row["pk"], exercise=row[_EXERCISE], **fields)
