"""One submission as its trainer sees it, and the two ways to judge it: points for tests, a rubric for free text.

Deciding about a mark that a learner doubts is in reviews.py.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upskill import pipeline
from upskill.catalogue import prose
from upskill.catalogue.models import Item
from upskill.core.rules import NotAllowed
from upskill.learning import queries as learning
from upskill.learning import rules as learning_rules
from upskill.learning.models import Submission
from upskill.marking import queries as marking
from upskill.marking import rules, services
from upskill.marking.answers import AnswerRefused, answer_cells
from upskill.marking.models import Mark
from upskill.web.allowed import HOUR, UsedUp, refused, sentence, spend
from upskill.web.person import signed_in

from .forms import OverrideForm, RubricForm
from .lines import state_tag

MOST_MARKS = 300  # given in an hour by one trainer
LONGEST_DRAWN = 50_000  # characters, some 20 pages


@require_safe
def submission(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """Everything about one submission: checks, the learner's cells, every mark with who gave it and why.

    Opening it is what tells the trainer whose it is, and is written down.
    """
    trainer, sent = signed_in(request), taught_or_404(request, public_id=public_id)
    services.record_view(sent, by=trainer, now=timezone.now())
    state, can_mark = marking.state_of(sent), rules.can_mark(trainer, submission=sent)
    review = _review(request, sent=sent)
    tested = marking.tested(state.mark) if state.mark else []
    context = _about(sent) | {
        "state": state,
        "tag": state_tag(state.job, mark=state.mark, own=not can_mark, may_decide=_may_decide(review)),
        "mark": state.mark,
        "can_mark": can_mark,
        "is_own": learning_rules.is_own(trainer, submission=sent),
        "by_person": marking.free_text(state.mark) if state.mark else [],
        "tested": tested,
        "has_held": bool(marking.held(tested)),
        "history": state.marks,
        **review,
        **written(sent),
    }
    return render(request, "trainer/submission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def override(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """Other points for the tests of a mark, with a reason. Both marks are kept."""
    sent = to_mark(request, public_id=public_id)
    mark = seen_mark(request, sent=sent)
    tested = marking.tested(mark)
    if not tested:
        raise Http404
    form = OverrideForm(request.POST if request.method == "POST" else None, mark=mark, tested=tested)
    held = marking.held(tested)
    more: dict[str, Any] = {"held": held, **(written(sent) if held else {})}
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            spend(request, "change mark", most=MOST_MARKS, seconds=HOUR)
            pipeline.override_mark(mark, points=form.points, reason=reason, by=signed_in(request), now=timezone.now())
        except (services.MarkOutOfRange, services.NothingChanged, services.MarkReplaced, UsedUp) as refusal:
            return refused_page(request, "trainer/override.html", sent=sent, form=form, refusal=refusal, **more)
        else:
            return _told(request, sent=sent)
    return form_page(request, "trainer/override.html", sent=sent, form=form, **more)


@require_http_methods(["GET", "HEAD", "POST"])
def rubric(request: HttpRequest, *, public_id: UUID, check: str) -> HttpResponse:
    """Levels for a free-text answer, criterion by criterion, with a comment. Both marks are kept."""
    sent = to_mark(request, public_id=public_id)
    mark = seen_mark(request, sent=sent)
    before = next((each for each in marking.free_text(mark) if each.slug == check), None)
    if before is None:
        raise Http404
    spec = sent.exercise.checks.get(slug=check)
    form = RubricForm(request.POST if request.method == "POST" else None, mark=mark, spec=spec, before=before)
    more = {
        "spec": spec,
        "answer_html": _drawn(before.answer, item=sent.exercise.item_version.item),
        "is_correction": before.rubric_levels,
    }
    if form.is_valid():
        try:
            spend(request, "change mark", most=MOST_MARKS, seconds=HOUR)
            pipeline.mark_by_rubric(mark, rubric_mark=form.rubric_mark, by=signed_in(request), now=timezone.now())
        except (services.MarkReplaced, UsedUp) as refusal:
            return refused_page(request, "trainer/rubric.html", sent=sent, form=form, refusal=refusal, **more)
        else:
            return _told(request, sent=sent)
    return form_page(request, "trainer/rubric.html", sent=sent, form=form, **more)


def _review(request: HttpRequest, *, sent: Submission) -> dict[str, Any]:
    """The newest review of the answer, and why this trainer may not decide it ("": they may)."""
    review = marking.newest_review(sent)
    if review is None:
        return {}
    try:
        rules.check_decide_review(signed_in(request), review=review)
    except NotAllowed as refusal:
        return {"review": review, "why_not": str(refusal)}
    return {"review": review, "why_not": ""}


def _may_decide(found: dict[str, Any]) -> bool | None:
    """Of what `_review` found: whether this trainer may decide; None where no review is open."""
    is_open = found and getattr(found["review"], "decision", None) is None
    return not found["why_not"] if is_open else None


def _drawn(answer: str, *, item: Item) -> str:
    """Free text as HTML. A reflection stands there as it was typed: nobody asked for Markdown. So does Markdown beyond
    what anybody writes: drawing it could take minutes.
    """
    if item.kind == Item.Kind.REFLECTION:
        return format_html('<p class="app-lines">{}</p>', answer)
    if len(answer) > LONGEST_DRAWN:
        return format_html('<pre class="app-code app-code--wrap" tabindex="0">{}</pre>', answer)
    return prose.to_html(answer, deeper=2)


def taught_or_404(request: HttpRequest, *, public_id: UUID) -> Submission:
    """The submission with this id, for a trainer of its course."""
    sent = learning.submission(public_id)
    if sent is None:
        raise Http404
    rules.check_see_submission(signed_in(request), submission=sent)
    return sent


def to_mark(request: HttpRequest, *, public_id: UUID) -> Submission:
    """The submission, for somebody who may mark it."""
    sent = taught_or_404(request, public_id=public_id)
    rules.check_mark(signed_in(request), submission=sent)
    return sent


def seen_mark(request: HttpRequest, *, sent: Submission) -> Mark:
    """The mark that the trainer judges: the one in effect, or the one that was when they opened the form they send."""
    marks = marking.history(sent)
    seen = request.POST.get("mark", "")
    mark = marks.filter(pk=seen[:20]).first() if seen.isdecimal() else marks.first()
    if mark is None:
        raise Http404
    return mark


def written(sent: Submission) -> dict[str, Any]:
    """What the learner wrote, for trainer/written.html: cells with headings, or why the file cannot be read."""
    try:
        cells = answer_cells(sent)
    except AnswerRefused as refusal:
        return {"cells": [], "unreadable": str(refusal)}
    titles = dict(sent.exercise.checks.values_list("slug", "title"))
    return {"cells": [(titles.get(cell.check, cell.name), cell) for cell in cells]}


def _told(request: HttpRequest, *, sent: Submission) -> HttpResponse:
    name = sent.learner.full_name
    messages.success(request, _("The new mark is saved. %(name)s is told by email.") % {"name": name})
    return redirect("trainer:submission", sent.public_id)


def form_page(request: HttpRequest, template: str, *, sent: Submission, form: forms.Form, **more: Any) -> HttpResponse:
    """The page of a form about a submission; 422 where something is wrong with it.

    It shows the learner's name, so that the trainer looked is written down, also when a form is sent back.
    """
    services.record_view(sent, by=signed_in(request), now=timezone.now())
    back = (reverse("trainer:submission", args=[sent.public_id]), sent.learner.full_name)
    context = _about(sent) | {"form": form, "back": back[0], **more}
    context["crumbs"] = [*context["crumbs"], back]
    return render(request, template, context, status=422 if form.errors else 200)


def refused_page(
    request: HttpRequest, template: str, *, sent: Submission, form: forms.Form, refusal: Exception, **more: Any
) -> HttpResponse:
    """The form as it was filled in, with what a service said about it."""
    form.add_error(None, sentence(refusal) if isinstance(refusal, UsedUp) else str(refusal))
    page = form_page(request, template, sent=sent, form=form, **more)
    return refused(page, seconds=refusal.seconds) if isinstance(refusal, UsedUp) else page


def _about(sent: Submission) -> dict[str, Any]:
    item = sent.exercise.item_version
    course = item.module.course_version
    return {
        "submission": sent,
        "item": item,
        "course": course,
        "crumbs": [(reverse("trainer:submissions", args=[course.course_id]), course.title)],
    }
