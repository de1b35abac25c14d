"""The rows of a file in the database, until the import is over."""

from collections.abc import Iterable

from django.db import connection

from upskill.people.models import ImportRow, PeopleImport

from .columns import STAGED, Row

_COLUMNS = ", ".join(("imported_id", *STAGED, "act", "verdict"))


def stage(imported: PeopleImport, *, rows: Iterable[Row]) -> int:
    """Add the rows; returns how many. One COPY, in the transaction that there is."""
    number = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY people_importrow ({_COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((imported.pk, *(getattr(row, name) for name in STAGED), "", ""))
            number += 1
    return number


def forget(imported: PeopleImport) -> None:
    """The rows are gone, and with them what the file said of people. One statement, without reading them."""
    ImportRow.objects.filter(imported=imported)._raw_delete(using="default")
