"""Marks: written from the engine's verdict or by a person, added and never edited."""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from grading.protocol import CheckResult, Limits, Verdict
from grading.protocol import Job as EngineJob

from upskill.catalogue.models import Check
from upskill.core import audit, blobs, outbox
from upskill.learning.models import Submission
from upskill.people.models import User

from .models import CheckMark, Mark

CENT = Decimal("0.01")


class MarkOutOfRange(Exception):
    """The points given are below zero or above what the check offers."""


class MarkReplaced(Exception):
    """Somebody else changed this mark in the meantime."""


class NothingToMark(Exception):
    """The check does not wait for a person."""


@dataclass(frozen=True)
class RubricMark:
    """A person's judgement of one free-text answer: criterion id -> level from 0 to 4, and why."""

    check: str
    levels: dict[str, int]
    comment: str


def engine_job(submission: Submission, *, token: str) -> EngineJob:
    """What the engine gets: the published exercise and the learner's answer. Two reads of blobs."""
    exercise = submission.exercise
    return EngineJob(
        job_id=token,
        source=blobs.read(exercise.source_sha256).decode(),
        answer=blobs.read(submission.blob_id).decode(),
        files=blobs.read_all(exercise.files),
        limits=Limits(**exercise.limits),
        seed=submission.pk % 2**31,
        hidden_messages=exercise.hidden_messages,
    )


def record_verdict(submission: Submission, *, verdict: Verdict, now: dt.datetime) -> Mark:
    """The automatic mark with a result per check; in the caller's transaction."""
    specs = {check.slug: check for check in submission.exercise.checks.all()}
    checks = [_check_mark(specs[result.check], result=result, verdict=verdict) for result in verdict.checks]
    latest = Mark.objects.filter(submission=submission, replaced_by=None).first()
    provenance = {**asdict(verdict.provenance), "outcome": verdict.outcome}
    mark = _add_mark(submission, checks=checks, now=now, replaces=latest, provenance=provenance)
    audit.record("mark.given", subject=mark, by=None, at=now, about=submission.learner, points=str(mark.points))
    return mark


@transaction.atomic
def override_mark(mark: Mark, *, points: dict[str, Decimal], reason: str, by: User, now: dt.datetime) -> Mark:
    """A new mark that replaces `mark`, with these points for these checks; the old one is kept, the learner is told.

    Raises MarkOutOfRange, MarkReplaced.
    """
    checks = _copies(mark)
    for check in checks:
        if check.slug in points:
            _give(check, points=points[check.slug])
    new = _add_mark(mark.submission, checks=checks, now=now, replaces=_still_newest(mark), given_by=by, reason=reason)
    learner = mark.submission.learner
    audit.record(
        "mark.overridden", subject=new, by=by, at=now, about=learner, old=str(mark.points), new=str(new.points)
    )
    _tell(new, at=now)
    return new


@transaction.atomic
def mark_by_rubric(mark: Mark, *, rubric_mark: RubricMark, by: User, now: dt.datetime) -> Mark:
    """A new mark in which a person judged a free-text answer; the old one is kept, the learner is told.

    A criterion's points are its share of the level: level 3 of 4 of a criterion worth 2 gives 1.5.
    Raises NothingToMark, MarkOutOfRange, MarkReplaced.
    """
    checks = _copies(mark)
    check = next((check for check in checks if check.slug == rubric_mark.check), None)
    if check is None or check.status != CheckMark.Status.WAITING:
        raise NothingToMark(_("This answer does not wait for a person. Reload the page to see its mark."))
    rubric = mark.submission.exercise.checks.get(slug=check.slug).rubric
    _give(check, points=rubric_points(rubric, levels=rubric_mark.levels))
    check.message, check.rubric_levels = rubric_mark.comment, rubric_mark.levels
    new = _add_mark(
        mark.submission, checks=checks, now=now, replaces=_still_newest(mark), given_by=by, reason=rubric_mark.comment
    )
    audit.record("mark.completed", subject=new, by=by, at=now, about=mark.submission.learner, levels=rubric_mark.levels)
    _tell(new, at=now)
    return new


def rubric_points(rubric: list[dict[str, Any]], *, levels: dict[str, int]) -> Decimal:
    """The points that these levels give. Raises MarkOutOfRange for a missing criterion or a level outside 0 to 4."""
    total = Decimal(0)
    for criterion in rubric:
        level = levels.get(criterion["id"])
        if level is None or not 0 <= level <= 4:
            raise MarkOutOfRange(_("Choose a level from 0 to 4 for “%(title)s”.") % {"title": criterion["title"]})
        total += Decimal(str(criterion["points"])) * level / 4
    return total.quantize(CENT, rounding=ROUND_HALF_UP)


def _give(check: CheckMark, *, points: Decimal) -> None:
    if not 0 <= points <= check.max_points:
        raise MarkOutOfRange(
            _("Give “%(title)s” between 0 and %(most)s points.")
            % {"title": check.title, "most": check.max_points.normalize()}
        )
    check.points = points
    full, none = points == check.max_points, points == 0
    check.status = CheckMark.Status.PASSED if full else CheckMark.Status.FAILED if none else CheckMark.Status.PARTIAL


def _check_mark(spec: Check, *, result: CheckResult, verdict: Verdict) -> CheckMark:
    return CheckMark(
        slug=spec.slug,
        position=spec.position,
        title=spec.title,
        status=result.status,
        points=None if result.points is None else Decimal(str(result.points)).quantize(CENT),
        max_points=spec.max_points,
        message=result.message,
        hidden=result.hidden,
        answer=verdict.free_text.get(spec.slug, ""),
    )


def _copies(mark: Mark) -> list[CheckMark]:
    checks = list(mark.checks.all())
    for check in checks:
        check.pk = None
        check._state.adding = True
    return checks


def _still_newest(mark: Mark) -> Mark:
    Submission.objects.select_for_update().get(pk=mark.submission_id)
    if Mark.objects.filter(replaces=mark).exists():
        raise MarkReplaced(_("Somebody changed this mark while you looked at it. Reload the page to see the new one."))
    return mark


def _add_mark(
    submission: Submission,
    *,
    checks: list[CheckMark],
    now: dt.datetime,
    replaces: Mark | None,
    given_by: User | None = None,
    reason: str = "",
    provenance: dict[str, Any] | None = None,
) -> Mark:
    decided = [check for check in checks if check.points is not None]
    points = sum((check.points for check in decided if check.points is not None), Decimal(0))
    mark = Mark.objects.create(
        submission=submission,
        points=points,
        max_points=sum((check.max_points for check in decided), Decimal(0)),
        waiting_points=sum((check.max_points for check in checks if check.points is None), Decimal(0)),
        passed=_passes(submission, checks=checks),
        marked_at=now,
        given_by=given_by,
        reason=reason,
        replaces=replaces,
        provenance=provenance if provenance is not None else (replaces.provenance if replaces else {}),
    )
    for check in checks:
        check.mark = mark
    CheckMark.objects.bulk_create(checks)
    return mark


def _passes(submission: Submission, *, checks: list[CheckMark]) -> bool:
    """Passing rests on the automatic checks alone; what a person marks is evidence of its own."""
    by_person = set(submission.exercise.checks.filter(by_person=True).values_list("slug", flat=True))
    tested = [check for check in checks if check.slug not in by_person]
    most = sum((check.max_points for check in tested), Decimal(0))
    got = sum((check.points or Decimal(0) for check in tested), Decimal(0))
    return bool(tested) and got >= submission.exercise.pass_share * most


def _tell(mark: Mark, *, at: dt.datetime) -> None:
    title = mark.submission.exercise.item_version.title
    body = _(
        "A trainer has marked your work on “%(title)s”: %(points)s of %(most)s points.\n\n%(reason)s\n\n"
        "Sign in to see each check, and the mark before this one.\n"
    ) % {"title": title, "points": mark.points, "most": mark.max_points, "reason": mark.reason}
    outbox.add(to=mark.submission.learner, subject=_("Your mark for “%s” has changed") % title, body=body, at=at)
