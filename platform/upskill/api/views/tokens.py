"""Access tokens, for people who are signed in; a token can not make another."""

from uuid import UUID

from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from upskill.api.schema import operation
from upskill.api.serializers import tokens as said
from upskill.people import rules, tokens
from upskill.people.models import TokenScope

from .base import View


class Tokens(View):
    """The access tokens of whoever asks."""

    reads = None
    writes = None

    @operation("list_tokens", tag="tokens", summary="Your tokens", answers={200: said.TokenSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Your access tokens that work, newest first. Nobody can read their secrets again."""
        mine = tokens.live_tokens(self.person, now=timezone.now())
        return Response(said.TokenSerializer(mine, many=True).data)

    @operation(
        "issue_token",
        tag="tokens",
        summary="Make a token",
        takes=said.TokenRequestSerializer,
        answers={201: said.NewTokenSerializer},
        refuses=(400, 409, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """A new token. Its secret is in this answer and never again."""
        asked = said.TokenRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        new = tokens.issue_token(
            self.person,
            name=wanted["name"],
            scopes=[TokenScope(scope) for scope in wanted["scopes"]],
            days=wanted["days"],
            now=timezone.now(),
        )
        return Response(said.TokenSerializer(new.token).data | {"secret": new.secret}, status=201)


class OneToken(View):
    """An access token of whoever asks."""

    reads = None
    writes = None

    @operation("revoke_token", tag="tokens", summary="Revoke a token", answers={204: None}, refuses=(404, 413))
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Nothing can be done with it from now on."""
        token = tokens.live_token(public_id, now=timezone.now())
        if token is None:
            raise NotFound
        rules.check_manage_token(self.person, token=token)
        tokens.revoke_token(token, by=self.person, now=timezone.now())
        return Response(status=204)
