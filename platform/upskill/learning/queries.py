"""Reads of learning: what a learner takes, where they are, and what they handed in."""

from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from upskill.catalogue.models import Item
from upskill.people.models import User

from .models import Enrolment, ItemProgress, QuizAttempt, Submission

# An exercise as a page is large and stands in a row that a submission's title comes from: whoever wants it, asks.
TEXT_OF_EXERCISE = "exercise__item_version__content"
_VERSION_TAKEN = """
SELECT c.current_version_id FROM learning_enrolment e JOIN catalogue_course c ON c.id = e.course_id
WHERE e.course_id = %s AND e.learner_id = %s
"""  # every save asks it, and Django takes longer to write it than PostgreSQL to answer


def is_enrolled(learner: User, *, course: str) -> bool:
    """True if the learner takes this course."""
    return Enrolment.objects.filter(learner=learner, course=course).exists()


def version_taken(learner: User, *, course: str) -> int | None:
    """The id of the version that a learner of this course gets now; None for anybody else. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION_TAKEN, [course, learner.pk])
        row: tuple[int] | None = cursor.fetchone()
    return row[0] if row else None


def enrolments(learner: User) -> "QuerySet[Enrolment]":
    """What the learner takes, newest first, with the course's current version."""
    taken = Enrolment.objects.filter(learner=learner).select_related("course__current_version")
    return taken.order_by("-enrolled_at", "-pk")


def completed_items(learner: User, *, courses: list[str]) -> set[int]:
    """Ids of the items of these courses that the learner has completed."""
    done = ItemProgress.objects.filter(learner=learner, item__course__in=courses, completed_at__isnull=False)
    return set(done.values_list("item_id", flat=True))


def where_left(learner: User) -> Item | None:
    """The item that the learner saw last and has not completed."""
    newest = newest_open(learner)
    return newest.item if newest else None


def newest_open(learner: User) -> ItemProgress | None:
    """The same with the moments at which they were there. One query."""
    open_items = ItemProgress.objects.filter(learner=learner, completed_at=None).select_related("item")
    return open_items.order_by("-last_seen_at").first()


def submissions_of(learner: User, *, item: Item) -> "QuerySet[Submission]":
    """The learner's submissions of an exercise, in all its versions, newest first."""
    mine = Submission.objects.filter(learner=learner, exercise__item_version__item=item)
    return mine.select_related("exercise__item_version").defer(TEXT_OF_EXERCISE).order_by("-attempt")


def newest_submissions(learner: User) -> "QuerySet[Submission]":
    """Everything that the learner handed in, in any course, newest first."""
    mine = Submission.objects.filter(learner=learner).select_related("exercise__item_version__item")
    return mine.defer(TEXT_OF_EXERCISE).order_by("-submitted_at", "-pk")


def submission(public_id: UUID) -> Submission | None:
    """The submission with its learner, exercise, item and course version."""
    related = ("learner", "exercise__item_version__item", "exercise__item_version__module__course_version")
    found = Submission.objects.select_related(*related).defer(TEXT_OF_EXERCISE)
    return found.filter(public_id=public_id).first()


def newest_quiz_attempt(learner: User, *, item: Item) -> QuizAttempt | None:
    """The learner's newest attempt at a quiz, in any of its versions."""
    mine = QuizAttempt.objects.filter(learner=learner, quiz__item=item).select_related("quiz")
    return mine.order_by("-answered_at", "-pk").first()


def is_first_attempt(attempt: QuizAttempt) -> bool:
    """True if its learner had not answered this version of the quiz before. One query."""
    others = QuizAttempt.objects.filter(learner=attempt.learner_id, quiz=attempt.quiz_id)
    return not others.filter(pk__lt=attempt.pk).exists()
