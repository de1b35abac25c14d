"""The weekly mail of those who asked for it: where they left, questions that are due, what was marked or decided since.

write_due   looks at each of them once a day, from a week after the last mail, and writes to whom there is something
            to say. Mail about an act that concerns somebody is not a part of this: it goes out with the act.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.catalogue import queries as catalogue
from upskill.core import outbox
from upskill.learning import queries as learning
from upskill.learning import recall
from upskill.marking import queries as marking
from upskill.people.models import User, WeeklyMail
from upskill.people.weekly_mail import WEEK

LONGEST_SECONDS = 3.0  # of one run: whoever writes has other work that must not wait
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class News:
    """What there is to say to one learner. Titles only: mail is read on screens that others see."""

    left_at: str  # title of the item where they left, "" for none
    was_there: bool  # they were there since the last mail
    questions: int  # that are due
    marked: list[str]  # titles of exercises
    decided: list[str]

    @property
    def is_worth_a_mail(self) -> bool:
        """Where somebody left is worth one only once after each visit: nobody is reminded of it for ever."""
        return bool(self.questions or self.marked or self.decided or (self.left_at and self.was_there))


def write_due(*, now: dt.datetime, service: str, stop_link: Callable[[User], str]) -> int:
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
        news = news_of(taken.person, since=taken.told_at, on=timezone.localdate(now))
        if news.is_worth_a_mail:
            written += _write(taken, news=news, now=now, service=service, stop_link=stop_link(taken.person))
    return written


def news_of(learner: User, *, since: dt.datetime, on: dt.date) -> News:
    """What there is to say to this learner on that day of what came after `since`. Six queries."""
    left = learning.newest_open(learner)
    return News(
        left_at=catalogue.title_now(left.item) if left else "",
        was_there=bool(left and left.last_seen_at > since),
        questions=len(recall.today(learner, on=on).due),
        marked=marking.titles_marked(learner, since=since),
        decided=marking.titles_decided(learner, since=since),
    )


@transaction.atomic
def _take_next(*, on: dt.date) -> WeeklyMail | None:
    """Somebody whose day it is, whom nobody else looks at any more on that day."""
    due = WeeklyMail.objects.filter(look_on__lte=on, person__is_active=True, person__email__isnull=False)
    taken = due.select_related("person").select_for_update(of=("self",), skip_locked=True).order_by("look_on").first()
    if taken:
        taken.look_on = on + DAY
        taken.save(update_fields=["look_on"])
    return taken


@transaction.atomic
def _write(taken: WeeklyMail, *, news: News, now: dt.datetime, service: str, stop_link: str) -> bool:
    """The mail in the outbox, and nobody looks for a week; False where it was switched off or written meanwhile."""
    same = WeeklyMail.objects.filter(pk=taken.pk, told_at=taken.told_at)
    if not same.update(told_at=now, look_on=timezone.localdate(now + WEEK)):
        return False
    body = _body(news, service=service, stop_link=stop_link)
    link = stop_link if service else ""  # a path alone is nothing that a mail program could open
    outbox.add(to=taken.person, subject=_("Your weekly learning mail"), body=body, at=now, stop_link=link)
    return True


def _body(news: News, *, service: str, stop_link: str) -> str:
    parts = [
        _("You left at: %(title)s") % {"title": news.left_at} if news.left_at else "",
        _questions(news.questions) if news.questions else "",
        _list(_("Marked since the last mail:"), news.marked),
        _list(_("Reviews that you asked for, decided since the last mail:"), news.decided),
        _("Sign in to see more: %(service)s") % {"service": service} if service else _("Sign in to see more."),
        _(
            "You get this mail once a week at most, because you switched it on. To stop it, open this link and "
            "confirm. You need not sign in.\n%(link)s"
        )
        % {"link": stop_link},
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _questions(number: int) -> str:
    said = ngettext(
        "%(n)d question waits for you to look back at it.", "%(n)d questions wait for you to look back at them.", number
    )
    return said % {"n": number}


def _list(heading: str, titles: list[str]) -> str:
    return "\n".join([heading, *(f"- {title}" for title in titles)]) if titles else ""
