"""Asking a team, one person of it, or an organisation to learn something."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upskill.catalogue.models import Course
from upskill.people import queries as people
from upskill.planning import services
from upskill.planning.services import AssignmentRefused
from upskill.reports.rules import check_see_team
from upskill.web.allowed import HOUR, UsedUp, refused, sentence, spend
from upskill.web.person import signed_in

from . import ending, organisations
from .forms import AskOrganisationForm, AskTeamForm

MOST_ASKED = 200  # assignments made in an hour by one person
Crumbs = list[tuple[str, str]]


@require_http_methods(["GET", "HEAD", "POST"])
def ask_team(request: HttpRequest) -> HttpResponse:
    """The form, begun with the course and the person that a link names, if these are in the lists."""
    manager, today = signed_in(request), timezone.localdate()
    check_see_team(manager)
    reports = list(people.direct_reports(manager, on=today))
    form = AskTeamForm(_data(request), initial=_begun(request), manager=manager, reports=reports)
    back = reverse("planning:team")
    return _answered(request, form=form, back=back, crumbs=ending.crumbs_of_team(), whom=_("your team"))


@require_http_methods(["GET", "HEAD", "POST"])
def ask_organisation(request: HttpRequest, *, code: str) -> HttpResponse:
    """The form for an organisation and everything below it."""
    organisation = organisations.planned_or_404(request, code=code)
    form = AskOrganisationForm(_data(request), initial=_begun(request), organisation=organisation)
    back = reverse("planning:organisation", args=[code])
    return _answered(request, form=form, back=back, crumbs=organisations.crumbs(organisation), whom=organisation.name)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _begun(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("course", "person") if name in request.GET}


def _answered(
    request: HttpRequest, *, form: AskTeamForm | AskOrganisationForm, back: str, crumbs: Crumbs, whom: str
) -> HttpResponse:
    """Make the assignment of a valid form; the form again where something is wrong with it."""
    shown = {"form": form, "back": back, "crumbs": crumbs, "whom": whom}
    if form.is_valid():
        try:
            spend(request, "ask to learn", most=MOST_ASKED, seconds=HOUR)
            _assign(request, form=form)
        except AssignmentRefused as refusal:
            form.refuse(refusal)
        except UsedUp as used_up:
            form.add_error(None, sentence(used_up))
            return refused(render(request, "planning/ask.html", shown), seconds=used_up.seconds)
        else:
            messages.success(request, _("Asked. Whoever it means sees it on their home page now."))
            return redirect(back)
    return render(request, "planning/ask.html", shown, status=422 if form.errors else 200)


def _assign(request: HttpRequest, *, form: AskTeamForm | AskOrganisationForm) -> None:
    """Raises AssignmentRefused."""
    course = Course.objects.get(pk=form.cleaned_data["course"])  # the list has published ones alone
    services.assign(course, audience=form.audience(), by=signed_in(request), now=timezone.now(), **form.asked())
