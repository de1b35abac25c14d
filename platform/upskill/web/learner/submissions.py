"""What became of a notebook that was handed in, or of a text that was sent."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Item
from upskill.core import blobs
from upskill.learning import queries as learning_queries
from upskill.learning import rules as learning_rules
from upskill.learning.models import Submission
from upskill.marking import comparing, reflections
from upskill.marking import queries as marking
from upskill.marking import rules as marking_rules
from upskill.marking import services as marking_services
from upskill.marking.models import Job, Mark
from upskill.skills import awards
from upskill.web.allowed import HOUR, allowed
from upskill.web.downloads import MOST_DOWNLOADS, NOTEBOOK, attachment, name_of_answer
from upskill.web.person import signed_in

from . import lines
from .waiting import Waiting, waiting


@never_cache
@require_safe
def submission(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """The mark page: where the answer is now; it stays fresh by itself until marking is over."""
    sent = own_or_404(request, public_id=public_id)
    context = _state(request, sent=sent) | {
        "text": reflections.text_of(sent) if _is_reflection(sent) else "",
        "item_url": lines.item_url(sent.exercise.item_version),
        "crumbs": lines.way_to_exercise(sent),
    }
    return render(request, "learner/submission.html", context)


@never_cache
@require_safe
def submission_state(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """The part of the mark page that changes. The header X-Poll says `done` when it will not change again, X-Poll-After
    after how many seconds it is worth looking again.

    An answer that waits is looked at again and again: that takes three queries beside those that say who asks.
    """
    job = marking.open_job(public_id)
    if job:
        learning_rules.check_own(signed_in(request), submission=job.submission)
        return _still_waiting(waiting(job, submission=job.submission))
    context = _state(request, sent=own_or_404(request, public_id=public_id))
    answer = render(request, "learner/submission_state.html", context)
    answer["X-Poll"] = "done" if context["state"].is_over else "wait"
    return answer


def _still_waiting(state: Waiting) -> HttpResponse:
    answer = HttpResponse(render_to_string("learner/waiting.html", {"waiting": state}))
    answer["X-Poll"], answer["X-Poll-After"] = "wait", f"{state.rest_seconds:.2f}"
    return answer


@require_safe
@allowed("download", most=MOST_DOWNLOADS, seconds=HOUR, reading=True)
def answer_file(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """The file exactly as it was handed in, for its learner and the trainers of the course.

    That a trainer took it is written down.
    """
    sent, person = learning_queries.submission(public_id), signed_in(request)
    if sent is None:
        raise Http404
    marking_rules.check_see_receipt(person, submission=sent)
    is_own = learning_rules.is_own(person, submission=sent)
    if not is_own:
        marking_services.record_view(sent, by=person, now=timezone.now())
    return attachment(blobs.read(sent.blob_id), name=name_of_answer(sent, with_person=not is_own), type_=NOTEBOOK)


def own_or_404(request: HttpRequest, *, public_id: UUID) -> Submission:
    """The submission with this id, for the learner who handed it in. One query."""
    sent = learning_queries.submission(public_id)
    if sent is None:
        raise Http404
    learning_rules.check_own(signed_in(request), submission=sent)
    return sent


def _state(request: HttpRequest, *, sent: Submission) -> dict[str, Any]:
    state, is_reflection = marking.state_of(sent), _is_reflection(sent)
    is_waiting = is_reflection and reflections.waits(state.mark, job=state.job.state)
    earlier = state.marks[1:]
    needed, tested = catalogue.points_to_pass(sent.exercise) if state.mark else (None, None)
    return {
        "submission": sent,
        "item": sent.exercise.item_version,
        "state": state,
        "is_reflection": is_reflection,
        "waits_for_trainer": is_waiting and state.job.state != Job.State.FAILED_OURS,
        "judged": reflections.judged(state.mark) if is_reflection and state.mark else [],
        "mark": state.mark,
        "needed": needed,
        "tested": tested,
        "earlier": earlier,
        # the first mark of a text says only that it waited
        "shows_earlier": any(mark.max_points or not is_reflection for mark in earlier),
        "number": len(earlier) + 1,
        "change": comparing.change(state.mark) if state.mark else None,
        "earned": awards.earned_by_mark(state.mark) if state.mark else [],
        "prepares_for": _prepares_for(sent) if state.mark and state.mark.passed else None,
        **(_review(request, sent=sent, mark=state.mark) if state.mark else {}),
        "waiting": None if state.is_over else waiting(state.job, submission=sent),
    }


def _prepares_for(sent: Submission) -> dict[str, str] | None:
    """Of an exercise that earns no skill itself: where one can show what was practised."""
    item = sent.exercise.item_version
    following = None if item.skills else catalogue.outline_around(item).prepared_by(item)
    return {"url": lines.item_url(following), "label": following.title} if following else None


def _is_reflection(sent: Submission) -> bool:
    return sent.exercise.item_version.item.kind == Item.Kind.REFLECTION


def _review(request: HttpRequest, *, sent: Submission, mark: Mark) -> dict[str, Any]:
    """The newest review of the answer, and whether the learner may ask for one now. At most four queries."""
    review = marking.newest_review(sent)
    decision = getattr(review, "decision", None)
    return {
        "review": review,
        "upheld": decision if decision and not decision.new_mark and decision.decided_at >= mark.marked_at else None,
        "has_reviewer": review and not decision and marking.reviewers_of(review.mark).exists(),
        "can_ask_review": marking_rules.can_ask_review(signed_in(request), mark=mark),
    }
