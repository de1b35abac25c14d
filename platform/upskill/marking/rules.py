"""Who may see, mark and review a submission, and when."""

from django.utils.translation import gettext as _

from upskill.core.rules import NotAllowed, NotNow, claim
from upskill.learning import rules as learning_rules
from upskill.learning.models import Submission
from upskill.people import rules as people_rules
from upskill.people.models import User

from .models import Job, Mark, Review


def check_see_submission(person: User, *, submission: Submission) -> None:
    """A trainer of the submission's course. One query."""
    people_rules.check_train(person, course=submission.exercise.item_version.item.course_id)


def check_mark(person: User, *, submission: Submission) -> None:
    """A trainer of the course, but never of their own work. One query."""
    check_see_submission(person, submission=submission)
    if submission.learner_id == person.pk:
        raise NotAllowed(_("This is your own work. Another trainer of the course marks it."))


def check_see_receipt(person: User, *, submission: Submission) -> None:
    """The learner whose mark it is, or a trainer of the course. At most one query."""
    if not learning_rules.is_own(person, submission=submission):
        check_see_submission(person, submission=submission)


def check_ask_review(person: User, *, mark: Mark) -> None:
    """The learner, of the mark in effect, once, and not while another review of the answer is open. Two queries."""
    learning_rules.check_own(person, submission=mark.submission)
    if Mark.objects.filter(replaces=mark).exists():
        raise NotNow(_("This mark has been replaced. Ask about the one that counts now."))
    if not mark.max_points:
        raise NotNow(_("Nothing of this answer has been marked yet. Wait until a trainer has looked at it."))
    reviews = list(Review.objects.filter(mark__submission=mark.submission_id).select_related("decision"))
    if any(not hasattr(review, "decision") for review in reviews):
        raise NotNow(_("You have asked for a review of this answer already. A trainer will look at it."))
    if any(mark.pk in {review.mark_id, review.decision.new_mark_id} for review in reviews):
        raise NotNow(_("A trainer has reviewed this mark already. If you doubt it, ask those who run this service."))


def check_decide_review(person: User, *, review: Review) -> None:
    """A trainer of the course who gave none of the marks up to the doubted one, while it is open.

    Two queries, of a review that comes from queries.reviews().
    """
    submission = review.mark.submission
    check_mark(person, submission=submission)
    if submission.marks.filter(pk__lte=review.mark_id, given_by=person).exists():
        raise NotAllowed(_("You have marked this answer yourself. Another trainer of the course reviews it."))
    if hasattr(review, "decision"):
        raise NotNow(_("This review has been decided already."))


def check_rerun(person: User, *, mark: Mark) -> None:
    """Whoever sees the receipt, of an automatic mark, while it is not being made again. At most two queries."""
    check_see_receipt(person, submission=mark.submission)
    if mark.given_by_id is not None:
        raise NotNow(_("A person gave this mark. Only a mark that the tests gave can be made again."))
    open_states = [Job.State.QUEUED, Job.State.RUNNING]
    if Job.objects.filter(rerun_of=mark, regrade=None, state__in=open_states).exists():
        raise NotNow(_("This mark is being made again now. The result appears here in a few seconds."))


can_see_submission = claim(check_see_submission)
can_mark = claim(check_mark)
can_see_receipt = claim(check_see_receipt)
can_ask_review = claim(check_ask_review)
can_decide_review = claim(check_decide_review)
can_rerun = claim(check_rerun)
