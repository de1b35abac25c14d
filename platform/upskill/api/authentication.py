"""Who is asking: somebody who is signed in, or a program with an access token of theirs."""

import re

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from upskill.people import tokens
from upskill.people.models import AccessToken, User

LOOKS_LIKE_A_TOKEN = re.compile(rb"[a-z_]{1,10}[0-9a-f]{64}")  # anything else never reaches the database


class AccessTokens(TokenAuthentication):
    """`Authorization: Bearer SECRET`. Every token that does not work is refused in the same words."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AccessToken]:
        """The person and their token, its day of use noted. Raises AuthenticationFailed."""
        if not LOOKS_LIKE_A_TOKEN.fullmatch(token):
            raise _not_valid()
        try:
            person, found = super().authenticate_credentials(token)  # type: ignore[no-untyped-call]
        except AuthenticationFailed as refusal:
            raise _not_valid() from refusal
        tokens.note_use(found, on=timezone.localdate())
        return person, found


def _not_valid() -> AuthenticationFailed:
    return AuthenticationFailed(_("This access token does not work: it has ended, was revoked, or never was one."))
