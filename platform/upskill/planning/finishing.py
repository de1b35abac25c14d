"""When somebody has finished a course, and when they have finished it anew.

Finished: what takes a certificate of the course as it is published now (skills/certificates.py). Finished anew: that,
and since their last completion each quiz and exercise that counts was passed again, by new work. Lessons need not be
read again, and a diagnostic has nothing to pass.
"""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Item, ItemVersion
from upskill.learning.models import ItemProgress, QuizAttempt
from upskill.marking.models import Mark
from upskill.people.models import User
from upskill.skills import certificates

from .models import Completion
from .queries import completions


def counted(course: str) -> "QuerySet[ItemVersion]":
    """The items of the course as it is published now that finishing it takes; not a diagnostic."""
    current = ItemVersion.objects.filter(
        module__course_version__course=course, module__course_version=F("item__course__current_version")
    )
    of_content = Q(item__kind=Item.Kind.QUIZ, content__has_key="diagnostic")  # the kind first: contents are large
    return current.exclude(item__kind=Item.Kind.WORKSHOP).exclude(of_content)


def may_be_finished(learner: User, *, course: str) -> bool:
    """False where something that counts was never done: what most steps through a course find. One query."""
    done = ItemProgress.objects.filter(learner=learner, item=OuterRef("item"), completed_at__isnull=False)
    return not counted(course).exclude(Exists(done)).exists()


def is_finished(learner: User, *, course: str) -> bool:
    """Whether the learner would get a certificate now. Six queries at most."""
    outline = catalogue.outline(course)
    if outline is None:
        return False
    try:
        certificates.check_finished(learner, outline=outline)
    except certificates.NotFinished:
        return False
    return True


def is_finished_anew(learner: User, *, course: str) -> bool:
    """Whether there is something to take down: the first finish, or all that can be passed since the last one."""
    newest = newest_completion(learner, course=course)
    return (newest is None or _passed_again(learner, course=course, since=newest.finished_at)) and is_finished(
        learner, course=course
    )


def newest_completion(learner: User, *, course: str) -> Completion | None:
    """The newest that nothing takes back. One query."""
    return completions().filter(learner=learner, course=course).order_by("-finished_at", "-pk").first()


def is_held_up(completion: Completion, *, exercise: Item) -> bool:
    """Whether an answer to the exercise from after the completion before this one passes. Two queries."""
    earlier = completions().filter(learner=completion.learner_id, course=completion.course_id, pk__lt=completion.pk)
    before = earlier.order_by("-finished_at", "-pk").first()
    passing = Mark.objects.filter(
        submission__learner=completion.learner_id,
        submission__exercise__item_version__item=exercise,
        replaced_by=None,
        passed=True,
    )
    return (passing.filter(submission__submitted_at__gt=before.finished_at) if before else passing).exists()


def finished_at(learner: User, *, course: str) -> dt.datetime:
    """When somebody did the last of what counts who has finished the course. Seven queries."""
    outline = catalogue.outline(course)
    assert outline is not None  # noqa: S101 - whoever finished it found it
    return certificates.facts(learner, outline=outline).finished_at


def _passed_again(learner: User, *, course: str, since: dt.datetime) -> bool:
    """Whether each quiz and exercise was passed by work from after that moment; False for a course without. Two queries
    at most.
    """
    quizzes = QuizAttempt.objects.filter(
        learner=learner, quiz__item=OuterRef("item"), passed=True, answered_at__gt=since
    )
    marks = Mark.objects.filter(
        submission__learner=learner,
        submission__exercise__item_version__item=OuterRef("item"),
        submission__submitted_at__gt=since,
        replaced_by=None,
        passed=True,
    )
    to_pass = counted(course).exclude(item__kind=Item.Kind.LESSON)
    return to_pass.exists() and not to_pass.exclude(Exists(quizzes)).exclude(Exists(marks)).exists()
