"""Access tokens: keys to the API that people make for programs of their own.

issue_token    its person makes one; the secret is told once and kept as a digest only
revoke_token   its person, or whoever suspends them, ends it
note_use       the day of its last use, for its person to see which one is still needed
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from upskill.core import audit

from .models import AccessToken, TokenScope, User

MOST_DAYS = 90
MOST_TOKENS = 10


class TooManyTokens(Exception):
    """The person has as many tokens as anybody may have at a time."""


class NotALifetime(Exception):
    """A token lasts at least a day, and ends before its person has forgotten it."""


class AccountClosed(Exception):
    """The account was suspended: nothing is made for it."""


@dataclass(frozen=True)
class NewToken:
    """A token that was just made. `secret` is what a program sends; nobody can read it again."""

    token: AccessToken
    secret: str


def live_tokens(person: User, *, now: dt.datetime) -> "QuerySet[AccessToken]":
    """The person's tokens that still work, the newest first."""
    return _live(now).filter(user=person).order_by("-created", "pk")


def live_token(public_id: UUID, *, now: dt.datetime) -> AccessToken | None:
    """The token with this id, whoever made it; None for one that has ended. One query."""
    return _live(now).filter(public_id=public_id).first()


@transaction.atomic
def issue_token(person: User, *, name: str, scopes: Iterable[TokenScope], days: int, now: dt.datetime) -> NewToken:
    """A new token of the person's own, with its secret. Tokens that have expired are deleted on the way.

    Raises NotALifetime, TooManyTokens, AccountClosed.
    """
    if not 1 <= days <= MOST_DAYS:
        raise NotALifetime(_("Choose a number of days from 1 to %(most)d.") % {"most": MOST_DAYS})
    if not User.objects.select_for_update().get(pk=person.pk).is_active:  # two at once wait for each other
        raise AccountClosed
    AccessToken.objects.filter(user=person, expiry__lte=now).delete()
    if AccessToken.objects.filter(user=person).count() >= MOST_TOKENS:
        raise TooManyTokens(
            _("You have %(most)d access tokens already. Revoke one that you no longer use.") % {"most": MOST_TOKENS}
        )
    digest, secret = get_digest_token()  # type: ignore[no-untyped-call]
    token = AccessToken(
        digest=digest,
        token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH],
        user=person,
        name=name,
        scopes=sorted(set(scopes), key=list(TokenScope).index),
        expiry=now + dt.timedelta(days=days),
    )
    token.save(force_insert=True)
    token.refresh_from_db(fields=["public_id"])
    audit.record("token.issued", subject=person, by=person, at=now, about=person, **_facts(token))
    return NewToken(token=token, secret=secret)


@transaction.atomic
def revoke_token(token: AccessToken, *, by: User, now: dt.datetime) -> None:
    """Nothing can be done with the token from now on. Safe to repeat."""
    _revoke(AccessToken.objects.filter(pk=token.pk), by=by, now=now)


@transaction.atomic
def revoke_all(person: User, *, by: User, now: dt.datetime) -> None:
    """The person has no token any more."""
    _revoke(AccessToken.objects.filter(user=person), by=by, now=now)


def note_use(token: AccessToken, *, on: dt.date) -> None:
    """Remember the day on which the token was used last. Not audited: it is its person's own note. One query a day."""
    if token.last_used_on != on:
        AccessToken.objects.filter(Q(last_used_on=None) | Q(last_used_on__lt=on), pk=token.pk).update(last_used_on=on)


def _live(now: dt.datetime) -> "QuerySet[AccessToken]":
    tokens: QuerySet[AccessToken] = AccessToken.objects.filter(expiry__gt=now)
    return tokens


def _revoke(tokens: "QuerySet[AccessToken]", *, by: User, now: dt.datetime) -> None:
    for token in tokens.select_for_update(of=("self",)).select_related("user"):
        audit.record("token.revoked", subject=token.user, by=by, at=now, about=token.user, **_facts(token))
        token.delete()


def _facts(token: AccessToken) -> dict[str, Any]:
    """What the trail keeps of a token. Its subject is the person: a token's own key is its digest, which stands nowhere
    else.
    """
    return {"token": str(token.public_id), "scopes": token.scopes}
