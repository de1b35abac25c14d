"""What changed from a learner's attempt before to this one."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from .models import CheckMark, Mark

LACKING = {CheckMark.Status.PARTIAL, CheckMark.Status.FAILED, CheckMark.Status.NOT_RUN}


@dataclass(frozen=True)
class Change:
    """From the newest attempt before that has a mark: its points, and the titles of checks that pass now or no more."""

    attempt: int
    points: Decimal
    max_points: Decimal
    passing: list[str]
    lacking: list[str]


def change(mark: Mark) -> Change | None:
    """What changed with this mark, as marks are in effect now; None where no attempt before has one.

    A check that waits for a person, or that is new, has neither begun nor ceased to pass. One query.
    """
    before = list(_checks_before(mark))
    if not before:
        return None
    status = {check.slug: check.status for check in before}
    old, checks = before[0].mark, list(mark.checks.all())
    return Change(
        attempt=old.submission.attempt,
        points=old.points,
        max_points=old.max_points,
        passing=[c.title for c in checks if status.get(c.slug) in LACKING and c.status == CheckMark.Status.PASSED],
        lacking=[c.title for c in checks if status.get(c.slug) == CheckMark.Status.PASSED and c.status in LACKING],
    )


def _checks_before(mark: Mark) -> "QuerySet[CheckMark]":
    sent = mark.submission
    earlier = Mark.objects.filter(
        replaced_by=None,
        submission__learner=sent.learner_id,
        submission__exercise__item_version__item=sent.exercise.item_version.item_id,
        submission__attempt__lt=sent.attempt,
    )
    newest = earlier.order_by("-submission__attempt").values("pk")[:1]
    found = CheckMark.objects.filter(mark=newest).select_related("mark__submission")
    return found.only("slug", "status", "mark__points", "mark__max_points", "mark__submission__attempt")
