"""The staff record of one person, and how it changes."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upskill.people import leaving, posts, rules, staff
from upskill.people.posts import Post
from upskill.people.queries import post_of, roles_of
from upskill.skills.role_codes import level_names, levels_within
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

from . import forms, pages

BOTH = ["GET", "HEAD", "POST"]
DAY = dt.timedelta(days=1)


@never_cache
@require_safe
@allowed("staff search", most=pages.MOST_CHANGES, seconds=HOUR, reading=True)
def person(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """The posts of somebody, and no level of theirs. That it was opened is in their trail."""
    visitor, someone = signed_in(request), pages.person_or_404(request, public_id)
    staff.record_view(someone, by=visitor, now=timezone.now())
    held = list(staff.posts_of(someone))
    names = level_names(code for post in held for code in (post.role, post.persona))
    context = {
        "someone": someone,
        "posts": [(post, [names.get(code, code) for code in (post.role, post.persona) if code]) for post in held],
        "may_end": rules.can_end_record(visitor, of=someone),
        "crumbs": pages.way_to_person(someone, for_=visitor)[:-1],
    }
    return render(request, "administrator/person.html", context)


@require_http_methods(BOTH)
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def move(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """Somebody's main post from a day on, also a past one."""
    visitor, today = signed_in(request), timezone.localdate()
    someone = pages.person_or_404(request, public_id)
    held = post_of(someone, on=today)
    known = levels_within(roles_of(visitor).administered)
    form = forms.PostForm(request.POST or None, for_=visitor, held=held, levels=known, on=today)

    def act(said: dict[str, Any]) -> str:
        from_on = said.pop("from_on")
        rules.check_change_days(visitor, of=someone, from_on=from_on, until=from_on + DAY)
        posts.move(someone, to=Post(**said), from_on=from_on, by=visitor, now=timezone.now())
        return pages.saved()

    return pages.ask(
        request, form, act=act, title=_("Move %(name)s") % {"name": someone.full_name}, button=_("Save"),
        to=reverse("administrator:person", args=[public_id]), crumbs=pages.way_to_person(someone, for_=visitor),
    )  # fmt: skip


@require_http_methods(BOTH)
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def add_post(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """A further post of somebody, beside the main one."""
    visitor, someone = signed_in(request), pages.person_or_404(request, public_id)
    known = levels_within(roles_of(visitor).administered)
    form = forms.PostForm(request.POST or None, for_=visitor, held=None, levels=known, on=timezone.localdate())

    def act(said: dict[str, Any]) -> str:
        from_on = said.pop("from_on")
        rules.check_change_days(visitor, of=someone, from_on=from_on, until=None)
        posts.add_post(someone, to=Post(**said), from_on=from_on, by=visitor, now=timezone.now())
        return pages.saved()

    return pages.ask(
        request, form, act=act, title=_("Add a further post of %(name)s") % {"name": someone.full_name},
        lead=_("It stands beside their main post and counts in no figure."), button=_("Add it"),
        to=reverse("administrator:person", args=[public_id]), crumbs=pages.way_to_person(someone, for_=visitor),
    )  # fmt: skip


@require_http_methods(BOTH)
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def end_post(request: HttpRequest, *, public_id: UUID, number: int) -> HttpResponse:
    """A further post of somebody is over. Of one that is already, nothing changes."""
    visitor, someone = signed_in(request), pages.person_or_404(request, public_id)
    post = staff.further_post(someone, number)
    if post is None:
        raise Http404
    where = {"name": someone.full_name, "place": post.organisation.name}

    def act(said: dict[str, Any]) -> str:
        rules.check_change_days(visitor, of=someone, from_on=said["on"], until=said["on"] + DAY)
        posts.end_post(post, on=said["on"], by=visitor, now=timezone.now())
        return _("The post of %(name)s in %(place)s ends.") % where

    return pages.ask(
        request, forms.LeaveForm(request.POST or None, on=timezone.localdate()), act=act, is_grave=True,
        title=_("End the post of %(name)s in %(place)s") % where, button=_("End this post"),
        lead=_("Their main post stays as it is."),
        to=reverse("administrator:person", args=[public_id]), crumbs=pages.way_to_person(someone, for_=visitor),
    )  # fmt: skip


@require_http_methods(BOTH)
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def line_manager(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """Whom somebody reports to from a day on."""
    visitor, someone = signed_in(request), pages.person_or_404(request, public_id)

    def act(said: dict[str, Any]) -> str:
        rules.check_change_days(visitor, of=someone, from_on=said["from_on"], until=said["from_on"] + DAY)
        posts.change_line_manager(someone, by=visitor, now=timezone.now(), **said)
        return pages.saved()

    return pages.ask(
        request, forms.ManagerForm(request.POST or None, for_=visitor, on=timezone.localdate()), act=act,
        title=_("Change the line manager of %(name)s") % {"name": someone.full_name}, button=_("Save"),
        to=reverse("administrator:person", args=[public_id]), crumbs=pages.way_to_person(someone, for_=visitor),
    )  # fmt: skip


@require_http_methods(BOTH)
@allowed("staff records", most=pages.MOST_CHANGES, seconds=HOUR)
def leave(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """Somebody works here no more."""
    visitor, someone = signed_in(request), pages.person_or_404(request, public_id)
    rules.check_end_record(visitor, of=someone)

    def act(said: dict[str, Any]) -> str:
        rules.check_change_days(visitor, of=someone, from_on=said["on"], until=None)
        leaving.leave(someone, on=said["on"], by=visitor, now=timezone.now())
        return _("%(name)s has left.") % {"name": someone.full_name}

    return pages.ask(
        request, forms.LeaveForm(request.POST or None, on=timezone.localdate()), act=act, is_grave=True,
        title=_("Record that %(name)s has left") % {"name": someone.full_name}, button=_("They have left"),
        lead=_("Every post and all access of theirs ends and their account is closed. Their record stays theirs."),
        to=reverse("administrator:person", args=[public_id]), crumbs=pages.way_to_person(someone, for_=visitor),
    )  # fmt: skip
