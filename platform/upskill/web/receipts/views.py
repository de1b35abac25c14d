"""The receipt of a mark: what decided it, and whether it comes out the same when it is made again."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from upskill import pipeline
from upskill.celery import announce
from upskill.learning import queries as learning
from upskill.learning import rules as learning_rules
from upskill.learning.models import Submission
from upskill.marking import queries as marking
from upskill.marking import receipts, rules, services
from upskill.marking.models import Job, Mark
from upskill.people.models import User
from upskill.web.allowed import HOUR, UsedUp, refused, sentence, spend
from upskill.web.learner import lines
from upskill.web.person import signed_in

RERUNS_AN_HOUR = 5  # of one person: each takes a marking slot for some seconds
OPEN = {Job.State.QUEUED, Job.State.RUNNING}


@never_cache
@require_safe
def receipt(request: HttpRequest, *, public_id: UUID, number: int) -> HttpResponse:
    """Everything behind one mark of a submission. That a trainer looked is written down."""
    sent = _sent(request, public_id=public_id)
    _write_down(request, sent=sent)
    return _page(request, sent=sent, number=number)


@require_POST
def mark_again(request: HttpRequest, *, public_id: UUID, number: int) -> HttpResponse:
    """The mark is being made again; the receipt shows what comes of it. More than five in an hour are refused."""
    sent = _sent(request, public_id=public_id)
    mark, person = _mark(sent, number=number), signed_in(request)
    rules.check_rerun(person, mark=mark)
    try:
        spend(request, "rerun", most=RERUNS_AN_HOUR, seconds=HOUR)
    except UsedUp as used_up:
        _write_down(request, sent=sent)
        page = _page(request, sent=sent, number=number, errors=[(sentence(used_up), "again")])
        return refused(page, seconds=used_up.seconds)
    pipeline.mark_again(mark, by=person, now=timezone.now(), announce=announce)
    return redirect(f"{reverse('receipts:receipt', args=[public_id, number])}#again")


@never_cache
@require_safe
def rerun_state(request: HttpRequest, *, public_id: UUID, number: int) -> HttpResponse:
    """The part of the receipt that changes while the mark is made again. X-Poll says `done` when it will not change."""
    sent = _sent(request, public_id=public_id)
    context = _rerun(_mark(sent, number=number), number=number, person=signed_in(request))
    if not context["is_open"]:
        _write_down(request, sent=sent)
    answer = render(request, "receipts/rerun.html", context)
    answer["X-Poll"] = "wait" if context["is_open"] else "done"
    return answer


def _sent(request: HttpRequest, *, public_id: UUID) -> Submission:
    sent = learning.submission(public_id)
    if sent is None:
        raise Http404
    rules.check_see_receipt(signed_in(request), submission=sent)
    return sent


def _mark(sent: Submission, *, number: int) -> Mark:
    mark = receipts.mark_by_number(sent, number=number)
    if mark is None:
        raise Http404
    mark.submission = sent
    return mark


def _write_down(request: HttpRequest, *, sent: Submission) -> None:
    """Learners look at their own work unrecorded; of anybody else they may know."""
    if not learning_rules.is_own(signed_in(request), submission=sent):
        services.record_view(sent, by=signed_in(request), now=timezone.now())


def _page(request: HttpRequest, *, sent: Submission, number: int, **more: Any) -> HttpResponse:
    found = receipts.receipt(sent, number=number)
    if found is None:
        raise Http404
    item = sent.exercise.item_version
    context = _rerun(found.mark, number=number, person=signed_in(request)) | {
        "item": item,
        "course": item.module.course_version,
        "receipt": found,
        "mark": found.mark,
        "files": sorted(sent.exercise.files.items()),
    }
    context["crumbs"] = _way_back(sent, own=context["is_own"])
    return render(request, "receipts/receipt.html", context | more)


def _rerun(mark: Mark, *, number: int, person: User) -> dict[str, Any]:
    """What receipts/rerun.html shows."""
    job = marking.newest_rerun(mark)
    is_open = job is not None and job.state in OPEN
    return {
        "submission": mark.submission,
        "number": number,
        "job": job,
        "is_open": is_open,
        "is_own": learning_rules.is_own(person, submission=mark.submission),
        "can_rerun": not is_open and rules.can_rerun(person, mark=mark),
    }


def _way_back(sent: Submission, *, own: bool) -> list[tuple[str, str]]:
    """To the page of the answer as whoever looks knows it."""
    if own:
        return lines.way_to_answer(sent)
    course = sent.exercise.item_version.module.course_version
    return [
        (reverse("trainer:submissions", args=[course.course_id]), course.title),
        (reverse("trainer:submission", args=[sent.public_id]), sent.learner.full_name),
    ]
