"""Who sees figures of an organisation, and who keeps its staff records."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

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
    """A role over the organisation for somebody in the visitor's own organisations."""
    person, organisation = signed_in(request), pages.unit_or_404(request, code)

    def act(said: dict[str, Any]) -> str:
        services.grant_role(
            said["person"], role=Role(said["role"]), organisation=organisation, by=person, now=timezone.now()
        )
        return _("%(name)s has the role.") % {"name": said["person"].full_name}

    to = reverse("administrator:grants", args=[code])
    return pages.ask(
        request, forms.GrantForm(request.POST or None, for_=person), act=act, to=to, button=_("Give the role"),
        title=_("Give a role over %(name)s") % {"name": organisation.name},
        crumbs=[*pages.way_to(organisation, for_=person), (to, _("Roles"))],
    )  # fmt: skip


@require_POST
def end_grant(request: HttpRequest, *, number: int) -> HttpResponse:
    """The role is over. Of one that is already, nothing changes."""
    person, grant = signed_in(request), staff.grant(number)
    if grant is None:
        raise Http404
    rules.check_end_grant(person, grant=grant)
    services.end_role(grant, by=person, now=timezone.now())
    messages.success(request, _("The role of %(name)s has ended.") % {"name": grant.person.full_name})
    place = grant.organisation
    if grant.person == person or place is None:
        return redirect("learner:home")
    return redirect("administrator:grants", place.code)
