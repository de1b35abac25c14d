"""Who sees figures of an organisation, and who keeps its staff records."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upskill.people import rules, services, staff
from upskill.people.roles import Role
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

from . import forms, pages


@never_cache
@require_safe
def grants(request: HttpRequest, *, code: str) -> HttpResponse:
    """The viewers and administrators of exactly this organisation."""
    organisation = pages.unit_or_404(request, code)
    context = {
        "organisation": organisation,
        "grants": list(staff.grants_in(organisation)),
        "crumbs": pages.way_to(organisation, for_=signed_in(request)),
    }
    return render(request, "administrator/grants.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def add_grant(request: HttpRequest, *, code: str) -> HttpResponse:
    """Access to the organisation for somebody in the visitor's own organisations."""
    person, organisation = signed_in(request), pages.unit_or_404(request, code)

    def act(said: dict[str, Any]) -> str:
        services.grant_role(
            said["person"], role=Role(said["role"]), organisation=organisation, by=person, now=timezone.now()
        )
        return _("%(name)s has access.") % {"name": said["person"].full_name}

    to = reverse("administrator:grants", args=[code])
    return pages.ask(
        request, forms.GrantForm(request.POST or None, for_=person), act=act, to=to, button=_("Give access"),
        title=_("Give access to %(name)s") % {"name": organisation.name},
        crumbs=[*pages.way_to(organisation, for_=person), (to, _("Access"))],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def end_grant(request: HttpRequest, *, number: int) -> HttpResponse:
    """The access is over, once the page has asked. Of one that is over already, nothing changes."""
    person, grant = signed_in(request), staff.grant(number)
    if grant is None or grant.organisation is None:
        raise Http404
    rules.check_end_grant(person, grant=grant)
    about = {"name": grant.person.full_name, "place": grant.organisation.name}

    def act(_said: dict[str, Any]) -> str:
        services.end_role(grant, by=person, now=timezone.now())
        return _("The access of %(name)s has ended.") % about

    lead = _("They keep the staff records of it and what is below it no more.")
    if grant.role == Role.DEPARTMENT_VIEWER:
        lead = _("They see the figures of it and what is below it no more.")
    if grant.person == person:
        lead = _("This is your own access. Somebody else would have to give it to you again.")
    to = reverse("administrator:grants", args=[grant.organisation.code])
    return pages.ask(
        request, forms.SureForm(request.POST if request.method == "POST" else None), act=act, is_grave=True, lead=lead,
        title=_("End the access of %(name)s to %(place)s") % about, button=_("End access"),
        to=reverse("learner:home") if grant.person == person else to,
        crumbs=[*pages.way_to(grant.organisation, for_=person), (to, _("Access"))],
    )  # fmt: skip
