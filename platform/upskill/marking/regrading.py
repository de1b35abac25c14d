"""A regrade: every answer to one exercise is marked again. What the tests decided follows, what people decided stays.

Whoever begins one holds the exercise's row, whoever pauses or resumes one the regrade's: of two at once one is refused.
"""

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from grading.protocol import Outcome, Verdict
from upskill.catalogue.models import ExerciseVersion, Item
from upskill.core import audit, outbox
from upskill.learning.models import Submission
from upskill.learning.rules import can_hand_in

from . import chain, reruns, services, versions
from .models import CheckMark, Job, Mark, Regrade
from .points import in_figures
from .reasons import usable

# One job for each answer of people that has an automatic mark and is not being marked for the first time now. The
# department is that of today, as people.queries.department_of finds it.
_QUEUE = """
INSERT INTO marking_job
  (regrade_id, submission_id, learner_id, rerun_of_id, department, queued_at, lane, state, tries, reason, request_id)
SELECT DISTINCT ON (answer.id) %(regrade)s, answer.id, answer.learner_id, mark.id, coalesce(place.department, ''),
  %(now)s, 'regrade', 'queued', 0, '', ''
FROM catalogue_itemversion item
JOIN catalogue_exerciseversion exercise ON exercise.item_version_id = item.id
JOIN learning_submission answer ON answer.exercise_id = exercise.id
JOIN people_user learner ON learner.id = answer.learner_id AND NOT learner.is_probe
JOIN marking_mark mark ON mark.submission_id = answer.id AND mark.given_by_id IS NULL
LEFT JOIN LATERAL (
  SELECT split_part(organisation.path, '/', 1) AS department
  FROM people_membership post JOIN people_organisation organisation ON organisation.id = post.organisation_id
  WHERE post.person_id = answer.learner_id
    AND post.valid_from <= %(today)s AND (post.valid_to IS NULL OR post.valid_to > %(today)s)
  ORDER BY post.valid_from DESC LIMIT 1
) place ON true
WHERE item.item_id = %(item)s AND NOT EXISTS (
  SELECT 1 FROM marking_job open
  WHERE open.submission_id = answer.id AND open.rerun_of_id IS NULL AND open.state IN ('queued', 'running')
)
ORDER BY answer.id, mark.id DESC
"""


class RegradeUnderWay(Exception):
    """Answers to this exercise are being marked again already."""


class NothingToRegrade(Exception):
    """No answer to this exercise has an automatic mark."""


class TestsUnchecked(Exception):
    """The newest version of the exercise has no certificate of its content, so that no mark may come of its tests."""


class NothingToPause(Exception):
    """The regrade is paused already, is over, or another has followed it."""


class NothingToResume(Exception):
    """The regrade is not paused and nothing of it was stopped, or another has followed it."""


@transaction.atomic
def begin(newest: ExerciseVersion, *, reason: str, is_dry_run: bool, ran_by: str, now: dt.datetime) -> Regrade:
    """The regrade of the exercise with this newest version, a job queued for each answer. A worker must be woken after.

    `ran_by`, here and below: who sat at the shell, for the audit trail. Not a person of the service: an operator needs
    no account in it.

    An earlier one that is over or paused stays as it is and cannot be resumed any more. Raises RegradeUnderWay,
    NothingToRegrade, ReasonUnusable, and TestsUnchecked but for a dry run.
    """
    if not is_dry_run and not can_hand_in(newest):
        cure = "Run manage.py check_course and load the course again, or load it with --unchecked."
        raise TestsUnchecked(f"The newest version of {newest.item_version.item} has not been checked. {cure}")
    item = Item.objects.select_for_update(no_key=True).get(versions=newest.item_version_id)
    _end_earlier(item, is_dry_run=is_dry_run, now=now)
    regrade = Regrade.objects.create(
        item=item, newest=newest, reason=usable(reason), is_dry_run=is_dry_run, started_at=now
    )
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, {"regrade": regrade.pk, "item": item.pk, "now": now, "today": now.date()})
        answers = cursor.rowcount
    if not answers:
        raise NothingToRegrade(f"No answer to {item} has an automatic mark: there is nothing to mark again.")
    what = {"exercise": str(item), "answers": answers, "dry_run": is_dry_run, "ran_by": ran_by}
    audit.record("regrade.started", subject=regrade, by=None, at=now, **what)
    return regrade


@transaction.atomic
def pause(regrade: Regrade, *, ran_by: str, now: dt.datetime) -> int:
    """How many answers wait until it is resumed. What is being marked now is finished. Raises NothingToPause."""
    held = _held(regrade)
    waiting = held.jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if held.ended_at or held.paused_at or not waiting.exists():
        raise NothingToPause("There is nothing to pause: the regrade is paused already, or over.")
    held.paused_at = now
    held.save(update_fields=["paused_at"])
    number = held.jobs.filter(state=Job.State.QUEUED).update(state=Job.State.PAUSED)
    audit.record("regrade.paused", subject=held, by=None, at=now, answers=number, ran_by=ran_by)
    return number


@transaction.atomic
def resume(regrade: Regrade, *, ran_by: str, now: dt.datetime) -> int:
    """How many answers wait again; a worker must be woken after. What a fault of ours stopped has all its tries.

    Raises NothingToResume.
    """
    held = _held(regrade)
    stopped = held.jobs.filter(state__in=[Job.State.PAUSED, Job.State.FAILED_OURS])
    if held.ended_at or not (held.paused_at or stopped.exists()):
        raise NothingToResume("There is nothing to resume: the regrade is not paused, and no fault stopped any of it.")
    held.paused_at = None
    held.save(update_fields=["paused_at"])
    number = stopped.update(state=Job.State.QUEUED, tries=0, ended_at=None, reason="")
    audit.record("regrade.resumed", subject=held, by=None, at=now, answers=number, ran_by=ran_by)
    return number


def record_regrade(submission: Submission, *, job_id: int, verdict: Verdict, now: dt.datetime) -> Mark | None:
    """The new mark of one answer, None where the mark in effect stays; in the caller's transaction, which ends the job.

    Checks that a person decided, and those that only a person marks, are taken over. Raises VerdictDoesNotFit.
    """
    chain.hold(submission.pk)
    job = Job.objects.select_related("regrade__newest", "rerun_of").get(pk=job_id)
    regrade, again, in_effect = job.regrade, job.rerun_of, submission.marks.get(replaced_by=None)
    assert regrade and again, "job_preview_is_a_rerun"  # noqa: S101, PT018
    again.submission = in_effect.submission = submission
    tests = versions.tests_for(again, regrade=regrade)
    provenance = versions.provenance(verdict, submission=submission, tests=tests)
    stays = chain.decided_by_people(in_effect) | _by_person(submission)
    results = reruns.other_results(in_effect, verdict=verdict, without=stays)
    checks = _checks(in_effect, verdict=verdict, stays=stays) if verdict.outcome == Outcome.MARKED else []
    after = chain.judged(submission, checks=checks) if results and checks else in_effect
    given = {"in_effect": in_effect, "points": after.points, "passes": after.passed} if checks else {}
    reruns.add(again, job_id=job_id, results=results, provenance=provenance, now=now, **given)
    if after is in_effect or regrade.is_dry_run:
        return None
    return _replace(in_effect, checks=checks, regrade=regrade, provenance=provenance, now=now)


def _end_earlier(item: Item, *, is_dry_run: bool, now: dt.datetime) -> None:
    earlier = Regrade.objects.select_for_update(no_key=True).filter(item=item, ended_at=None).first()
    if earlier is None:
        return
    waiting = earlier.jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if not earlier.paused_at and waiting.exists():
        raise RegradeUnderWay(f"Answers to {item} are being marked again already. Wait for the end, or pause that.")
    left = earlier.jobs.filter(state__in=[Job.State.PAUSED, Job.State.FAILED_OURS])
    if is_dry_run and not earlier.is_dry_run and left.exists():
        raise RegradeUnderWay(f"A dry run would end the regrade of {item} that is not over yet. Resume that first.")
    earlier.ended_at = now
    earlier.save(update_fields=["ended_at"])


def _held(regrade: Regrade) -> Regrade:
    """The regrade as it is now, its row held until the transaction ends."""
    return Regrade.objects.select_for_update(no_key=True).get(pk=regrade.pk)


def _by_person(submission: Submission) -> set[str]:
    return set(submission.exercise.checks.filter(by_person=True).values_list("slug", flat=True))


def _checks(in_effect: Mark, *, verdict: Verdict, stays: set[str]) -> list[CheckMark]:
    """The checks of the mark that follows, unsaved: of the verdict, but for those that stay as they are in effect."""
    kept = {check.slug: check for check in chain.copies(in_effect) if check.slug in stays}
    fresh = services.check_marks(in_effect.submission, verdict=verdict)
    return [kept.get(check.slug, check) for check in fresh]


def _replace(
    in_effect: Mark, *, checks: list[CheckMark], regrade: Regrade, provenance: dict[str, Any], now: dt.datetime
) -> Mark:
    fields = {"replaces": in_effect, "reason": regrade.reason, "provenance": provenance}
    new = chain.add(in_effect.submission, checks=checks, now=now, **fields)
    change = {"old": in_figures(in_effect.points), "new": in_figures(new.points)}
    audit.record("mark.regraded", subject=new, by=None, at=now, about=new.submission.learner, **change)
    if new.points != in_effect.points:
        _tell(new, before=in_effect)
    return new


def _tell(new: Mark, *, before: Mark) -> None:
    submission = new.submission
    title = submission.exercise.item_version.title
    body = _(
        "The tests of “%(title)s” have marked your work again, attempt %(n)d: %(points)s of %(most)s points now, "
        "%(old)s of %(old_most)s before.\n\n%(reason)s\n\nWhat a trainer had decided stays as it was. Sign in to see "
        "each check, and the mark before this one. If you doubt the mark, you can ask a person there to review it.\n"
    ) % {
        "title": title,
        "n": submission.attempt,
        "points": in_figures(new.points),
        "most": in_figures(new.max_points),
        "old": in_figures(before.points),
        "old_most": in_figures(before.max_points),
        "reason": new.reason,
    }
    subject = _("Your mark for “%s” has changed") % title
    outbox.add(to=submission.learner, subject=subject, body=body, at=new.marked_at)
