"""Programs ask whether the service lives and is ready, and get an answer whatever is down."""

import json
import socket
import threading
import time

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from tests.factories.people import PersonFactory
from upskill.celery import app
from upskill.core import heartbeats
from upskill.core.connections import own_connection
from upskill.core.models import Heartbeat
from upskill.web.service import health

pytestmark = pytest.mark.django_db(transaction=True)
NOT_KNOWN = {"ok": False, "detail": "Not known while PostgreSQL does not answer."}


@pytest.fixture
def everything_runs():
    heartbeats.beat("w1", program="worker", is_working=True)
    heartbeats.beat("w2", program="worker", is_working=True)
    heartbeats.beat("h", program="housekeeper", is_working=True)


@pytest.fixture
def deaf():
    """The port of a server that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield listener.getsockname()[1]


def answer(client, **headers) -> tuple[int, dict]:
    page = client.get("/readyz", **headers)
    said = json.loads(page.content)
    assert said["ok"] is (page.status_code == 200)
    return page.status_code, {name: (check["ok"], check["detail"]) for name, check in said["checks"].items()}


WELL = {
    "database": (True, "PostgreSQL answers."),
    "migrations": (True, "The tables are up to date."),
    "worker": (True, "Marking slots that take work: 2."),
    "housekeeper": (True, "The housekeeper sweeps."),
    "broker": (True, "The broker answers."),
}


# --- healthz ---------------------------------------------------------------------------------------------------------


def test_healthz_asks_nobody_and_leaves_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/healthz")

    assert (page.status_code, page.content, page["Content-Type"]) == (200, b"ok", "text/plain; charset=utf-8")
    assert (page.cookies, page["Cache-Control"], page.has_header("Vary")) == ({}, "no-store", False)


def test_healthz_does_not_read_the_session_of_a_browser(signed_in, django_assert_num_queries):
    client = signed_in(PersonFactory())

    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_programs_ask_by_any_name_and_without_tls(client, settings, everything_runs, path):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/privacy/", headers={"host": "10.0.0.7:8000"}).status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_there_is_nothing_to_send(client, path, method):
    assert getattr(client, method)(path).status_code == 405


def test_head_is_answered_without_a_body(client, everything_runs):
    assert [(client.head(path).status_code, client.head(path).content) for path in ("/healthz", "/readyz")] == [
        (200, b""),
        (200, b""),
    ]


@pytest.mark.parametrize("path", ["/healthz/", "/readyz/", "/health", "/metrics/"])
def test_no_other_address_is_one_of_these(client, path):
    assert client.get(path).status_code == 404


# --- readyz ----------------------------------------------------------------------------------------------------------


def test_ready_when_every_part_works(client, everything_runs):
    assert answer(client) == (200, WELL)


def test_not_ready_without_a_worker(client, everything_runs):
    Heartbeat.objects.filter(program="worker").delete()

    assert answer(client) == (503, WELL | {"worker": (False, "No marking worker gives signs of life.")})


def test_not_ready_while_marking_is_paused_and_says_why_without_what_is_for_operators(client, everything_runs):
    Heartbeat.objects.filter(program="worker").update(
        is_working=False, note="Marking is paused: the marking engine does not start.", facts={"problem": "/secret"}
    )

    status, said = answer(client)

    assert (status, said["worker"]) == (503, (False, "Marking is paused: the marking engine does not start."))
    assert "/secret" not in str(said)


def test_one_slot_that_works_is_enough(client, everything_runs):
    Heartbeat.objects.filter(pk="w1").update(is_working=False, note="Marking is paused.")

    assert answer(client) == (200, WELL | {"worker": (True, "Marking slots that take work: 1.")})


def test_not_ready_without_a_housekeeper(client, everything_runs):
    Heartbeat.objects.filter(program="housekeeper").delete()

    said = (False, "The housekeeper does not sweep: it, beat or the broker is down.")
    assert answer(client) == (503, WELL | {"housekeeper": said})


def test_not_ready_while_changes_to_the_tables_are_to_be_made(client, everything_runs):
    newest = MigrationRecorder.Migration.objects.filter(app="marking").order_by("-pk").first()
    assert newest
    newest.delete()
    try:
        status, said = answer(client)
    finally:
        newest.save(force_insert=True)

    later = (False, "Not known until the tables are up to date.")
    assert (status, said) == (
        503,
        WELL
        | {
            "migrations": (False, "Changes to the tables that are not made yet: 1. Run: manage.py migrate"),
            "worker": later,
            "housekeeper": later,
        },
    )


def test_not_ready_without_a_broker(client, everything_runs, monkeypatch):
    monkeypatch.setitem(app.conf, "broker_write_url", "redis+socket:///nowhere/secret.sock")

    assert answer(client) == (503, WELL | {"broker": (False, "The broker does not answer.")})


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_broker_that_hangs_does_not_make_the_page_hang(client, everything_runs, monkeypatch, deaf, scheme):
    monkeypatch.setitem(app.conf, "broker_write_url", f"{scheme}://user:hunter2@127.0.0.1:{deaf}//")
    begun = time.monotonic()

    said = answer(client)

    assert said == (503, WELL | {"broker": (False, "The broker does not answer.")})
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("there", [False, True])
def test_database_that_is_down_or_hangs_does_not_make_the_page_hang(client, monkeypatch, deaf, there):
    monkeypatch.setitem(connections.settings["default"], "HOST", "127.0.0.1" if there else "/nowhere/secret")
    monkeypatch.setitem(connections.settings["default"], "PORT", str(deaf))
    begun = time.monotonic()

    said = answer(client)

    unknown = (False, NOT_KNOWN["detail"])
    assert said == (
        503,
        {
            "database": (False, "PostgreSQL does not answer."),
            "migrations": unknown,
            "worker": unknown,
            "housekeeper": unknown,
            "broker": (True, "The broker answers."),
        },
    )
    assert time.monotonic() - begun < 3


def test_readiness_costs_four_queries_and_takes_no_connection_of_the_pool(client, everything_runs):
    seen = []

    def count(execute, sql, params, many, context):
        seen.append((sql, context["connection"].pool))
        return execute(sql, params, many, context)

    def ask() -> None:
        with own_connection(), connection.execute_wrapper(count):
            health._changes_to_make()
            health._processes()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()

    assert (len(seen), {pool for _sql, pool in seen}) == (4, {None})


def test_readiness_tells_no_address_name_or_key(client, everything_runs, settings):
    text = client.get("/readyz").content.decode()

    secrets = [settings.SECRET_KEY, settings.CELERY_BROKER_URL, str(settings.DATABASES["default"]["HOST"]), "w1"]
    assert [secret for secret in secrets if secret in text] == []
