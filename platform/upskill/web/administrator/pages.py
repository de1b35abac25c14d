"""What the pages of administrators share: a form with one question, the way up, and what is not there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from upskill.core.rules import NotAllowed
from upskill.people import closing, leaving, organisations, posts, rules, services, staff
from upskill.people.models import Organisation, User
from upskill.people.queries import last_place_of, roles_of
from upskill.web.person import signed_in

Crumbs = list[tuple[str, str]]
MOST_CHANGES = 600  # in an hour by one person
REFUSALS = (
    closing.DayOutOfRange, leaving.DayAhead, organisations.PeopleInBoth, organisations.UnfitSuccessor,
    posts.AccountClosed, posts.CircleOfManagers, posts.DayTooFar, posts.HasPostThere, posts.NoPost,
    posts.OrganisationClosed, posts.OwnReport, services.AlreadyHasRole, services.CodeInUse, services.NotSuspendable,
    services.StillInUse,
)  # fmt: skip


def unit_or_404(request: HttpRequest, code: str) -> Organisation:
    """The organisation, for somebody who keeps its staff records."""
    found = staff.unit(code)
    if found is None:
        raise Http404
    rules.check_administer(signed_in(request), organisation=found)
    return found


def person_or_404(request: HttpRequest, public_id: UUID) -> User:
    """Somebody whose staff record the visitor keeps."""
    found = staff.person(public_id)
    if found is None:
        raise Http404
    rules.check_keep_record(signed_in(request), of=found)
    return found


def way_to(organisation: Organisation, *, for_: User) -> Crumbs:
    """The organisations above this one that the visitor administers, and itself."""
    scopes = [scope.path for scope in roles_of(for_).administered]
    codes = organisation.path.strip("/").split("/")
    above = Organisation.objects.filter(code__in=codes).order_by("path")
    return [
        (reverse("administrator:unit", args=[each.code]), each.name)
        for each in above
        if any(each.path.startswith(path) for path in scopes)
    ]


def way_to_person(person: User, *, for_: User) -> Crumbs:
    """Their organisation and what is above it, and themselves."""
    place = last_place_of(person)
    way = way_to(place, for_=for_) if place else []
    return [*way, (reverse("administrator:person", args=[person.public_id]), person.full_name)]


def ask(
    request: HttpRequest, form: forms.Form, *, act: Callable[[dict[str, Any]], str], to: str, title: str, button: str,
    crumbs: Crumbs, lead: str = "", is_grave: bool = False,
) -> HttpResponse:  # fmt: skip
    """The page of a form, or, once it is sent and `act` has done what it says, the page `to` with what `act` says."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form.cleaned_data)
        except (*REFUSALS, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(to)
    context = {"form": form, "title": title, "button": button, "lead": lead, "is_grave": is_grave, "crumbs": crumbs}
    return render(request, "administrator/form.html", context, status=422 if form.errors else 200)


def saved() -> str:
    """What is said after a change that needs no more words."""
    return _("Saved.")
