"""Somebody who is signed in and visits another site cannot be made to do anything here."""

import pytest

from . import table
from .ask import junk_paths, parameters, path, send, visitor, word, writes
from .forms import FORMS
from .table import METHODS, ROWS, SAFE
from .world import World

pytestmark = [pytest.mark.matrix, pytest.mark.slow, pytest.mark.django_db]
UNSAFE = [method for method in METHODS if method not in SAFE]
# Addresses that answer unsafe methods without a token, each with the reason why that does no harm.
EXEMPT = {
    "api:nowhere": "leads nowhere: 404 as JSON before anybody is asked who they are",
    "csp_report": "a browser sends it by itself, without cookies; it is logged and changes nothing",
    "service:healthz": "answered before anything else: 405",
    "service:metrics": "answered before anything else: 405",
    "service:readyz": "answered before anything else: 405",
}
# Addresses that do something without a token: the key in them is all that it takes, whoever sends it from wherever.
KEYED = {"account:stop_weekly_mail": "mail programs send it with one click (RFC 8058); the key can do nothing else"}
FORMS_OF = {name: [row.method for row in ROWS if row.name == name and row.method in UNSAFE] for name in FORMS}


def somebody_who_may(name: str) -> str:
    """A role for whom the act would be done, so that nothing but the missing token refuses it."""
    return next((role for row in ROWS if row.name == name for role, cell in row.cells.items()
                 if cell == "done" and role not in {"anonymous", "suspended"}), "learner")  # fmt: skip


@pytest.mark.parametrize("name", [name for name in table.addresses() if name not in {*EXEMPT, *KEYED}])
def test_nothing_is_done_without_a_token(world: World, name):
    values, before = parameters(name, world=world, side=world.a), writes()
    client, to, form = visitor(world, somebody_who_may(name), strict=True), path(name, values), FORMS.get(name)
    sent = {method: form.data(world.a, values) for method in FORMS_OF.get(name, ()) if form}

    statuses = {
        method: send(client, method, to, sent.get(method), as_json=form.as_json if form else "").status_code
        for method in UNSAFE
    }

    assert (statuses, writes()) == (dict.fromkeys(UNSAFE, 403), before)


@pytest.mark.parametrize("name", KEYED)
def test_what_a_key_alone_does_is_done_by_that_key_and_by_no_session(world: World, name):
    values, form = parameters(name, world=world, side=world.a), FORMS[name]
    junk = [path(name, dict.fromkeys(values, "x" * 40)), *junk_paths(name)]

    refused = {word(visitor(world, "learner", strict=True), "POST", to, form.data(world.a, values)) for to in junk}
    done = word(visitor(world, "anonymous", strict=True), "POST", path(name, values), form.data(world.a, values))

    assert (refused, done) == ({"none"}, "done")


@pytest.mark.parametrize("name", EXEMPT)
def test_what_needs_no_token_does_nothing(world: World, name):
    client, to = visitor(world, "learner", strict=True), path(name, parameters(name, world=world, side=world.a))

    assert {word(client, method, to) for method in UNSAFE} <= {"none", "sign-in", "405", "415"}
