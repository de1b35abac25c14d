"""Telling the people who run the service what went wrong or well; from the banner of every page, signed in or not."""

from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from upskill.people import feedback
from upskill.people.models import User
from upskill.web.allowed import HOUR, UsedUp, refused, sentence, spend

from .visitors import own_path

MOST_AN_HOUR = 10


class FeedbackForm(forms.Form):
    """What somebody has to say, and the page that they were on. How long it may be is for people.feedback."""

    label_size = "m"
    text = forms.CharField(
        label=_("What went wrong, or what went well?"),
        help_text=_("Up to 2,000 characters. Do not write anything personal, such as names or staff numbers."),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write what went wrong or what went well.")},
    )
    page = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """The words as they were typed: browsers send two characters for each new line."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """The form, and what was sent."""
    page = own_path(request.POST.get("page") or request.GET.get("page") or "")
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial={"page": page})
    if form.is_valid():
        by = request.user if isinstance(request.user, User) else None
        try:
            spend(request, "feedback", most=MOST_AN_HOUR, seconds=HOUR)
            feedback.send(form.cleaned_data["text"], page=page, by=by, now=timezone.now())
        except (feedback.NothingSaid, feedback.TooLong) as refusal:
            form.add_error("text", str(refusal))
        except UsedUp as refusal:
            form.add_error(None, sentence(refusal))
            return refused(_form_page(request, form), seconds=refusal.seconds)
        else:
            return redirect(f"{reverse('account:feedback_sent')}?{urlencode({'page': page})}")
    return _form_page(request, form)


def _form_page(request: HttpRequest, form: FeedbackForm) -> HttpResponse:
    context = {"form": form, "crumbs": []}
    return render(request, "account/feedback.html", context, status=422 if form.errors else 200)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """That it has arrived, and the way back."""
    context = {"back": own_path(request.GET.get("page", "")), "crumbs": []}
    return render(request, "account/feedback_sent.html", context)
