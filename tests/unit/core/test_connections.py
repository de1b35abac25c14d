"""A thread's own connection: not the pool's, closed at the end."""

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from tests.running import wait_until
from upskill.core.connections import own_connection

pytestmark = pytest.mark.django_db(transaction=True)


def asked(act) -> Any:
    """What `act` gives in a thread of its own."""
    given: list[Any] = []
    thread = threading.Thread(target=lambda: given.append(act()))
    thread.start()
    thread.join()
    return given[0]


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def backends() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid for (pid,) in cursor.fetchall()}


def test_connection_is_outside_of_the_pool_and_closed_at_the_end():
    def ask() -> tuple[int, bool]:
        with own_connection():
            return backend(), connection.pool is None  # type: ignore[attr-defined]  # PostgreSQL's own

    pid, without_pool = asked(ask)

    assert without_pool is True
    assert pid != backend()
    assert wait_until(lambda: pid not in backends(), seconds=5)  # the server notices a moment later


def test_connection_is_closed_after_a_failure_too():
    seen: list[int] = []

    def ask() -> bool:
        try:
            with own_connection():
                seen.append(backend())
                raise KeyError
        except KeyError:
            return True

    assert asked(ask) is True
    assert wait_until(lambda: seen[0] not in backends(), seconds=5)


def test_server_that_is_not_there_is_told_at_the_first_query(monkeypatch):
    monkeypatch.setitem(connections.settings["default"], "HOST", "/nowhere")

    def ask() -> str:
        try:
            with own_connection():
                return str(backend())
        except OperationalError as problem:
            return type(problem).__name__

    assert asked(ask) == "OperationalError"
