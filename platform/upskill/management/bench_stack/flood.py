"""Very many answers that wait at once: regrades of what was marked before, and a rush of one department."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from upskill.learning.models import Enrolment
from upskill.marking.dispatch import RUSH
from upskill.marking.models import Job, Regrade

from .copies import Copies
from .crowd import add_department
from .earlier import Earlier, first_answer

WAITING = {"state": "'queued'", "tries": "0", "queued_at": "now()", "started_at": "NULL", "ended_at": "NULL"}


@transaction.atomic
def make(regrades: int, rush: int) -> dict[str, Any]:
    """So many marked answers whose regrade waits, and so many learners of one department who have just handed in.

    Each of these can be marked. The rows are written as jobs.enqueue would have, without its calls.
    """
    mark = first_answer()
    earlier = Earlier(mark, number=regrades, blob=mark.submission.blob_id)
    earlier.add()
    _queue_regrades(earlier)
    _queue_rush(earlier, number=rush)
    return {"regrades": regrades, "rush": rush}


def _queue_regrades(earlier: Earlier) -> None:
    exercise = earlier.mark.submission.exercise
    begun = {"reason": "The bench marks it again.", "is_dry_run": False, "started_at": timezone.now()}
    regrade = Regrade.objects.create(item=exercise.item_version.item, newest=exercise, **begun)
    who = {"submission_id": earlier.answers.id, "learner_id": earlier.learner, "department": earlier.department}
    again = {"lane": f"'{Job.Lane.REGRADE}'", "regrade_id": str(regrade.pk), "rerun_of_id": earlier.marks.id}
    Copies.of(earlier.jobs.row, number=earlier.number).add(WAITING | who | again)


def _queue_rush(earlier: Earlier, *, number: int) -> None:
    department = add_department("rush")
    submission = earlier.mark.submission
    people = Copies.of(submission.learner, number=number)
    people.add({"public_id": "gen_random_uuid()", "email": f"'rush-' || {people.id} || '@example.gov.uk'"})
    post = Copies.of(submission.learner.memberships.get(), number=number)
    post.add({"person_id": people.id, "organisation_id": str(department.pk)})
    enrolment = Copies.of(Enrolment.objects.get(learner=submission.learner), number=number)
    enrolment.add({"learner_id": people.id})
    answers = Copies.of(submission, number=number)
    answers.add({"public_id": "gen_random_uuid()", "learner_id": people.id, "submitted_at": "now()"})
    lane = f"CASE WHEN n <= {RUSH} THEN '{Job.Lane.INTERACTIVE}' ELSE '{Job.Lane.DEADLINE}' END"
    who = {"submission_id": answers.id, "learner_id": people.id, "department": f"'{department.code}'", "lane": lane}
    Copies.of(earlier.jobs.row, number=number).add(WAITING | who)
