"""A learner doubts a mark: the form that asks a person to look at it, and what happens next."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upskill import pipeline
from upskill.learning.models import Submission
from upskill.marking import queries as marking
from upskill.marking import rules
from upskill.marking.chain import MarkReplaced
from upskill.marking.models import Mark
from upskill.web.allowed import HOUR, UsedUp, refused, sentence, spend
from upskill.web.person import signed_in
from upskill.web.reasons import reason_field

from . import lines
from .submissions import own_or_404

MOST_REVIEWS = 20  # asked for in an hour by one learner


class ReviewForm(forms.Form):
    """Why the learner doubts the mark. `mark` is the one that they saw when the page was opened."""

    mark = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, mark: Mark) -> None:
        super().__init__(data, initial={"mark": mark.pk})
        self.fields["reason"] = reason_field(
            label=_("Why do you doubt this mark?"),
            help_text=_(
                "Name the check, and say what you think is right about your answer. A trainer of the course reads this."
            ),
            missing=_("Say why you doubt this mark. The trainer reads it."),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """Why the mark in effect should be looked at by a person; sent, the review waits for a trainer."""
    sent = own_or_404(request, public_id=public_id)
    mark = marking.current_marks().filter(submission=sent).first()
    if mark is None:
        raise Http404
    rules.check_ask_review(signed_in(request), mark=mark)
    form = ReviewForm(request.POST if request.method == "POST" else None, mark=mark)
    if form.is_valid():
        try:
            spend(request, "ask for review", most=MOST_REVIEWS, seconds=HOUR)
            _ask(request, form=form, sent=sent)
        except MarkReplaced:
            form = _about_the_new_mark(form, mark=mark)
        except UsedUp as refusal:
            form.add_error(None, sentence(refusal))
            return refused(_form_page(request, sent=sent, form=form, mark=mark), seconds=refusal.seconds)
        else:
            return redirect("learner:review_asked", sent.public_id)
    return _form_page(request, sent=sent, form=form, mark=mark)


def _form_page(request: HttpRequest, *, sent: Submission, form: ReviewForm, mark: Mark) -> HttpResponse:
    context = _about(sent) | {"form": form, "mark": mark}
    return render(request, "learner/review.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def asked(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """What happens next with the review that the learner asked for last."""
    sent = own_or_404(request, public_id=public_id)
    review = marking.newest_review(sent)
    if review is None:
        raise Http404
    has_reviewer = marking.reviewers_of(review.mark).exists()
    return render(request, "learner/review_asked.html", _about(sent) | {"review": review, "has_reviewer": has_reviewer})


def _ask(request: HttpRequest, *, form: ReviewForm, sent: Submission) -> None:
    """The review of the mark that the learner saw. Raises MarkReplaced where it has been replaced since."""
    seen = sent.marks.filter(pk=form.cleaned_data["mark"]).first()
    if seen is None:
        raise Http404
    reason = form.cleaned_data["reason"]
    pipeline.ask_review(seen, reason=reason, by=signed_in(request), now=timezone.now())


def _about_the_new_mark(form: ReviewForm, *, mark: Mark) -> ReviewForm:
    """The same words beside the mark that counts now, so that nothing has to be written twice."""
    anew = ReviewForm({**form.cleaned_data, "mark": mark.pk}, mark=mark)
    anew.add_error(
        None, _("Your mark has changed since you opened this page. Look at it, then send your reason again.")
    )
    return anew


def _about(sent: Submission) -> dict[str, Any]:
    return {
        "submission": sent,
        "item": sent.exercise.item_version,
        "back": reverse("learner:submission", args=[sent.public_id]),
        "crumbs": lines.way_to_answer(sent),
    }
