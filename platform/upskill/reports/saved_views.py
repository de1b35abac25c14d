"""Saved views: a page of figures under a name, to come back to, and told about by mail each week or month.

save, change, delete   what their owner does
write_due              the mail of those whose day it is. It holds one sentence and a link: mail is read on screens that
                       others see, and what is behind the link is shown to whoever may see it on that day.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from upskill.core import audit, outbox
from upskill.core.rules import NotNow
from upskill.core.turns import wait_for_turn
from upskill.people.models import Organisation, User

from . import headlines, rules, sights
from .models import SavedView
from .unit_figures import EVERYBODY, slice_of

MOST = 50  # of one person
LONGEST_SECONDS = 3.0  # of one run of write_due: whoever writes has other work that must not wait
DAY = dt.timedelta(days=1)
Every = SavedView.Every


class NameTaken(NotNow):
    """Another view of this person has the name."""


class TooMany(NotNow):
    """This person has MOST views already."""


def views_of(owner: User) -> "QuerySet[SavedView]":
    """The person's own views by name, with their organisations. One query."""
    return SavedView.objects.filter(owner=owner).select_related("organisation").order_by("name", "pk")


@transaction.atomic
def keep(owner: User, *, name: str, organisation: Organisation, query: str, every: str, now: dt.datetime) -> SavedView:
    """A new view. Raises NotThere where the person does not see the organisation's figures; NameTaken, TooMany."""
    rules.check_see_department(owner, organisation=organisation)
    wait_for_turn(f"saved views of {owner.pk}")
    _check_name(owner, name=name)
    if SavedView.objects.filter(owner=owner).count() >= MOST:
        raise TooMany(_("You have %(most)d saved views. Delete one before you save another.") % {"most": MOST})
    view = SavedView.objects.create(
        owner=owner, name=name, organisation=organisation, query=query, every=every, made_at=now,
        next_on=next_day(every, after=timezone.localdate(now)),
    )  # fmt: skip
    audit.record("saved_view.saved", subject=view, by=owner, at=now, about=owner)
    return view


@transaction.atomic
def change(view: SavedView, *, name: str, every: str, by: User, now: dt.datetime) -> None:
    """Another name, or mail at other intervals. Raises NotThere where the owner no longer sees the organisation's
    figures and asks for mail about them; NameTaken.
    """
    if every:
        rules.check_see_department(view.owner, organisation=view.organisation)
    wait_for_turn(f"saved views of {view.owner_id}")
    _check_name(view.owner, name=name, but=view)
    if every != view.every:
        view.next_on = next_day(every, after=timezone.localdate(now))
    view.name, view.every = name, every
    view.save(update_fields=["name", "every", "next_on"])
    audit.record("saved_view.changed", subject=view, by=by, at=now, about=view.owner)


@transaction.atomic
def throw_away(view: SavedView, *, by: User, now: dt.datetime) -> None:
    """The view is gone, and with it its mail."""
    audit.record("saved_view.deleted", subject=view, by=by, at=now, about=view.owner)
    view.delete()


def next_day(every: str, *, after: dt.date) -> dt.date | None:
    """The next Monday, the first of the next month, or none."""
    if every == Every.WEEK:
        return after + dt.timedelta(days=7 - after.weekday())
    if every == Every.MONTH:
        return (after.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return None


def write_due(*, now: dt.datetime, link: Callable[[SavedView], str]) -> int:
    """Write the mail of the views whose day it is; returns how many mails. The outbox sends them. Begins no other once
    LONGEST_SECONDS are over: the rest is written by the next run.

    Several may call this at once: each view is taken by one of them. The mail and the day of the next one are written
    together, so whoever dies on the way has written both or nothing.
    """
    written, begun = 0, time.monotonic()
    while time.monotonic() < begun + LONGEST_SECONDS:
        found = _write_next(now=now, link=link)
        if found is None:
            break
        written += found
    return written


@transaction.atomic
def _write_next(*, now: dt.datetime, link: Callable[[SavedView], str]) -> int | None:
    """How many mails were written about the next view: none while nothing is published. None: no view is due."""
    today = timezone.localdate(now)
    due = SavedView.objects.filter(next_on__lte=today, owner__is_active=True, owner__email__isnull=False)
    locked = due.select_for_update(of=("self",), skip_locked=True)
    view = locked.select_related("owner", "organisation").order_by("next_on", "pk").first()
    if view is None:
        return None
    if not still_sees(view, on=today):
        _stop(view, now=now)
        return 1
    view.next_on = next_day(view.every, after=today)
    said = sentence_of(view)
    if not said:
        view.next_on = today + DAY
    view.save(update_fields=["next_on"])
    if said:
        outbox.add(to=view.owner, subject=view.name, body=_body(view, said=said, link=link(view)), at=now)
    return int(bool(said))


def sentence_of(view: SavedView) -> str:
    """What the view says to its owner in the newest publication, in one sentence, also where it has no figures of them;
    "" while nothing is published.
    """
    asked = parse_qs(view.query)
    slice_ = slice_of(asked.get("people", [""])[0]) or EVERYBODY
    seen = sights.sight(view.organisation, slice_=slice_, viewer=view.owner)
    if seen is None:
        return ""
    if seen.whole is None:
        return _("There are too few people to show figures.")
    one = seen.whole.skill(asked.get("skill", [""])[0])
    return headlines.headline(replace(seen.whole, skills=(one,)) if one else seen.whole)


def still_sees(view: SavedView, *, on: dt.date) -> bool:
    """Whether its owner may see what it shows. Asked of a person just read, so that roles are those of this moment."""
    place = view.organisation
    return place.is_in_force(on) and rules.can_see_department(view.owner, organisation=place)


def _stop(view: SavedView, *, now: dt.datetime) -> None:
    view.every, view.next_on = Every.NEVER, None
    view.save(update_fields=["every", "next_on"])
    audit.record("saved_view.stopped", subject=view, by=None, at=now, about=view.owner)
    body = _(
        "You no longer see the figures that your saved view “%(name)s” shows, so you get no more mail about it.\n\n"
        "If you still need them, ask the people who keep your staff records."
    ) % {"name": view.name}
    outbox.add(to=view.owner, subject=_("A saved view has ended"), body=f"{body}\n", at=now)


def _body(view: SavedView, *, said: str, link: str) -> str:
    often = {
        Every.WEEK: _("You get this mail each Monday, because you asked for it."),
        Every.MONTH: _("You get this mail on the first day of each month, because you asked for it."),
    }
    parts = [
        view.name,
        said,
        _("Sign in to see the figures, and to have them as a file: %(link)s") % {"link": link},
        often[Every(view.every)] + " " + _("To stop it, open your saved views and change this one."),
    ]
    return "\n\n".join(parts) + "\n"


def _check_name(owner: User, *, name: str, but: SavedView | None = None) -> None:
    taken = SavedView.objects.filter(owner=owner, name=name)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise NameTaken(_("You have a saved view with this name. Give another one."))
