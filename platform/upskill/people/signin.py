"""Signing in by an e-mailed one-time link: who may ask, how often, and what makes a link good."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from upskill.core import audit

from .models import SignInLink, User

QUARTER_HOUR = dt.timedelta(minutes=15)


class DomainNotAllowed(Exception):
    """The address is not on one of the service's e-mail domains. The list is public, so saying so tells nothing."""


class TooManyLinks(Exception):
    """More links were asked for, by this address or from this place, than a person would need."""


class LinkNotGood(Exception):
    """The link was used, has expired, was never made, or its account is suspended."""


class SignInBackend:
    """Django's way to load the person of a session. Nobody signs in with a password."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Always None: `sign_in_with` is the way in."""
        return

    def get_user(self, user_id: int) -> User | None:
        """The active account with this id; a suspended one is signed out at its next click."""
        return User.objects.filter(pk=user_id, is_active=True).first()


def domain_allowed(email: str) -> bool:
    """True for an allowed domain or a true subdomain of one: the dot matters, evilgov.uk is not gov.uk."""
    domain = email.rpartition("@")[2].lower().rstrip(".")
    return any(domain == allowed or domain.endswith(f".{allowed}") for allowed in settings.SIGNIN_ALLOWED_DOMAINS)


def send_link(email: str, *, link_prefix: str, address: str, now: dt.datetime) -> None:
    """E-mail a one-time link to the account with this address; an unknown or suspended one gets nothing, silently.

    The caller cannot tell from the answer whether the account exists. Raises DomainNotAllowed, TooManyLinks.
    """
    if not domain_allowed(email):
        raise DomainNotAllowed(_("Enter your work email address, such as name@department.gov.uk"))
    _check_rate(email, address=address, now=now)
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        person=person,
        email_sha256=_digest(email.lower()),
        address_sha256=_digest(address),
        token_sha256=_digest(token),
        requested_at=now,
        expires_at=now + dt.timedelta(seconds=settings.SIGNIN_LINK_SECONDS),
    )
    if person:
        _send(person, url=f"{link_prefix}{token}/")


def is_good(token: str, *, now: dt.datetime) -> bool:
    """True while the link can still sign somebody in. Looking does not use it up: mail scanners look."""
    return _good_links(token, now=now).exists()


@transaction.atomic
def use_link(token: str, *, now: dt.datetime) -> User:
    """The person whom this link signs in, once: of two uses at the same moment one wins. Raises LinkNotGood."""
    link = _good_links(token, now=now).select_for_update(of=("self",)).select_related("person").first()
    if link is None or link.person is None:
        raise LinkNotGood
    link.used_at = now
    link.save(update_fields=["used_at"])
    audit.record("person.signed_in", subject=link.person, by=link.person, at=now, about=link.person)
    return link.person


def _good_links(token: str, *, now: dt.datetime) -> Any:
    return SignInLink.objects.filter(
        token_sha256=_digest(token), used_at=None, expires_at__gt=now, person__is_active=True
    )


def _check_rate(email: str, *, address: str, now: dt.datetime) -> None:
    recent = SignInLink.objects.filter(requested_at__gt=now - QUARTER_HOUR)
    most = settings.SIGNIN_LINKS_PER_QUARTER_HOUR
    by_email = recent.filter(Q(email_sha256=_digest(email.lower()))).count()
    by_place = recent.filter(address_sha256=_digest(address)).count()
    if by_email >= most or by_place >= most * 10:  # an office shares one address
        raise TooManyLinks(_("You asked for too many links. Use the newest one in your inbox, or wait 15 minutes."))


def _send(person: User, *, url: str) -> None:
    body = _(
        "Hello %(name)s,\n\n"
        "Use this link to sign in to %(service)s. It works once, for %(minutes)s minutes.\n\n%(url)s\n\n"
        "If you did not ask for it, do nothing: nobody can sign in without it.\n"
    ) % {
        "name": person.full_name,
        "service": settings.SERVICE_NAME,
        "minutes": settings.SIGNIN_LINK_SECONDS // 60,
        "url": url,
    }
    send_mail(_("Sign in to %s") % settings.SERVICE_NAME, body, None, [person.email or ""])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
