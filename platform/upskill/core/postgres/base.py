"""Django loads `DatabaseWrapper` from here."""

from collections.abc import Callable
from typing import Any, ClassVar

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but where one connection of the pool has died, all that lie idle are made anew.

    The pool tries one after the other and waits twice as long after each, so that after a restart of PostgreSQL three
    dead ones would use up the seconds that a visitor is let wait.
    """

    # Django's own, which its stubs do not name
    _connection_pools: ClassVar[dict[str, ConnectionPool]]
    _configure_connection: Callable[[psycopg.Connection], None]

    @property
    def pool(self) -> ConnectionPool | None:
        """The pool of this process, made at the first use; None where no pool is wanted."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if options and self.alias != NO_DB_ALIAS and self.alias not in self._connection_pools:
            self._connection_pools.setdefault(self.alias, self._new_pool(options))
        return super().pool

    def _new_pool(self, options: dict[str, Any]) -> ConnectionPool:
        def check(connection: psycopg.Connection) -> None:
            try:
                ConnectionPool.check_connection(connection)
            except psycopg.Error:
                pool.drain()
                raise

        pool = ConnectionPool(
            kwargs={**self.get_connection_params(), "autocommit": True},
            open=False,
            configure=self._configure_connection,
            check=check,
            **options,
        )
        return pool
