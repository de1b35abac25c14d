"""The digest of learning that somebody must do: one mail a week at most, while something is due soon or overdue.

put_down    each day, everybody whom a required assignment means gets a row, and so do their line managers
write_due   looks at each of them once a week, and writes to whom there is something to say

What is recommended is never mailed. Required learning is, whatever somebody has switched off: it is asked by their
employer. A line manager is told how many pieces are overdue in the team, and no name: assistants read mail.
"""

import datetime as dt
import time
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.core import outbox
from upskill.people.models import User
from upskill.people.queries import roles_of

from .audience import in_effect, posts_meant
from .dues import State
from .models import Assignment, Reminder
from .queries import Due, assignments_of_team, due_of

LONGEST_SECONDS = 3.0  # of one run: whoever writes has other work that must not wait
MOST_PUT_DOWN = 2000  # people at a time, in one transaction
DAY, WEEK, SOON = dt.timedelta(days=1), dt.timedelta(days=7), dt.timedelta(days=14)


@dataclass(frozen=True)
class Links:
    """Where people look: at what they must do, and at their team."""

    own: str
    team: str


@dataclass(frozen=True)
class News:
    """What there is to say to one person."""

    overdue: list[Due]
    soon: list[Due]
    in_team: int  # pieces of required learning that are overdue in their team
    is_asked: bool  # anything is asked of them or of their team, now or later

    @property
    def is_worth_a_mail(self) -> bool:
        """Whether something is due within SOON or overdue."""
        return bool(self.overdue or self.soon or self.in_team)


def put_down(*, now: dt.datetime) -> int:
    """See to it that whoever is to be reminded will be looked at; returns how many are new. Begins no other piece of
    work once LONGEST_SECONDS are over: the rest is done by the next run.

    Several may call this at once. Whoever dies on the way has put down all of one piece or nothing of it.
    """
    new, begun, on = 0, time.monotonic(), timezone.localdate(now)
    while time.monotonic() < begun + LONGEST_SECONDS:
        added = _put_down_next(on=on)
        if added is None:
            break
        new += added
    return new


def write_due(*, now: dt.datetime, links: Links) -> int:
    """Write the mail of everybody whose day it is; returns how many. The outbox sends it. Begins no other once
    LONGEST_SECONDS are over: the rest is written by the next run.

    Several may call this at once: each person is taken by one of them, for a day. Whoever dies on the way has written
    a whole mail or none, and that person is looked at again the next day.
    """
    written, begun = 0, time.monotonic()
    while time.monotonic() < begun + LONGEST_SECONDS:
        taken = _take_next(on=timezone.localdate(now))
        if taken is None:
            break
        written += _look_at(taken, now=now, links=links)
    return written


def news_of(person: User, *, on: dt.date) -> News:
    """What there is to say to this person on that day. Five queries, five more for a line manager."""
    own = due_of(person, on=on)
    team = assignments_of_team(person, on=on) if roles_of(person).has_reports else []
    required = [due for due in own if due.assignment.is_required and due.is_open]
    return News(
        overdue=[due for due in required if due.state == State.OVERDUE],
        soon=[due for due in required if due.state == State.DUE and due.due_on <= on + SOON],
        in_team=sum(each.number(State.OVERDUE) for each in team),
        is_asked=bool(own or team),
    )


@transaction.atomic
def _put_down_next(*, on: dt.date) -> int | None:
    """Some people of an assignment whose day it is; how many are new, None where all was seen to on that day."""
    waiting = in_effect().filter(Q(seen_to_on=None) | Q(seen_to_on__lt=on), is_required=True)
    waiting = waiting.filter(due_on__lte=on + SOON + WEEK)  # nobody is told before
    taken = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk").first()
    if taken is None:
        return None
    new = _strangers(taken, on=on)
    Reminder.objects.bulk_create([Reminder(person_id=pk, look_on=on) for pk in new], ignore_conflicts=True)
    if len(new) < MOST_PUT_DOWN:
        if taken.seen_to_on is None:
            _look_sooner(taken, on=on)
        Assignment.objects.filter(pk=taken.pk).update(seen_to_on=on)
    return len(new)


def _strangers(assignment: Assignment, *, on: dt.date) -> set[int]:
    """Some of those whom it means, and their line managers, whom nobody looks at yet."""
    posts = posts_meant(assignment, on=on)
    found: set[int] = set()
    for who in ("person", "line_manager"):
        known = Reminder.objects.filter(person=OuterRef(who))
        can_be_told = {f"{who}__is_active": True, f"{who}__email__isnull": False}
        unknown = posts.exclude(Exists(known)).filter(**can_be_told).order_by()
        found |= set(unknown.values_list(who, flat=True).distinct()[: MOST_PUT_DOWN - len(found)])
    return found


def _look_sooner(assignment: Assignment, *, on: dt.date) -> None:
    """What is new may be due before the week is over; nobody gets two mails in it for that."""
    rested = Q(told_at=None) | Q(told_at__date__lte=on - WEEK)
    people = posts_meant(assignment, on=on).values("person")
    Reminder.objects.filter(rested, person__in=people, look_on__gt=on).update(look_on=on)


@transaction.atomic
def _take_next(*, on: dt.date) -> Reminder | None:
    """Somebody whose day it is, whom nobody else looks at any more on that day."""
    due = Reminder.objects.filter(look_on__lte=on).select_related("person")
    taken = due.select_for_update(of=("self",), skip_locked=True).order_by("look_on", "pk").first()
    if taken:
        taken.look_on = on + DAY
        taken.save(update_fields=["look_on"])
    return taken


@transaction.atomic
def _look_at(taken: Reminder, *, now: dt.datetime, links: Links) -> bool:
    """The mail in the outbox, if there is something to say, and nobody looks for a week; nobody looks at all any more
    at somebody of whom nothing is asked, or who left.
    """
    person, on = taken.person, timezone.localdate(now)
    same = Reminder.objects.filter(pk=taken.pk, told_at=taken.told_at, look_on=taken.look_on)
    news = news_of(person, on=on) if person.is_active and person.email else None
    if news is None or not news.is_asked:
        same.delete()
        return False
    told_at = now if news.is_worth_a_mail else taken.told_at
    if not same.update(told_at=told_at, look_on=on + WEEK) or not news.is_worth_a_mail:
        return False
    outbox.add(to=person, subject=_subject(news), body=_body(news, links=links), at=now)
    return True


def _subject(news: News) -> str:
    if news.overdue:
        return _("Learning that you must do is overdue")
    return _("Learning that you must do is due soon") if news.soon else _("Learning in your team is overdue")


def _body(news: News, *, links: Links) -> str:
    own = bool(news.overdue or news.soon)
    parts = [
        _list(_("Overdue:"), news.overdue),
        _list(_("Due soon:"), news.soon),
        _("See why, and who asked you: %(link)s") % {"link": links.own} if own else "",
        _team(news.in_team, link=links.team) if news.in_team else "",
        _(
            "You get this mail once a week at most, while learning that is required is due within two weeks or "
            "overdue. It cannot be switched off."
        ),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _list(heading: str, dues: list[Due]) -> str:
    """Titles and days: mail is read on screens that others see, so nothing of reasons or results."""
    lines = [
        _("- %(title)s, by %(day)s") % {"title": due.assignment.title, "day": date_format(due.due_on, "j F Y")}
        for due in dues
    ]
    return "\n".join([heading, *lines]) if lines else ""


def _team(number: int, *, link: str) -> str:
    said = ngettext(
        "In your team, %(n)d piece of required learning is overdue. See whose: %(link)s",
        "In your team, %(n)d pieces of required learning are overdue. See whose: %(link)s",
        number,
    )
    return said % {"n": number, "link": link}
