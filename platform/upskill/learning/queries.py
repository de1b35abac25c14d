"""Reads of learning: what a learner takes, where they are, and what they handed in."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from upskill.catalogue.models import Item, ItemVersion
from upskill.people.models import User

from .models import Enrolment, ItemProgress, QuizAttempt, Submission


@dataclass(frozen=True)
class CourseProgress:
    """How far a learner is in the current version of a course."""

    course: str
    done: int
    items: int

    @property
    def percent(self) -> int:
        """Items done, in whole per cent, rounded down; 0 for a course without items."""
        return self.done * 100 // self.items if self.items else 0


def is_enrolled(learner: User, *, course: str) -> bool:
    """True if the learner takes this course."""
    return Enrolment.objects.filter(learner=learner, course=course).exists()


def enrolments(learner: User) -> "QuerySet[Enrolment]":
    """What the learner takes, newest first, with the course's current version."""
    taken = Enrolment.objects.filter(learner=learner).select_related("course__current_version")
    return taken.order_by("-enrolled_at", "-pk")


def completed_items(learner: User, *, courses: list[str]) -> set[int]:
    """Ids of the items of these courses that the learner has completed."""
    done = ItemProgress.objects.filter(learner=learner, item__course__in=courses, completed_at__isnull=False)
    return set(done.values_list("item_id", flat=True))


def course_progress(learner: User, *, courses: list[str]) -> dict[str, CourseProgress]:
    """Course id -> progress in its current version, for each of `courses` that is published. Two queries."""
    done = completed_items(learner, courses=courses)
    current = ItemVersion.objects.filter(
        item__course__in=courses, module__course_version=F("item__course__current_version")
    )
    items: dict[str, list[int]] = {}
    for course, item in current.values_list("item__course_id", "item_id"):
        items.setdefault(course, []).append(item)
    return {
        course: CourseProgress(course=course, done=len(done & set(ids)), items=len(ids))
        for course, ids in items.items()
    }


def where_left(learner: User) -> Item | None:
    """The item that the learner saw last and has not completed."""
    open_items = ItemProgress.objects.filter(learner=learner, completed_at=None).select_related("item")
    newest = open_items.order_by("-last_seen_at").first()
    return newest.item if newest else None


def submissions_of(learner: User, *, item: Item) -> "QuerySet[Submission]":
    """The learner's submissions of an exercise, in all its versions, newest first."""
    mine = Submission.objects.filter(learner=learner, exercise__item_version__item=item)
    return mine.select_related("exercise__item_version").order_by("-attempt")


def newest_submissions(learner: User) -> "QuerySet[Submission]":
    """Everything that the learner handed in, in any course, newest first."""
    mine = Submission.objects.filter(learner=learner).select_related("exercise__item_version")
    return mine.order_by("-submitted_at", "-pk")


def submission(public_id: UUID) -> Submission | None:
    """The submission with its learner, exercise, item and course version."""
    related = ("learner", "exercise__item_version__item", "exercise__item_version__module__course_version")
    return Submission.objects.select_related(*related).filter(public_id=public_id).first()


def newest_quiz_attempt(learner: User, *, item: Item) -> QuizAttempt | None:
    """The learner's newest attempt at a quiz, in any of its versions."""
    mine = QuizAttempt.objects.filter(learner=learner, quiz__item=item).select_related("quiz")
    return mine.order_by("-answered_at", "-pk").first()
