"""Very many copies of a row in one statement: by SQL, because Python would take hours over millions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, models

Changes = dict[str, str]  # column -> its value in SQL; `n` is the number of the copy, `old` the row that is copied
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename = ANY(%s) AND indexdef NOT LIKE 'CREATE UNIQUE %%'
"""
_FASTER = ("fsync", "full_page_writes", "autovacuum")  # of a database that is thrown away when the machine dies


@dataclass(frozen=True)
class Copies:
    """So many copies of `row`. Copy n has the id first + n, counted from 1; the ids are taken at once."""

    row: models.Model
    number: int
    first: int

    @classmethod
    def of(cls, row: models.Model, *, number: int) -> "Copies":
        """The copies that `add` makes."""
        sequence = f"pg_get_serial_sequence('{row._meta.db_table}', '{row._meta.pk.column}')"
        last = value(f"SELECT setval({sequence}, nextval({sequence}) + {number})")
        return cls(row, number, last - number - 1)

    @property
    def id(self) -> str:
        """The id of copy n."""
        return f"({self.first} + n)"

    def add(self, changes: Changes, *, numbers: tuple[int, int] | None = None) -> None:
        """Write the copies (of these numbers, the last one included), each with these columns changed."""
        begin, end = numbers or (1, self.number)
        table, fields = self.row._meta.db_table, self.row._meta.concrete_fields
        columns = ", ".join(f'"{field.column}"' for field in fields)
        key = self.row._meta.pk.column
        new = {str(key): self.id} | changes
        values = ", ".join(new.get(str(field.column), f'old."{field.column}"') for field in fields)
        numbered = f"generate_series({begin}::bigint, {end}::bigint) n"
        execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM {numbered}'  # noqa: S608 - all of it is ours # nosec B608
            f' JOIN "{table}" old ON old."{key}" = {self.row.pk}'
        )


def execute(sql: str) -> None:
    """Have PostgreSQL do it."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def value(sql: str) -> int:
    """The one number that PostgreSQL answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


@contextmanager
def loading(tables: list[type[models.Model]]) -> Iterator[None]:
    """While rows are loaded into these tables: no index, no trigger, no wait for the disk. Then all of it again.

    The rows point at each other rightly by the way they are made. Statistics are new afterwards.
    """
    names = [table._meta.db_table for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
    for name in _FASTER:
        execute(f"ALTER SYSTEM SET {name} = off")
    execute("SELECT pg_reload_conf()")
    execute("SET session_replication_role = replica")
    for name, _definition in indexes:
        execute(f'DROP INDEX "{name}"')
    yield
    execute("SET maintenance_work_mem = '1GB'")
    for _name, definition in indexes:
        execute(definition)
    execute("SET session_replication_role = origin")
    for table in names:
        execute(f'VACUUM (ANALYZE) "{table}"')
    execute("ALTER SYSTEM RESET ALL")
    execute("SELECT pg_reload_conf()")
    execute("CHECKPOINT")
