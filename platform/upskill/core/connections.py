"""A database connection outside of the pool, for a thread that must neither wait for the pool nor outlive it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections


@contextmanager
def own_connection(*, connect_seconds: int = 2) -> Iterator[None]:
    """This thread speaks to the database over a connection of its own, which is closed at the end.

    For threads of ours alone: Celery closes the pool around every task, whoever uses it. Waits at most
    `connect_seconds` for the server. Raises django.db.OperationalError with the first query where there is none.
    """
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    options = {name: value for name, value in connection.settings_dict["OPTIONS"].items() if name != "pool"}
    options["connect_timeout"] = connect_seconds
    connection.settings_dict = {**connection.settings_dict, "OPTIONS": options}
    connections[DEFAULT_DB_ALIAS] = connection
    try:
        yield
    finally:
        connection.close()
        del connections[DEFAULT_DB_ALIAS]
