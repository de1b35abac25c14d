"""Signing in by an e-mailed one-time link: who may ask, how often, and what makes a link good.

ask_for_link   a visitor gives an address; the same row is written and the same answer given, known or not
send_due       a worker makes the link, keeps its digest and mails it: no page waits for a mail server, so the
               time an answer takes tells nothing, and the token is nowhere but in the e-mail
use_link       the link signs its person in, once
"""

import datetime as dt
import logging
import secrets
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from upskill.core import audit
from upskill.core.one_row import one_row
from upskill.core.turns import wait_for_turn

from .models import SignInLink, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = logging.getLogger(__name__)
QUARTER_HOUR = dt.timedelta(minutes=15)
KEPT = dt.timedelta(days=1)
PROBE_LINK = dt.timedelta(minutes=5)
MAX_TRIES = 5


class NotAnAddress(Exception):
    """What was typed is not an e-mail address of the plain kind that work addresses are."""


class DomainNotAllowed(Exception):
    """The address is not on one of the service's e-mail domains. The list is public, so saying so tells nothing."""


class TooManyLinks(Exception):
    """More links were asked for, by this address or from this place, than a person would need."""


class NotTheProbe(Exception):
    """The account belongs to a person, who signs in by a link in an e-mail."""


class LinkNotGood(Exception):
    """The link was used, has expired, was never made, or its account is suspended."""


@dataclass(frozen=True)
class Entry:
    """Somebody who may come in, and the page they wanted to see ("" for none)."""

    person: User
    next_path: str


@dataclass(frozen=True)
class WaitingLinks:
    """How many links wait to be mailed, since when the oldest does, and how many were given up and would still work."""

    number: int
    oldest_at: dt.datetime | None
    given_up: int


class SignInBackend:
    """Django's way to load the person of a session. Nobody signs in with a password."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Always None: `use_link` is the way in."""
        return

    def get_user(self, user_id: int) -> User | None:
        """The active account with this id; a suspended one is signed out at its next click."""
        return one_row(User, where="id = %s AND is_active", parameters=[user_id])


def work_address(typed: str) -> str:
    """The address in small letters, if it is one that may ask for a link. Raises NotAnAddress, DomainNotAllowed.

    Plain letters only: a look-alike from another alphabet may become a plain one in small letters.
    """
    address = typed.strip(" ")
    try:
        validate_email(address)
    except ValidationError as refusal:
        raise NotAnAddress(_no_address()) from refusal
    if not address.isascii() or '"' in address or len(address) > 254:
        raise NotAnAddress(_no_address())
    if not domain_allowed(address):
        domains = _(" or ").join(settings.SIGNIN_ALLOWED_DOMAINS)
        raise DomainNotAllowed(_("Use your work email address. It ends in %(domains)s.") % {"domains": domains})
    return address.lower()


def domain_allowed(address: str) -> bool:
    """True for an allowed domain or a true subdomain of one: the dot matters, evilgov.uk is not gov.uk."""
    domain = address.rpartition("@")[2].lower()
    return any(domain == allowed or domain.endswith(f".{allowed}") for allowed in settings.SIGNIN_ALLOWED_DOMAINS)


@transaction.atomic
def ask_for_link(
    typed: str, *, link_prefix: str, next_path: str, place: str, now: dt.datetime, announce: Callable[[], None]
) -> None:
    """Note that somebody at `place` asked for a link, and announce it once committed. Known and unknown addresses get
    the same rows and the same work. Raises NotAnAddress, DomainNotAllowed, TooManyLinks.
    """
    address = work_address(typed)
    email_digest, place_digest = _digest(address, kind="email"), _digest(place, kind="place")
    _check_rate(email_digest=email_digest, place_digest=place_digest, now=now)
    SignInLink.objects.create(
        person=User.objects.filter(email=address, is_active=True).first(),
        email_digest=email_digest,
        place_digest=place_digest,
        link_prefix=link_prefix,
        next_path=next_path[:500],
        requested_at=now,
        expires_at=now + dt.timedelta(seconds=settings.SIGNIN_LINK_SECONDS),
    )
    transaction.on_commit(announce)


def send_due(*, now: dt.datetime, most: int = 50) -> int:
    """Mail up to `most` links that were asked for; returns how many. Forgets requests older than a day.

    Several workers may call this at once. A link is mailed at most once: when a worker dies in between, its person
    asks for another. With the mail server down the run ends, and the next one tries again.
    """
    SignInLink.objects.filter(requested_at__lt=now - KEPT).delete()
    for sent in range(most):
        made = _make_next(now=now)
        if made is None:
            return sent
        link, token = made
        try:
            _send(link, token=token)
        except (OSError, smtplib.SMTPException) as refusal:
            log.warning("Sign-in link %s was not mailed (try %s): %s", link.pk, link.tries, type(refusal).__name__)
            SignInLink.objects.filter(pk=link.pk, used_at=None).update(token_digest=None)
            return sent
    return most


def waiting(*, now: dt.datetime) -> WaitingLinks:
    """The links that were asked for and not mailed. One query."""
    due = Q(tries__lt=MAX_TRIES)
    return WaitingLinks(
        **_unmailed(now=now).aggregate(
            number=Count("pk", filter=due), oldest_at=Min("requested_at", filter=due), given_up=Count("pk", filter=~due)
        )
    )


@transaction.atomic
def token_for_probe(probe: User, *, now: dt.datetime) -> str:
    """The token of a new one-time link for the probe account, which gets no mail; good for five minutes.

    Raises NotTheProbe: nobody else's account can be entered in this way.
    """
    if not probe.is_probe:
        raise NotTheProbe("Only the probe account is entered without a mail.")
    token = secrets.token_urlsafe(32)
    link = SignInLink.objects.create(
        person=probe,
        email_digest=_digest("", kind="email"),
        place_digest=_digest("", kind="place"),
        token_digest=_digest(token, kind="token"),
        requested_at=now,
        expires_at=now + PROBE_LINK,
    )
    audit.record("person.link_made", subject=link, by=None, at=now, about=probe)
    return token


def entry(token: str, *, now: dt.datetime) -> Entry:
    """Whom the link would sign in. Looking does not use it up: mail scanners look. Raises LinkNotGood."""
    return _entry(_good_links(token, now=now).first())


@transaction.atomic
def use_link(token: str, *, now: dt.datetime) -> Entry:
    """Whom this link signs in, once: of two uses at the same moment one wins. Raises LinkNotGood.

    Their other links end with it: whoever is in needs no second key lying in an inbox.
    """
    link = _good_links(token, now=now).select_for_update(of=("self",)).first()
    entry = _entry(link)
    mine = SignInLink.objects.filter(person=entry.person, used_at=None)
    mine.filter(token_digest__isnull=False).update(used_at=now)
    audit.record("person.signed_in", subject=entry.person, by=entry.person, at=now, about=entry.person, way="link")
    return entry


def _entry(link: SignInLink | None) -> Entry:
    if link is None or link.person is None:
        raise LinkNotGood
    return Entry(person=link.person, next_path=link.next_path)


def _good_links(token: str, *, now: dt.datetime) -> "QuerySet[SignInLink]":
    unused = SignInLink.objects.filter(token_digest=_digest(token, kind="token"), used_at=None)
    return unused.filter(expires_at__gt=now, person__is_active=True).select_related("person")


@transaction.atomic
def _make_next(*, now: dt.datetime) -> tuple[SignInLink, str] | None:
    """A request that waits for its mail, with a new token of which the row keeps the digest; None if none waits."""
    waiting = _unmailed(now=now).filter(tries__lt=MAX_TRIES).select_related("person")
    link = waiting.select_for_update(of=("self",), skip_locked=True).order_by("tries", "requested_at").first()
    if link is None:
        return None
    token = secrets.token_urlsafe(32)
    link.token_digest, link.tries = _digest(token, kind="token"), link.tries + 1
    link.save(update_fields=["token_digest", "tries"])
    return link, token


def _unmailed(*, now: dt.datetime) -> "QuerySet[SignInLink]":
    asked = SignInLink.objects.filter(token_digest=None, expires_at__gt=now)
    return asked.filter(person__is_active=True, person__email__isnull=False)


def _check_rate(*, email_digest: str, place_digest: str, now: dt.datetime) -> None:
    """Refuse what is too much. One request at a time per address and per place, or a burst would slip through."""
    wait_for_turn(f"sign-in email {email_digest}")
    wait_for_turn(f"sign-in place {place_digest}")
    recent = SignInLink.objects.filter(requested_at__gt=now - QUARTER_HOUR)
    by_email = recent.filter(email_digest=email_digest).count()
    by_place = recent.filter(place_digest=place_digest).count()
    if by_email >= settings.SIGNIN_LINKS_PER_QUARTER_HOUR or by_place >= settings.SIGNIN_LINKS_PER_PLACE:
        raise TooManyLinks(_("You asked for too many links. Use the newest one in your inbox, or wait 15 minutes."))


def _send(link: SignInLink, *, token: str) -> None:
    assert link.person is not None  # noqa: S101 - _make_next takes no other; mypy cannot know
    body = _(
        "Hello %(name)s,\n\n"
        "Use this link to sign in to %(service)s. It works once, for %(minutes)s minutes.\n\n%(url)s\n\n"
        "If you did not ask for it, do nothing: nobody can sign in without it.\n"
    ) % {
        "name": link.person.full_name,
        "service": settings.SERVICE_NAME,
        "minutes": settings.SIGNIN_LINK_SECONDS // 60,
        "url": f"{link.link_prefix}{token}/",
    }
    send_mail(_("Sign in to %s") % settings.SERVICE_NAME, body, None, [link.person.email or ""])


def _no_address() -> str:
    return _("Enter an email address in the correct format, like name@example.gov.uk.")


def _digest(text: str, *, kind: str) -> str:
    """A digest that nobody can find the text of by trying addresses, without the service's key."""
    return salted_hmac(f"upskill.people.signin.{kind}", text, algorithm="sha256").hexdigest()
