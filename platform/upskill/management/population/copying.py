"""Rows into tables by COPY, very many at once, in the order in which they are given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice, repeat
from typing import Any

import numpy as np
from django.db import connection, models

NULL = r"\N"  # as COPY writes it
AT_A_TIME = 20_000  # rows that are put together before they are sent
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename = ANY(%s) AND indexdef NOT LIKE 'CREATE UNIQUE %%'
"""

Column = Sequence[Any] | str | int  # a value for each row, or the same for all


def add(model: type[models.Model], *, rows: int, columns: Mapping[str, Column]) -> None:
    """Write so many rows. Columns that are not given get the default of their field.

    Values are written as they are: none may hold a tab, a line break or a backslash. Raises TypeError for a column that
    the table does not have.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if strange := set(columns) - set(fields):
        raise TypeError(f"{model.__name__} has no column {', '.join(sorted(strange))}.")
    given: dict[str, Column] = {name: _default(field) for name, field in fields.items() if _has_default(field)}
    given.update(columns)
    names = ", ".join(f'"{name}"' for name in given)
    line = "\t".join(["%s"] * len(given)) + "\n"
    values = zip(*[each if _is_many(each) else repeat(each, rows) for each in given.values()], strict=True)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
        while part := "".join([line % row for row in islice(values, AT_A_TIME)]):
            copy.write(part)


def next_ids(model: type[models.Model], *, rows: int) -> range:
    """So many ids of this table, taken from its sequence at once."""
    sequence = f"pg_get_serial_sequence('{model._meta.db_table}', '{model._meta.pk.column}')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval({sequence})")
        first = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT setval({sequence}, %s)", [first + max(rows, 1) - 1])
    return range(first, first + rows)


def execute(sql: str, values: Sequence[Any] = ()) -> int:
    """Have PostgreSQL do it; how many rows it was about."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def uuids(number: int, *, rng: np.random.Generator) -> list[str]:
    """So many random UUIDs, the same for the same seed."""
    text = rng.bytes(16 * number).hex()
    return [text[at : at + 32] for at in range(0, 32 * number, 32)]


@contextmanager
def without_tallies() -> Iterator[None]:
    """Evidence that is added here counts in no tally until they are worked out. For use within a transaction."""
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("ALTER TABLE skills_evidence DISABLE TRIGGER USER")
    yield
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("ALTER TABLE skills_evidence ENABLE TRIGGER USER")
    execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def bare(tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """While millions of rows are loaded into these tables: no index but those that keep rows apart, and no trigger,
    so that nothing is checked row by row, and none of what triggers keep is kept. Then all of it again. Needs a
    superuser of PostgreSQL.
    """
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [[table._meta.db_table for table in tables]])
        indexes = cursor.fetchall()
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("SET LOCAL session_replication_role = replica")
    for name, _definition in indexes:
        execute(f'DROP INDEX "{name}"')
    yield
    execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        execute(definition)
    execute("SET LOCAL session_replication_role = origin")
    execute("SET CONSTRAINTS ALL DEFERRED")


def _is_many(column: Column) -> bool:
    return not isinstance(column, str | int)


def _has_default(field: "models.Field[Any, Any]") -> bool:
    return not field.primary_key and field.db_default is models.NOT_PROVIDED


def _default(field: "models.Field[Any, Any]") -> str:
    """What COPY writes for a column that nobody gave a value."""
    value = field.get_default() if field.has_default() or field.empty_strings_allowed else None
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return "{}" if value == {} else "[]" if value == [] else str(value)
