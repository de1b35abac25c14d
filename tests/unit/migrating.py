"""The tables as a migration finds and leaves them. A test that goes back must come to what is now again."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Targets = list[tuple[str, str]]  # (app, name of a migration)


def migrated(targets: Targets) -> Any:
    """The models as they are once these migrations have run and none after them."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def migrated_to_now() -> None:
    """Every migration has run."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
