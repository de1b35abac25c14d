"""Who may open what is in a course, and see a submission as its learner."""

from django.utils.translation import gettext as _

from upskill.catalogue.models import ExerciseVersion, Item
from upskill.catalogue.queries import clearance_of
from upskill.core.rules import NotNow, NotThere, claim
from upskill.people.models import User

from .models import Submission
from .queries import is_enrolled


class NotEnrolled(NotNow):
    """The person has not started the course. Starting takes one click."""


def check_open_course(person: User, *, course: str) -> None:
    """Somebody who has started the course with this id: opens its items and hands in. Raises NotEnrolled. One query."""
    if not is_enrolled(person, course=course):
        raise NotEnrolled(_("Start this course to open what is in it."))


class NotChecked(NotNow):
    """The exercise has no certificate of its content: it can be practised, and nobody can hand it in yet."""


def check_hand_in(exercise: ExerciseVersion) -> None:
    """Whoever may open it, once it has been checked; a reflection at once, which a person marks. Raises NotChecked.

    No query for an exercise that was read with its item and its clearance.
    """
    if clearance_of(exercise) is None and exercise.item_version.item.kind == Item.Kind.EXERCISE:
        raise NotChecked(_("This exercise has not been checked yet. You can work on it, and hand it in once it is."))


def check_own(person: User, *, submission: Submission) -> None:
    """The learner who handed it in, while their account is active."""
    if not (person.is_active and submission.learner_id == person.pk):
        raise NotThere(_("This is not your work."))


can_open_course = claim(check_open_course)
can_hand_in = claim(check_hand_in)
is_own = claim(check_own)
