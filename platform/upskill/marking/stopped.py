"""What a fault of ours stopped, by its cause, and how it waits again. Nobody's name or work."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Func, Max, QuerySet, TextField, Value, Window
from django.db.models.functions import Left, RowNumber

from upskill.people.models import User

from . import jobs
from .jobs import NotStopped
from .models import Job

LONGEST_CAUSE = 300  # characters: enough to know the fault, too little for what somebody's code may have printed
MOST_AT_ONCE = 500  # jobs that one click lets wait again: a second or two
_REASON = Func(F("reason"), Value(" \t\r\n"), function="btrim", output_field=TextField())
_FIRST_LINE = Func(_REASON, Value("\n"), Value(1), function="split_part", output_field=TextField())
_CAUSE = Left(_FIRST_LINE, LONGEST_CAUSE)


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
def release_alike(job: Job, *, by: User | None, now: dt.datetime) -> int:
    """The jobs that stopped for the same cause as this one wait again, the oldest MOST_AT_ONCE; returns how many.

    Raises NotStopped. Of two calls at once one waits for the other and finds what that has left.
    """
    cause = _of_people().filter(pk=job.pk).values_list(_CAUSE, flat=True).first()
    if cause is None:
        raise NotStopped(job)
    alike = _of_people().alias(cause=_CAUSE).filter(cause=cause).select_related("submission__learner")
    released = list(alike.select_for_update(of=("self",))[:MOST_AT_ONCE])
    if not released:  # somebody else was faster
        raise NotStopped(job)
    for each in released:
        jobs.release(each, by=by, now=now)
    return len(released)


_EXERCISE = "submission__exercise__item_version__title"
_SHOWN = ("pk", _EXERCISE, "queued_at", "started_at", "ended_at", "tries", "request_id")


def _of_people() -> "QuerySet[Job]":
    return jobs.stopped_jobs().filter(learner__is_probe=False)


def _cause(text: str, *, rows: list[dict[str, Any]]) -> Cause:
    return Cause(text, rows[0]["number"], [_job(row) for row in rows])


def _job(row: dict[str, Any]) -> StoppedJob:
    fields = {name: row[name] for name in _SHOWN[2:]}
    return StoppedJob(id=row["pk"], exercise=row[_EXERCISE], **fields)
