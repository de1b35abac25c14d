"""Organisations whose staff records somebody keeps: their parts and people, and how they change."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upskill.people import organisations, rules, services, staff
from upskill.people.models import Organisation, User
from upskill.people.organisations import NewPart
from upskill.people.queries import roles_of
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

from . import forms, pages

PAGE_SIZE = 25
LONGEST_SEARCH = 100
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The organisations whose staff records somebody keeps; straight to it where there is only one. An operator keeps
    none, and imports.
    """
    person = signed_in(request)
    rules.check_import_any(person)
    scopes = roles_of(person).administered
    if not scopes:
        return redirect("administrator:imports")
    if len(scopes) == 1:
        return redirect("administrator:unit", scopes[0].code)
    return render(request, "administrator/home.html", {"organisations": scopes, "crumbs": []})


@never_cache
@require_safe
@allowed("staff search", most=pages.MOST_CHANGES, seconds=HOUR, reading=True)
def unit(request: HttpRequest, *, code: str) -> HttpResponse:
    """An organisation's parts and the people directly in it, a page at a time; or who is found in it and below."""
    person, today = signed_in(request), timezone.localdate()
    organisation = pages.unit_or_404(request, code)
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]
    page = Paginator(staff.posts_in(organisation, on=today), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": organisation,
        "parts": list(staff.parts_of(organisation, on=today)),
        "words": words,
        "found": list(staff.found_in(organisation, words=words, on=today)) if words else [],
        "most_found": staff.MOST_FOUND,
        "page": page,
        "query": f"{urlencode({'q': words})}&" if words else "",
        "may_change": organisation.valid_to is None and rules.can_change_part(person, organisation=organisation),
        "crumbs": pages.way_to(organisation, for_=person)[:-1],
    }
    return render(request, "administrator/unit.html", context)


@require_http_methods(BOTH)
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def add_part(request: HttpRequest, *, code: str) -> HttpResponse:
    """A new part of an organisation."""
    person, today = signed_in(request), timezone.localdate()
    above = pages.unit_or_404(request, code)

    def act(said: dict[str, Any]) -> str:
        kind = Organisation.Kind(said.pop("kind"))
        name = said.pop("name")
        services.add_organisation(name, kind=kind, parent=above, by=person, now=timezone.now(), **said)
        return _("%(name)s is added.") % {"name": name}

    return pages.ask(
        request, forms.PartForm(request.POST or None, on=today), act=act, title=_("Add a part"), button=_("Add it"),
        to=reverse("administrator:unit", args=[code]), crumbs=pages.way_to(above, for_=person),
    )  # fmt: skip


@require_http_methods(BOTH)
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def change(request: HttpRequest, *, code: str) -> HttpResponse:
    """What an organisation is called and who leads it."""
    person, organisation = signed_in(request), pages.unit_or_404(request, code)

    def act(said: dict[str, Any]) -> str:
        _change(organisation, name=said["name"], head=said["head"], by=person)
        return pages.saved()

    form = forms.UnitForm(request.POST or None, for_=person, organisation=organisation)
    return pages.ask(
        request, form, act=act, title=_("Change name or head"), button=_("Save"),
        to=reverse("administrator:unit", args=[code]), crumbs=pages.way_to(organisation, for_=person),
    )  # fmt: skip


def _change(organisation: Organisation, *, name: str, head: User | None, by: User) -> None:
    organisations.rename(organisation, name=name, by=by, now=timezone.now())
    organisations.set_head(organisation, head=head, by=by, now=timezone.now())


@require_http_methods(BOTH)
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def split(request: HttpRequest, *, code: str) -> HttpResponse:
    """Two organisations in place of one."""
    person, today = signed_in(request), timezone.localdate()
    organisation = pages.unit_or_404(request, code)
    rules.check_change_part(person, organisation=organisation)
    form = forms.SplitForm(request.POST or None, organisation=organisation, on=today)

    def act(said: dict[str, Any]) -> str:
        people = frozenset(staff.ids_of(form.numbers))
        parts = frozenset(map(int, said.get("parts", [])))
        into = [
            NewPart(said["first_code"], said["first_name"]),
            NewPart(said["second_code"], said["second_name"], people=people, parts=parts),
        ]
        organisations.split(organisation, into=into, on=said["on"], by=person, now=timezone.now())
        return _("%(name)s is split.") % {"name": organisation.name}

    return pages.ask(
        request, form, act=act, to=_above(organisation), button=_("Split it"), is_grave=True,
        title=_("Split %(name)s") % {"name": organisation.name},
        lead=_("It is closed. Its people and parts go on in the two, and what was before stays as it was."),
        crumbs=pages.way_to(organisation, for_=person),
    )  # fmt: skip


@require_http_methods(BOTH)
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def close(request: HttpRequest, *, code: str) -> HttpResponse:
    """An organisation exists no more; another one may go on with its work."""
    person, today = signed_in(request), timezone.localdate()
    organisation = pages.unit_or_404(request, code)
    rules.check_change_part(person, organisation=organisation)

    def act(said: dict[str, Any]) -> str:
        if said["successor"]:
            organisations.merge([organisation], into=said["successor"], on=said["on"], by=person, now=timezone.now())
        else:
            services.close_organisation(organisation, on=said["on"], by=person, now=timezone.now())
        return _("%(name)s is closed.") % {"name": organisation.name}

    return pages.ask(
        request, forms.CloseForm(request.POST or None, for_=person, on=today), act=act, to=_above(organisation),
        title=_("Close %(name)s") % {"name": organisation.name}, button=_("Close it"), is_grave=True,
        crumbs=pages.way_to(organisation, for_=person),
    )  # fmt: skip


def _above(organisation: Organisation) -> str:
    assert organisation.parent  # noqa: S101 - check_change_part lets nobody change what is at the top
    return reverse("administrator:unit", args=[organisation.parent.code])
