"""Regrades as operators see them: how far each is and what comes of it. Nobody's name or work."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from upskill.catalogue.models import Item

from .models import Job, Regrade, Rerun

_OPEN = Q(jobs__state__in=[Job.State.QUEUED, Job.State.RUNNING, Job.State.PAUSED])
_DONE = Q(jobs__state__in=[Job.State.DONE, Job.State.REFUSED])
_CHANGED = Q(jobs__state=Job.State.DONE, jobs__rerun__is_same=False)
_FAILED = Q(jobs__state=Job.State.FAILED_OURS)
_FIGURES = {
    "total": Count("jobs"),
    "left": Count("jobs", filter=_OPEN),
    "done": Count("jobs", filter=_DONE),
    "changed": Count("jobs", filter=_CHANGED),
    "failed": Count("jobs", filter=_FAILED),
}


@dataclass(frozen=True)
class RegradeLine:
    """How far a regrade is: of all answers, those that are done, those whose mark changes, those that a fault stopped.

    `left` wait, are being marked, or are paused.
    """

    exercise: str  # its title
    is_dry_run: bool
    is_paused: bool
    started_at: dt.datetime
    total: int
    left: int
    done: int
    changed: int
    failed: int


@dataclass(frozen=True)
class RegradeResult:
    """What came of the answers so far. `passes_now` and `passes_no_longer` are among those that are higher or lower."""

    same: int
    other_words: int  # the same points, and another message or state of a check
    higher: int
    lower: int
    refused: int
    failed: int
    passes_now: int
    passes_no_longer: int


@dataclass(frozen=True)
class Change:
    """An answer whose points change, or whether it passes: by the public id of its learner."""

    learner: UUID
    attempt: int
    before: Decimal
    after: Decimal
    passed: bool
    passes: bool


def newest_regrade(item: Item) -> Regrade | None:
    """The last regrade of this exercise that was begun, whatever became of it. One query."""
    return Regrade.objects.filter(item=item).select_related("item").order_by("-pk").first()


def open_regrades() -> list[RegradeLine]:
    """Regrades in which an answer waits, is being marked, is paused, or was stopped by a fault of ours. One query.

    One that another regrade of the exercise has followed is over, whatever is left of it.
    """
    found = Regrade.objects.filter(ended_at=None).annotate(**_FIGURES).filter(Q(left__gt=0) | Q(failed__gt=0))
    return _lines(found.order_by("pk"))


def answers_stopped() -> int:
    """How many answers of regrades that may go on a fault of ours has stopped. One query, over stopped jobs alone."""
    return Job.objects.filter(state=Job.State.FAILED_OURS, regrade__ended_at=None, regrade__isnull=False).count()


def line_of(regrade: Regrade) -> RegradeLine:
    """How far it is now. One query."""
    return _lines(Regrade.objects.filter(pk=regrade.pk).annotate(**_FIGURES))[0]


def result_of(regrade: Regrade) -> RegradeResult:
    """What came of its answers so far. One query."""
    done, differs = Q(state=Job.State.DONE), Q(rerun__is_same=False)
    before, after = F("rerun__in_effect__points"), "rerun__points"
    counts = Job.objects.filter(regrade=regrade).aggregate(
        same=Count("pk", filter=done & ~differs),
        other_words=Count("pk", filter=done & differs & Q(**{after: before})),
        higher=Count("pk", filter=done & Q(**{f"{after}__gt": before})),
        lower=Count("pk", filter=done & Q(**{f"{after}__lt": before})),
        refused=Count("pk", filter=Q(state=Job.State.REFUSED)),
        failed=Count("pk", filter=Q(state=Job.State.FAILED_OURS)),
        passes_now=Count("pk", filter=Q(rerun__passes=True, rerun__in_effect__passed=False)),
        passes_no_longer=Count("pk", filter=Q(rerun__passes=False, rerun__in_effect__passed=True)),
    )
    return RegradeResult(**counts)


def changes_of(regrade: Regrade) -> "QuerySet[Rerun]":
    """The results so far that change points or whether the answer passes, in the order of handing in."""
    other = ~Q(points=F("in_effect__points")) | ~Q(passes=F("in_effect__passed"))
    return Rerun.objects.filter(other, job__regrade=regrade, in_effect__isnull=False).order_by("job__submission_id")


def as_changes(reruns: "QuerySet[Rerun]") -> list[Change]:
    """What `changes_of` finds, or a part of it, read without anybody's name. One query."""
    answer = "job__submission"
    fields = (f"{answer}__learner__public_id", f"{answer}__attempt", "in_effect__points", "points")
    return [Change(*row) for row in reruns.values_list(*fields, "in_effect__passed", "passes")]


def _lines(regrades: "QuerySet[Regrade, Any]") -> list[RegradeLine]:
    title = "newest__item_version__title"
    rows = regrades.values_list(title, "is_dry_run", "paused_at", "started_at", *_FIGURES)
    return [RegradeLine(name, dry, paused is not None, *more) for name, dry, paused, *more in rows]
