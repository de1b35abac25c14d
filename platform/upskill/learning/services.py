"""Writes of learning: enrol, keep the place, answer a quiz, hand in a notebook."""

import datetime as dt
import hashlib
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from upskill.catalogue.models import Course, ExerciseVersion, Item, ItemVersion
from upskill.core import audit, blobs
from upskill.people.models import User

from . import quizzes
from .models import Enrolment, ItemProgress, QuizAttempt, Submission


class KeyReused(Exception):
    """An idempotency key stands for one answer, and now it came with another file or for another exercise."""


@transaction.atomic
def enrol(learner: User, *, course: Course, now: dt.datetime) -> Enrolment:
    """The learner's enrolment in the course. Safe to repeat: the first one stays."""
    enrolment, is_new = Enrolment.objects.get_or_create(learner=learner, course=course, defaults={"enrolled_at": now})
    if is_new:
        audit.record("learner.enrolled", subject=enrolment, by=learner, at=now, about=learner, course=course.pk)
    return enrolment


def see_item(learner: User, *, item: Item, now: dt.datetime) -> None:
    """Remember that the learner is here now: the page to go on from. Not audited: it is their own bookmark.

    One query, but for the first time.
    """
    if not ItemProgress.objects.filter(learner=learner, item=item).update(last_seen_at=now):
        first = {"opened_at": now, "last_seen_at": now}
        ItemProgress.objects.get_or_create(learner=learner, item=item, defaults=first)


@transaction.atomic
def complete_item(learner: User, *, item: Item, now: dt.datetime) -> None:
    """The learner has done this item. Safe to repeat: the first moment stays."""
    see_item(learner, item=item, now=now)
    if ItemProgress.objects.filter(learner=learner, item=item, completed_at=None).update(completed_at=now):
        audit.record("item.completed", subject=item, by=learner, at=now, about=learner)


@transaction.atomic
def record_quiz_attempt(learner: User, *, quiz: ItemVersion, answers: quizzes.Answers, now: dt.datetime) -> QuizAttempt:
    """The marked attempt. Raises quizzes.Unanswered when a question has no answer."""
    outcome = quizzes.mark(quiz.content, answers=answers)
    attempt = QuizAttempt.objects.create(
        learner=learner,
        quiz=quiz,
        answers=answers,
        right=outcome.right,
        questions=outcome.questions,
        passed=outcome.passed,
        answered_at=now,
    )
    audit.record("quiz.answered", subject=attempt, by=learner, at=now, about=learner, right=outcome.right)
    return attempt


def hold(learner: User) -> None:
    """Until the transaction ends, nobody else hands in anything of this learner's. One query."""
    User.objects.select_for_update().get(pk=learner.pk)


@transaction.atomic
def record_submission(
    learner: User, *, exercise: ExerciseVersion, content: bytes, idempotency_key: str, now: dt.datetime
) -> tuple[Submission, bool]:
    """The submission, and whether it is new: the same file with the same key again is what it made then.

    Raises KeyReused.
    """
    hold(learner)  # one at a time per learner: attempts count without gaps
    with_key = Submission.objects.filter(learner=learner, idempotency_key=idempotency_key)
    earlier = with_key.select_related("exercise__item_version").first()
    if earlier:
        _refuse_other_answer(earlier, exercise=exercise, content=content)
        return earlier, False
    mine = Submission.objects.filter(learner=learner, exercise__item_version__item=exercise.item_version.item)
    submission = Submission.objects.create(
        public_id=uuid.uuid4(),
        learner=learner,
        exercise=exercise,
        blob_id=blobs.store(content),
        idempotency_key=idempotency_key,
        attempt=(mine.aggregate(last=Max("attempt"))["last"] or 0) + 1,
        submitted_at=now,
    )
    audit.record("submission.received", subject=submission, by=learner, at=now, about=learner)
    return submission, True


def _refuse_other_answer(earlier: Submission, *, exercise: ExerciseVersion, content: bytes) -> None:
    is_same_file = earlier.blob_id == hashlib.sha256(content).hexdigest()
    if not is_same_file or earlier.exercise.item_version.item_id != exercise.item_version.item_id:
        raise KeyReused(_("This key was used for another answer. Use a new key for each answer that you hand in."))
