"""Whether somebody wants the weekly mail: off until they ask for it, and off again with one click from any such mail.

switch_on, switch_off   on the account page, or by the link in a mail
token_of, person_of     the key of that link: it needs no signing in, lasts, and can do nothing else
"""

import datetime as dt
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from upskill.core import audit

from .models import User, WeeklyMail

WEEK = dt.timedelta(days=7)


class TokenNotGood(Exception):
    """The key of a link that stops the weekly mail was not made by this service, or its account is gone."""


def is_wanted(person: User) -> bool:
    """Whether the person gets the weekly mail. One query."""
    return WeeklyMail.objects.filter(person=person).exists()


@transaction.atomic
def switch_on(person: User, *, now: dt.datetime) -> None:
    """From a week after now the person is told of news. Safe to repeat.

    Not sooner, so that switching off and on does not bring two in a week.
    """
    first = {"told_at": now, "look_on": timezone.localdate(now + WEEK)}
    if WeeklyMail.objects.get_or_create(person=person, defaults=first)[1]:
        audit.record("weekly_mail.switched_on", subject=person, by=person, at=now, about=person)


@transaction.atomic
def switch_off(person: User, *, by: User | None, now: dt.datetime) -> None:
    """The person gets no more of it, and nothing is kept about it. Safe to repeat.

    `by`: None for whoever has the link.
    """
    if not WeeklyMail.objects.filter(person=person).delete()[0]:
        return
    if by:
        audit.record("weekly_mail.switched_off", subject=person, by=by, at=now, about=person)
    else:
        audit.record("weekly_mail.stopped", subject=person, by=None, at=now, about=person)


def token_of(person: User) -> str:
    """The key of the link by which this person switches the mail off, the same in each mail."""
    return _signer().sign(person.public_id.hex)


def person_of(token: str) -> User:
    """Whose mail the key switches off. One query. Raises TokenNotGood."""
    try:
        public_id = UUID(_signer().unsign(token))
    except (BadSignature, ValueError) as refusal:
        raise TokenNotGood from refusal
    person = User.objects.filter(public_id=public_id).first()
    if person is None:
        raise TokenNotGood
    return person


def _signer() -> Signer:
    return Signer(salt="upskill.people.weekly_mail")
