"""Who asks the API: a program with an access token, or somebody's browser."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from upskill.people import tokens
from upskill.people.models import TokenScope, User

EVERYTHING = tuple(TokenScope)


@pytest.fixture
def program(db):
    """A function: a client with a new token of this person; all scopes unless some are named."""

    def make(person: User, *scopes: TokenScope) -> Client:
        new = tokens.issue_token(person, name="Test", scopes=scopes or EVERYTHING, days=1, now=timezone.now())
        return Client(headers={"Authorization": f"Bearer {new.secret}"})

    return make


@pytest.fixture
def post(db):
    """A function: what this client is answered when it sends this as JSON."""

    def send(client: Client, path: str, body: object = None, **headers: str):
        return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)

    return send
