"""Marks: written from the engine's verdict or by a person, added and never edited."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from grading.protocol import CheckResult, Limits, Verdict
from grading.protocol import Job as EngineJob
from upskill.catalogue.models import Check, ExerciseVersion
from upskill.core import audit, blobs, outbox
from upskill.core.redaction import ForOperators
from upskill.learning.models import Submission
from upskill.people.models import User

from . import chain, versions
from .chain import MarkReplaced
from .models import CheckMark, Mark, Regrade
from .points import HUNDREDTH, MarkOutOfRange, change_points, give, in_figures, rubric_points

__all__ = [
    "MarkOutOfRange",
    "MarkReplaced",
    "NothingChanged",
    "NothingToMark",
    "RubricMark",
    "VerdictDoesNotFit",
    "check_marks",
    "engine_job",
    "mark_by_rubric",
    "override_mark",
    "record_verdict",
    "record_view",
]


class NothingChanged(Exception):
    """The points given are those that the mark has already."""


class NothingToMark(Exception):
    """The check is not one that can be marked in this way: a rubric for free text, points for tests."""


class VerdictDoesNotFit(ForOperators):
    """The engine judged other checks than the exercise has, or what only a person may: our fault, never a mark."""


@dataclass(frozen=True)
class RubricMark:
    """A person's judgement of one free-text answer: criterion id -> level from 0 to 4, and why."""

    check: str
    levels: dict[str, int]
    comment: str


def engine_job(
    submission: Submission,
    *,
    token: str,
    tests: ExerciseVersion | None = None,
    rerun_of: int | None = None,
    regrade: int | None = None,
) -> EngineJob:
    """What the engine gets: the published exercise and the learner's answer. Three reads of blobs, five for a regrade.

    `tests` are those of another version, where one's own had stopped the marking. `rerun_of` is the id of a mark that
    is made again: with the seed that it was made with, and with its tests, or for a `regrade` the newest ones if they
    fit.
    """
    exercise, before = tests or submission.exercise, {}
    if rerun_of:
        mark = Mark.objects.get(pk=rerun_of)
        mark.submission = submission
        whole = Regrade.objects.select_related("newest").get(pk=regrade) if regrade else None
        exercise, before = versions.tests_for(mark, regrade=whole), mark.provenance
    return EngineJob(
        job_id=token,
        source=blobs.read(exercise.source_sha256).decode(),
        answer=blobs.read(submission.blob_id).decode(),
        files=blobs.read_all(exercise.files),
        limits=Limits(**exercise.limits),
        seed=before.get("seed", submission.pk % 2**31),
        hidden_messages=exercise.hidden_messages,
    )


def record_view(submission: Submission, *, by: User, now: dt.datetime) -> None:
    """Write down that a trainer looked at a learner's work: the learner may know who did."""
    audit.record("submission.viewed", subject=submission, by=by, at=now, about=submission.learner)


def record_verdict(
    submission: Submission, *, verdict: Verdict, now: dt.datetime, tests: ExerciseVersion | None = None
) -> Mark:
    """The automatic mark with a result per check, by these tests or those of the answer's own version; in the caller's
    transaction. Raises VerdictDoesNotFit.
    """
    checks = check_marks(submission, verdict=verdict)
    chain.hold(submission.pk)
    latest = Mark.objects.filter(submission=submission, replaced_by=None).first()
    provenance = versions.provenance(verdict, submission=submission, tests=tests or submission.exercise)
    mark = chain.add(submission, checks=checks, now=now, replaces=latest, provenance=provenance)
    audit.record("mark.given", subject=mark, by=None, at=now, about=submission.learner, points=in_figures(mark.points))
    return mark


def check_marks(submission: Submission, *, verdict: Verdict) -> list[CheckMark]:
    """What the verdict says of each check, unsaved, in the order of the notebook. Raises VerdictDoesNotFit."""
    specs = {check.slug: check for check in submission.exercise.checks.all()}
    _refuse_unless_fitting(verdict, specs=specs)
    return [_check_mark(specs[result.check], result=result, verdict=verdict) for result in verdict.checks]


@transaction.atomic
def override_mark(mark: Mark, *, points: dict[str, Decimal], reason: str, by: User, now: dt.datetime) -> Mark:
    """A new mark that replaces `mark`, with these points for these checks; the old one is kept, the learner is told.

    Each check that changed says so. Checks with a rubric are not for this: their points follow from levels.
    Raises MarkOutOfRange, NothingChanged, NothingToMark, MarkReplaced, ReasonUnusable.
    """
    checks = chain.copies(mark)
    _refuse_unless_tested(mark, slugs=set(points))
    changed = [check for check in checks if points.get(check.slug, check.points) != check.points]
    if not changed:
        raise NothingChanged(_("You have not changed any points. Change at least one, or go back."))
    for check in changed:
        change_points(check, points=points[check.slug])
    new = chain.replace(mark, checks=checks, by=by, reason=reason, now=now)
    change = {"old": in_figures(mark.points), "new": in_figures(new.points)}
    audit.record("mark.overridden", subject=new, by=by, at=now, about=mark.submission.learner, **change)
    _tell(new, at=now)
    return new


@transaction.atomic
def mark_by_rubric(mark: Mark, *, rubric_mark: RubricMark, by: User, now: dt.datetime) -> Mark:
    """A new mark in which a person judged a free-text answer; the old one is kept, the learner is told.

    An answer that has levels already gets new ones: a correction.
    Raises NothingToMark, MarkOutOfRange, MarkReplaced, ReasonUnusable.
    """
    spec = mark.submission.exercise.checks.filter(slug=rubric_mark.check, by_person=True).first()
    checks = chain.copies(mark)
    check = next((check for check in checks if spec and check.slug == spec.slug), None)
    if spec is None or check is None:
        raise NothingToMark(_("This part is marked by its tests. Change its points instead."))
    give(check, points=rubric_points(spec.rubric, levels=rubric_mark.levels))
    check.message, check.rubric_levels = rubric_mark.comment, rubric_mark.levels
    new = chain.replace(mark, checks=checks, by=by, reason=rubric_mark.comment, now=now)
    audit.record("mark.completed", subject=new, by=by, at=now, about=mark.submission.learner, levels=rubric_mark.levels)
    _tell(new, at=now)
    return new


def _refuse_unless_tested(mark: Mark, *, slugs: set[str]) -> None:
    tested = set(mark.submission.exercise.checks.filter(by_person=False).values_list("slug", flat=True))
    if slugs - tested:
        raise NothingToMark(_("Only the points of tests can be changed here. Mark free text with its rubric."))


def _refuse_unless_fitting(verdict: Verdict, *, specs: dict[str, Check]) -> None:
    judged = sorted(result.check for result in verdict.checks)
    if judged != sorted(specs):
        raise VerdictDoesNotFit(f"The engine judged {judged}, but the exercise has {sorted(specs)}.")
    given = [result.check for result in verdict.checks if result.points and specs[result.check].by_person]
    if given:
        raise VerdictDoesNotFit(f"The engine gave points for {given}, which only a person marks.")


def _check_mark(spec: Check, *, result: CheckResult, verdict: Verdict) -> CheckMark:
    return CheckMark(
        slug=spec.slug,
        position=spec.position,
        title=spec.title,
        status=result.status,
        points=None if result.points is None else Decimal(str(result.points)).quantize(HUNDREDTH),
        max_points=spec.max_points,
        message=result.message,
        hidden=result.hidden,
        answer=verdict.free_text.get(spec.slug, ""),
    )


def _tell(mark: Mark, *, at: dt.datetime) -> None:
    title = mark.submission.exercise.item_version.title
    body = _(
        "A trainer has marked your work on “%(title)s”: %(points)s of %(most)s points.\n\n%(reason)s\n\n"
        "Sign in to see each check, and the mark before this one.\n"
    ) % {
        "title": title,
        "points": in_figures(mark.points),
        "most": in_figures(mark.max_points),
        "reason": mark.reason,
    }
    outbox.add(to=mark.submission.learner, subject=_("Your mark for “%s” has changed") % title, body=body, at=at)
