"""The roles that an organisation has written for itself, for whoever administers it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upskill.people import queries as people
from upskill.people.models import Organisation
from upskill.reports.queries import organisation_in_force
from upskill.skills import roles as services
from upskill.skills import rules
from upskill.skills.models import CapabilityRole, RoleLevel
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

from .forms import LevelForm, RequirementsForm, RoleForm

MOST_CHANGES = 300  # in an hour by one person
_shown = require_http_methods(["GET", "HEAD", "POST"])
_counted = allowed("roles", most=MOST_CHANGES, seconds=HOUR)


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations that somebody administers; straight to it where there is only one."""
    person = signed_in(request)
    rules.check_keep_roles_anywhere(person)
    administered = people.roles_of(person).administered
    if len(administered) == 1:
        return redirect("roles:roles", administered[0].code)
    return render(request, "roles/organisations.html", {"organisations": administered, "crumbs": []})


@never_cache
@_shown
@_counted
def roles(request: HttpRequest, *, code: str) -> HttpResponse:
    """The organisation's own roles, and a form for another."""
    organisation = _organisation(request, code)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            new = services.add_role(organisation, by=signed_in(request), now=timezone.now(), **form.cleaned_data)
        except services.RoleNameTaken as taken:
            form.add_error("name", str(taken))
        else:
            return redirect("roles:role", code, new.pk)
    found = list(services.roles_of(organisation))
    context = {"organisation": organisation, "roles": found, "form": form, "crumbs": _crumbs()}
    return render(request, "roles/roles.html", context, status=422 if form.errors else 200)


@never_cache
@_shown
@_counted
def role(request: HttpRequest, *, code: str, role: str) -> HttpResponse:
    """One role with what its levels ask for, and a form for another level."""
    organisation = _organisation(request, code)
    found = _role(organisation, role)
    form = LevelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            new = services.add_level(found, by=signed_in(request), now=timezone.now(), **form.cleaned_data)
        except (services.RoleNameTaken, services.TooManyLevels) as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("roles:level", code, role, new.pk)
    context = {
        "organisation": organisation,
        "role": found,
        "levels": found.levels.prefetch_related("requirements__skill"),
        "people": services.people_in(found, on=timezone.localdate()),
        "form": form,
        "crumbs": [*_crumbs(), _crumb(organisation)],
    }
    return render(request, "roles/role.html", context, status=422 if form.errors else 200)


@never_cache
@_shown
@_counted
def level(request: HttpRequest, *, code: str, role: str, level: str) -> HttpResponse:
    """What one level asks of each skill."""
    organisation = _organisation(request, code)
    found = _role(organisation, role)
    role_level = RoleLevel.objects.filter(role=found, pk=level).select_related("role").first()
    if role_level is None:
        raise Http404
    asked = dict(role_level.requirements.values_list("skill_id", "level"))
    sent = request.POST if request.method == "POST" else None
    form = RequirementsForm(sent, skills=services.skills_to_ask_for(), asked=asked)
    if form.is_valid():
        services.set_requirements(role_level, wanted=form.wanted(), by=signed_in(request), now=timezone.now())
        messages.success(request, _("Saved: what “%(level)s” asks for.") % {"level": role_level.name})
        return redirect("roles:role", code, role)
    context = {
        "organisation": organisation,
        "level": role_level,
        "form": form,
        "crumbs": [*_crumbs(), _crumb(organisation), (reverse("roles:role", args=[code, role]), found.name)],
    }
    return render(request, "roles/level.html", context, status=422 if form.errors else 200)


@never_cache
@_shown
@_counted
def end(request: HttpRequest, *, code: str, role: str) -> HttpResponse:
    """Nobody can be given the role any more, once the page has asked."""
    organisation = _organisation(request, code)
    found = _role(organisation, role)
    if request.method != "POST":
        crumbs = [*_crumbs(), _crumb(organisation), (reverse("roles:role", args=[code, role]), found.name)]
        return render(request, "roles/end.html", {"organisation": organisation, "role": found, "crumbs": crumbs})
    services.end_role(found, by=signed_in(request), now=timezone.now())
    messages.success(request, _("“%(role)s” has ended. Whoever has it keeps it.") % {"role": found.name})
    return redirect("roles:roles", code)


def _organisation(request: HttpRequest, code: str) -> Organisation:
    """The organisation, for whoever administers it. Raises Http404, NotThere."""
    organisation = organisation_in_force(code, on=timezone.localdate())
    if organisation is None:
        raise Http404
    rules.check_keep_roles(signed_in(request), organisation=organisation)
    return organisation


def _role(organisation: Organisation, slug: str) -> CapabilityRole:
    found = services.roles_of(organisation).filter(pk=slug).first()
    if found is None:
        raise Http404
    return found


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("roles:organisations"), _("Roles"))]


def _crumb(organisation: Organisation) -> tuple[str, str]:
    return reverse("roles:roles", args=[organisation.code]), organisation.name
