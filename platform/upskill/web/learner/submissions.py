"""What became of a notebook that was handed in."""

import datetime as dt
import math
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.catalogue import queries as catalogue
from upskill.core import blobs
from upskill.learning import queries as learning_queries
from upskill.learning import rules as learning_rules
from upskill.learning.models import Submission
from upskill.marking import dispatch, engines
from upskill.marking import queries as marking
from upskill.marking import rules as marking_rules
from upskill.marking import services as marking_services
from upskill.marking.models import Job, Mark
from upskill.skills import awards
from upskill.web.allowed import HOUR, allowed
from upskill.web.downloads import MOST_DOWNLOADS, NOTEBOOK, attachment, name_of_answer
from upskill.web.person import signed_in
from upskill.web.templatetags.words import duration

from . import lines

LONG_WAIT = dt.timedelta(seconds=30)


@never_cache
@require_safe
def submission(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """The mark page: where the answer is now; it stays fresh by itself until marking is over."""
    sent = own_or_404(request, public_id=public_id)
    context = _state(request, sent=sent) | {
        "item_url": lines.item_url(sent.exercise.item_version),
        "crumbs": lines.way_to_exercise(sent),
    }
    return render(request, "learner/submission.html", context)


@never_cache
@require_safe
def submission_state(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """The part of the mark page that changes. The header X-Poll says `done` when it will not change again."""
    context = _state(request, sent=own_or_404(request, public_id=public_id))
    answer = render(request, "learner/submission_state.html", context)
    answer["X-Poll"] = "done" if context["state"].is_over else "wait"
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
    state = marking.state_of(sent)
    earlier = state.marks[1:]
    needed, tested = catalogue.points_to_pass(sent.exercise)
    engine = None if state.is_over else engines.state()
    return {
        "submission": sent,
        "item": sent.exercise.item_version,
        "state": state,
        "mark": state.mark,
        "needed": needed,
        "tested": tested,
        "earlier": earlier,
        "number": len(earlier) + 1,
        "earned": awards.earned_by_mark(state.mark) if state.mark else [],
        **(_review(request, sent=sent, mark=state.mark) if state.mark else {}),
        "is_paused": engine is not None and not engine.is_marking,
        "place": _place(state.job, engine=engine) if engine and state.job.state == Job.State.QUEUED else "",
        "is_slow": not state.is_over and timezone.now() - sent.submitted_at > LONG_WAIT,
    }


def _place(job: Job, *, engine: engines.EngineState) -> str:
    """How many answers are before this one and about how long that takes; "" where it is next. One query."""
    place = dispatch.place(job, slots=engine.slots)
    if place is None or not place.ahead:
        return ""
    if place.ahead >= dispatch.MOST_COUNTED:
        ahead = _("At least %(n)d answers will be marked before yours.") % {"n": dispatch.MOST_COUNTED}
    else:
        ahead = ngettext(
            "%(n)d answer will be marked before yours.",
            "About %(n)d answers will be marked before yours.",
            place.ahead,
        ) % {"n": place.ahead}
    if place.wait is None:
        return ahead
    minutes = math.ceil(place.wait / dt.timedelta(minutes=1))
    wait = _("less than a minute") if minutes <= 1 else _("about %(time)s") % {"time": duration(minutes)}
    return _("%(ahead)s That takes %(wait)s.") % {"ahead": ahead, "wait": wait}


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
