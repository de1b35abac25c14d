"""Who may see a submission as its learner."""

from upskill.people.models import User

from .models import Submission


def is_own(person: User, *, submission: Submission) -> bool:
    """The learner who handed it in, while their account is active."""
    return person.is_active and submission.learner_id == person.pk
