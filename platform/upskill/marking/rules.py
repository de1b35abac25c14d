"""Who may see and mark a submission as a trainer, and when."""

from upskill.learning.models import Submission
from upskill.people import rules as people_rules
from upskill.people.models import User


def can_see_submission(person: User, *, submission: Submission) -> bool:
    """A trainer of the submission's course."""
    return people_rules.is_trainer_of(person, course=submission.exercise.item_version.item.course_id)


def can_mark(person: User, *, submission: Submission) -> bool:
    """A trainer of the course, but never of their own work."""
    return submission.learner_id != person.pk and can_see_submission(person, submission=submission)
