"""Who may open what is in a course, and see a submission as its learner."""

from django.utils.translation import gettext as _

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


def check_own(person: User, *, submission: Submission) -> None:
    """The learner who handed it in, while their account is active."""
    if not (person.is_active and submission.learner_id == person.pk):
        raise NotThere(_("This is not your work."))


can_open_course = claim(check_open_course)
is_own = claim(check_own)
