"""What an organisation asks its people to learn. How many have done it is not shown here: few people could be known
from it, and figures about many come from the nightly publication alone.
"""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upskill.people.models import Organisation, User
from upskill.planning import queries, rules
from upskill.planning.models import Assignment
from upskill.reports.queries import organisation_in_force
from upskill.web.person import signed_in

from . import lines


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The organisations that somebody leads or administers; straight to it where there is only one."""
    person, today = signed_in(request), timezone.localdate()
    rules.check_ask_organisations(person, on=today)
    organisations = queries.organisations_planned_by(person, on=today)
    if len(organisations) == 1:
        return redirect("planning:organisation", organisations[0].code)
    return render(request, "planning/organisations.html", {"organisations": organisations, "crumbs": []})


@require_safe
def one(request: HttpRequest, *, code: str) -> HttpResponse:
    """What is asked of this organisation and everything below it."""
    organisation = planned_or_404(request, code=code)
    found = queries.assignments_of_organisation(organisation, on=timezone.localdate())
    roles = lines.role_names(found)
    context = {
        "organisation": organisation,
        "assignments": [_line(each, at=organisation, roles=roles, reader=signed_in(request)) for each in found],
        "crumbs": crumbs(),
    }
    return render(request, "planning/organisation.html", context)


def _line(asked: Assignment, *, at: Organisation, roles: dict[str, str], reader: User) -> lines.AssignmentLine:
    """As on any page; with the organisation that it was asked of, where this one goes on with the work of that."""
    line = lines.assignment_line(asked, roles=roles)
    if asked.organisation is None or asked.organisation == at:
        return line
    may_end = rules.can_end(reader, assignment=asked, on=timezone.localdate())
    return replace(line, was_of=asked.organisation.name, may_end=may_end)


def planned_or_404(request: HttpRequest, *, code: str) -> Organisation:
    """The organisation in force that whoever asks plans for. Raises Http404, NotThere."""
    organisation = organisation_in_force(code, on=timezone.localdate())
    if organisation is None:
        raise Http404
    rules.check_ask_organisation(signed_in(request), organisation=organisation)
    return organisation


def crumbs(organisation: Organisation | None = None) -> list[tuple[str, str]]:
    """The way back up from here, or from below this organisation."""
    top = (reverse("planning:organisations"), _("Learning for organisations"))
    if organisation is None:
        return [top]
    return [top, (reverse("planning:organisation", args=[organisation.code]), organisation.name)]
