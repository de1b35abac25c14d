"""Ending an assignment: asks first."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upskill.people.models import Organisation
from upskill.planning import queries, rules, services
from upskill.planning.models import Assignment
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

from . import lines, organisations, team

MOST_ENDED = 200  # in an hour by one person


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("end asking", most=MOST_ENDED, seconds=HOUR)
def end(request: HttpRequest, *, assignment: UUID) -> HttpResponse:
    """Nobody is asked any more; who has finished is kept."""
    asked = asked_or_404(assignment)
    rules.check_end(signed_in(request), assignment=asked, on=timezone.localdate())
    if request.method != "POST":
        line = lines.assignment_line(asked, roles=lines.role_names([asked]))
        context = {"asked": line, "back": list_of(asked), "crumbs": crumbs(asked)}
        return render(request, "planning/end.html", context)
    services.end_assignment(asked, by=signed_in(request), now=timezone.now())
    messages.success(request, _("Nobody is asked to finish “%(title)s” any more.") % {"title": asked.title})
    return redirect(list_of(asked))


def asked_or_404(public_id: UUID) -> Assignment:
    """The assignment in force. Raises Http404."""
    found = queries.assignment(public_id)
    if found is None:
        raise Http404
    return found


def list_of(asked: Assignment) -> str:
    """Where the list that it stands in is."""
    place = _place_of(asked)
    return reverse("planning:organisation", args=[place.code]) if place else reverse("planning:team")


def crumbs(asked: Assignment) -> list[tuple[str, str]]:
    """The way back up to that list."""
    place = _place_of(asked)
    return organisations.crumbs(place) if place else crumbs_of_team()


def _place_of(asked: Assignment) -> Organisation | None:
    """The organisation whose list it stands in, the first of several; None for a team."""
    return next(iter(queries.organisations_asked(asked, on=timezone.localdate())), asked.organisation)


def crumbs_of_team() -> list[tuple[str, str]]:
    """The way back up to the list of a team."""
    return [*team.crumbs(), (reverse("planning:team"), _("What your team was asked to learn"))]
