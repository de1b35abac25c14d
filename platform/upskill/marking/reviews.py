"""Reviews: a learner doubts a mark, and a trainer who did not give it upholds or changes it.

Both acts hold the submission's row and ask the rule again, so that of two at once one is done and the other refused.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from upskill.core import audit, outbox
from upskill.people import queries as people
from upskill.people.models import User

from . import chain, queries, rules
from .models import CheckMark, Mark, Review, ReviewDecision
from .points import change_points, in_figures, rubric_points
from .reasons import usable
from .services import NothingChanged, NothingToMark


@dataclass(frozen=True)
class Change:
    """What a review changes: check -> points, for tests; check -> criterion -> level, for free text that has levels."""

    points: dict[str, Decimal] = field(default_factory=dict)
    levels: dict[str, dict[str, int]] = field(default_factory=dict)


@transaction.atomic
def ask_review(mark: Mark, *, reason: str, by: User, now: dt.datetime) -> Review:
    """The learner's review of the mark in effect, open until it is decided. Trainers who may decide are told by mail.

    Raises MarkReplaced, ReasonUnusable, and what rules.check_ask_review raises.
    """
    chain.refuse_replaced(mark)
    rules.check_ask_review(by, mark=mark)
    review = Review.objects.create(mark=mark, asked_by=by, reason=usable(reason), asked_at=now)
    audit.record("review.asked", subject=review, by=by, at=now, about=by)
    _tell_trainers(review, at=now)
    return review


@transaction.atomic
def decide_review(
    review: Review, *, seen: Mark, change: Change | None, reason: str, by: User, now: dt.datetime
) -> ReviewDecision:
    """The decision of an open review: a `change` makes a new mark that replaces `seen`, None upholds it.

    `seen` is the mark in effect when the trainer looked: others may have marked since the learner asked. The learner
    is told by mail, and so is whoever gave the doubted mark. Raises MarkReplaced, ReasonUnusable, what
    rules.check_decide_review raises, and for a change MarkOutOfRange, NothingChanged or NothingToMark.
    """
    chain.hold(review.mark.submission_id)
    review = queries.reviews().get(pk=review.pk)  # as it is now that nobody else can decide it
    rules.check_decide_review(by, review=review)
    if seen.submission_id != review.mark.submission_id:
        raise NothingToMark(_("This review is about another answer."))
    chain.refuse_replaced(seen)
    why = usable(reason)
    new = _changed(seen, change=change, reason=why, by=by, now=now) if change else None
    outcome = ReviewDecision.Outcome.CHANGED if new else ReviewDecision.Outcome.UPHELD
    decision = ReviewDecision.objects.create(
        review=review, decided_by=by, outcome=outcome, reason=why, decided_at=now, new_mark=new
    )
    audit.record("review.decided", subject=review, by=by, at=now, about=review.asked_by, outcome=str(outcome))
    _tell_learner(decision, seen=seen)
    _tell_who_marked(decision, seen=seen)
    return decision


def _changed(seen: Mark, *, change: Change, reason: str, by: User, now: dt.datetime) -> Mark:
    checks = chain.copies(seen)
    rubrics = {check.slug: check.rubric for check in seen.submission.exercise.checks.filter(by_person=True)}
    tested = {check.slug for check in checks if check.slug not in rubrics}
    judged = {check.slug for check in checks if check.rubric_levels}
    if set(change.points) - tested or set(change.levels) - judged:
        raise NothingToMark(_("A review changes points of tests, and levels that a person gave before."))
    touched = 0
    for check in checks:
        if change.points.get(check.slug, check.points) != check.points:
            change_points(check, points=change.points[check.slug])
            touched += 1
        elif change.levels.get(check.slug, check.rubric_levels) != check.rubric_levels:
            _change_levels(check, rubric=rubrics[check.slug], levels=change.levels[check.slug])
            touched += 1
    if not touched:
        raise NothingChanged(_("You have not changed any points or levels. Change at least one, or uphold the mark."))
    new = chain.replace(seen, checks=checks, by=by, reason=reason, now=now)
    points = {"old": in_figures(seen.points), "new": in_figures(new.points)}
    audit.record("mark.overridden", subject=new, by=by, at=now, about=seen.submission.learner, **points)
    return new


def _change_levels(check: CheckMark, *, rubric: list[dict[str, Any]], levels: dict[str, int]) -> None:
    """Other levels, and the points that follow. What was said of the answer before stays below."""
    before = check.message
    change_points(check, points=rubric_points(rubric, levels=levels))
    check.rubric_levels = levels
    check.message = "\n".join(filter(None, [_("A trainer changed the levels of this answer after a review."), before]))


def _tell_trainers(review: Review, *, at: dt.datetime) -> None:
    item = review.mark.submission.exercise.item_version
    words = {"title": item.title, "course": item.module.course_version.title}
    subject = _("A learner asks for a review: “%(title)s”") % words
    body = (
        _(
            "A learner doubts the mark of their answer to “%(title)s” in the course “%(course)s”, and asks a person to "
            "look at it.\n\nYou have not marked it, so you may decide. Sign in and open “Marking”: reviews that wait "
            "for you stand first in the list of answers.\n"
        )
        % words
    )
    for trainer in queries.reviewers_of(review.mark):
        outbox.add(to=trainer, subject=subject, body=body, at=at)


def _tell_learner(decision: ReviewDecision, *, seen: Mark) -> None:
    words = _words(decision, seen=seen)
    subject = _("Your review of “%(title)s” is decided") % words
    body = _(
        "You asked for a review of your mark on “%(title)s”. %(name)s, a trainer who had not marked it, has looked at "
        "it.\n\n%(outcome)s\n\n%(reason)s\n\nSign in and open “My learning”, then this answer, to see each check and "
        "every mark before.\n"
    )
    outbox.add(to=decision.review.asked_by, subject=subject, body=body % words, at=decision.decided_at)


def _tell_who_marked(decision: ReviewDecision, *, seen: Mark) -> None:
    """Whoever gave the doubted mark or the one in effect, while they train the course: others may not know of it."""
    words = _words(decision, seen=seen)
    subject = _("A mark that you gave was reviewed: “%(title)s”") % words
    body = _(
        "A learner asked for a review of a mark that you gave on “%(title)s”. %(name)s has decided it.\n\n%(outcome)s"
        "\n\n%(reason)s\n\nSign in and open “Marking” to see the answer with every mark.\n"
    )
    gave = [mark.given_by_id for mark in (decision.review.mark, seen) if mark.given_by_id]
    course = seen.submission.exercise.item_version.item.course_id
    for trainer in people.trainers_of(course).filter(pk__in=gave).exclude(pk=decision.decided_by_id):
        outbox.add(to=trainer, subject=subject, body=body % words, at=decision.decided_at)


def _words(decision: ReviewDecision, *, seen: Mark) -> dict[str, str]:
    old = _("%(points)s of %(most)s points") % _figures(seen)
    new = _("%(points)s of %(most)s points") % _figures(decision.new_mark or seen)
    changed = _("The mark has changed: %(new)s. It was %(old)s.") % {"new": new, "old": old}
    stays = _("The mark stays as it is: %(new)s.") % {"new": new}
    return {
        "title": seen.submission.exercise.item_version.title,
        "name": decision.decided_by.full_name,
        "outcome": changed if decision.new_mark else stays,
        "reason": decision.reason,
    }


def _figures(mark: Mark) -> dict[str, str]:
    return {"points": in_figures(mark.points), "most": in_figures(mark.max_points)}
