"""After a restart of PostgreSQL nobody is turned away because of connections that lay idle meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from upskill.core.connections import own_connection

pytestmark = pytest.mark.django_db(transaction=True)
IDLE = 6


def pid_of_a_connection(together: threading.Barrier | None = None) -> int:
    """The server process behind a connection of the pool, which is given back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    if together:
        together.wait(timeout=20)
    connection.close()
    return int(pid)


def test_one_visitor_after_a_restart_is_served_though_every_idle_connection_has_died():
    together = threading.Barrier(IDLE)
    with ThreadPoolExecutor(IDLE) as threads:
        idle = set(threads.map(pid_of_a_connection, [together] * IDLE))
        with own_connection(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::int[]) pid", [list(idle)])

        served = threads.submit(pid_of_a_connection).result()

    assert (len(idle), served in idle) == (IDLE, False)
