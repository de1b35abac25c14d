"""The marks of one submission as a chain: each replaces the one before, and all are kept.

Whoever adds to the chain holds the submission's row until the transaction ends, so that two people take turns.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from upskill.learning.models import Submission
from upskill.people.models import User

from .models import CheckMark, Mark
from .points import passes, sums
from .reasons import usable


class MarkReplaced(Exception):
    """Somebody else changed this mark in the meantime."""


def hold(submission_id: int) -> None:
    """Until the transaction ends, nobody else adds a mark or a review to this submission. One query."""
    Submission.objects.select_for_update().get(pk=submission_id)


def copies(mark: Mark) -> list[CheckMark]:
    """New, unsaved rows equal to the mark's; those of the caller stay as they are."""
    checks = list(CheckMark.objects.filter(mark=mark))
    for check in checks:
        check.pk = None
        check._state.adding = True
    return checks


def decided_by_people(mark: Mark) -> set[str]:
    """Slugs of the checks whose result in this mark a person gave, in it or in a mark before. Two queries."""
    marks = Mark.objects.filter(submission=mark.submission_id, pk__lte=mark.pk).prefetch_related("checks")
    decided: set[str] = set()
    before: dict[str, tuple[Any, ...]] = {}
    for each in marks.order_by("pk"):
        now = {check.slug: _result(check) for check in each.checks.all()}
        changed = {slug for slug, result in now.items() if before.get(slug) != result}
        decided = decided | changed if each.given_by_id else decided - changed
        before = now
    return decided


def refuse_replaced(mark: Mark) -> None:
    """Raise MarkReplaced unless the mark is in effect; from here on nobody else replaces it."""
    hold(mark.submission_id)
    if Mark.objects.filter(replaces=mark).exists():
        raise MarkReplaced(_("Somebody changed this mark while you looked at it. Go back to see the new one."))


def replace(mark: Mark, *, checks: list[CheckMark], by: User, reason: str, now: dt.datetime) -> Mark:
    """A person's mark with these checks in place of `mark`. Raises MarkReplaced, ReasonUnusable."""
    refuse_replaced(mark)
    fields = {"given_by": by, "reason": usable(reason), "replaces": mark, "provenance": mark.provenance}
    return add(mark.submission, checks=checks, now=now, **fields)


def add(submission: Submission, *, checks: list[CheckMark], now: dt.datetime, **fields: Any) -> Mark:
    """A mark with these checks, unsaved until now; its points and whether it passes follow from them."""
    mark = judged(submission, checks=checks)
    mark.marked_at = now
    for name, value in fields.items():
        setattr(mark, name, value)
    mark.save()
    for check in checks:
        check.mark = mark
    CheckMark.objects.bulk_create(checks)
    return mark


def judged(submission: Submission, *, checks: list[CheckMark]) -> Mark:
    """What a mark with these checks would be, unsaved: its points, and whether it passes. One query."""
    points, most, waiting = sums(checks)
    by_person = set(submission.exercise.checks.filter(by_person=True).values_list("slug", flat=True))
    return Mark(
        submission=submission,
        points=points,
        max_points=most,
        waiting_points=waiting,
        passed=passes(checks, by_person=by_person, pass_share=submission.exercise.pass_share),
    )


def _result(check: CheckMark) -> tuple[Any, ...]:
    return (check.status, check.points, check.message, check.rubric_levels)
