"""A trainer decides about a mark that its learner doubts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upskill import pipeline
from upskill.learning.models import Submission
from upskill.marking import queries as marking
from upskill.marking import rules, services
from upskill.marking.models import Mark, Review
from upskill.web.allowed import HOUR, UsedUp, spend
from upskill.web.person import signed_in

from .review_form import DecideForm, Judged
from .submissions import MOST_MARKS, form_page, refused_page, seen_mark, taught_or_404, written


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """What the learner doubts and what they wrote; the mark stays or changes, with a reason. Both marks are kept."""
    sent = taught_or_404(request, public_id=public_id)
    review = marking.newest_review(sent)
    if review is None:
        raise Http404
    rules.check_decide_review(signed_in(request), review=review)
    mark = seen_mark(request, sent=sent)
    form = _form(request.POST if request.method == "POST" else None, mark=mark)
    more: dict[str, Any] = {"review": review, "mark": mark, **written(sent)}
    if form.is_valid():
        try:
            spend(request, "change mark", most=MOST_MARKS, seconds=HOUR)
            _decide(request, review=review, seen=mark, form=form)
        except services.MarkReplaced:
            more["mark"], form = _about_the_new_mark(form, sent=sent)
        except (services.MarkOutOfRange, services.NothingChanged, UsedUp) as refusal:
            return refused_page(request, "trainer/review.html", sent=sent, form=form, refusal=refusal, **more)
        else:
            return _told(request, sent=sent)
    return form_page(request, "trainer/review.html", sent=sent, form=form, **more)


def _form(data: Any, *, mark: Mark) -> DecideForm:
    specs = {check.slug: check for check in mark.submission.exercise.checks.all()}
    judged = [Judged(check, specs[check.slug]) for check in mark.checks.all() if check.rubric_levels]
    tested = [check for check in marking.tested(mark) if check.points is not None]
    return DecideForm(data, mark=mark, tested=tested, judged=judged)


def _decide(request: HttpRequest, *, review: Review, seen: Mark, form: DecideForm) -> None:
    reason = form.cleaned_data["reason"]
    pipeline.decide_review(
        review, seen=seen, change=form.change, reason=reason, by=signed_in(request), now=timezone.now()
    )


def _about_the_new_mark(form: DecideForm, *, sent: Submission) -> tuple[Mark, DecideForm]:
    """The mark that counts now, and a form that begins with its points; the reason is kept."""
    mark = marking.current_marks().get(submission=sent)
    mark.submission = sent
    anew = _form(None, mark=mark)
    begun = {name: anew.get_initial_for_field(field, name) for name, field in anew.fields.items()}
    kept = {name: form.cleaned_data[name] for name in ("outcome", "reason")}
    anew = _form({**begun, **kept}, mark=mark)
    anew.add_error(
        None, _("Somebody changed this mark while you looked at it. Below are its points now: decide again.")
    )
    return mark, anew


def _told(request: HttpRequest, *, sent: Submission) -> HttpResponse:
    name = sent.learner.full_name
    messages.success(request, _("Your decision is saved. %(name)s is told by email.") % {"name": name})
    return redirect("trainer:submission", sent.public_id)
