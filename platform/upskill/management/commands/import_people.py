"""Read staff records from a CSV or XLSX file."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from upskill.people.imports import comparing, giving, running
from upskill.people.imports.columns import COLUMNS
from upskill.people.imports.files import BY_COMMAND
from upskill.people.models import Organisation, PeopleImport
from upskill.skills.role_codes import role_codes

State = PeopleImport.State
WORDS = {
    "read": "Reading", "judge": "Checking", "compare": "Comparing", "people": "People", "posts": "Posts",
    "heads": "Heads", "leavers": "Leavers",
}  # fmt: skip
KINDS = {"new": "new", "back": "without a post until now", "moved": "moved", "changed": "changed", "ended": "left"}
MOST_SHOWN = 20  # errors; the others are counted
LOCK = 0x70656F706C65  # a number of our own


class Command(BaseCommand):
    """For operators. What is killed in the middle and run again ends as if it had run once."""

    help = (
        "Read staff records from a CSV or XLSX file. A dry run: says what would change; --apply carries it out."
        f" Columns: {', '.join(COLUMNS)}."
    )

    def __init__(self, *args: Any, clock: Callable[[], float] = time.monotonic, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clock = clock

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="CSV (UTF-8) or XLSX")
        parser.add_argument("--apply", action="store_true", help="carry it out; without it nothing is changed")
        parser.add_argument("--organisation", metavar="CODE", help="refuse every row that lies outside of this one")
        parser.add_argument("--leavers", action="store_true", help="whoever is not in the file has left")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}. Give the path of a CSV or XLSX file.")
        organisation = _organisation(options["organisation"])
        with _alone():
            self._import(path, organisation=organisation, options=options)

    def _import(self, path: Path, *, organisation: Organisation | None, options: dict[str, Any]) -> None:
        now = timezone.now()
        imported = giving.begin_command(
            path.name, organisation=organisation, has_leavers=options["leavers"], on=timezone.localdate(now), now=now
        )
        self._run(imported, path=path)
        self._report(imported)
        if not options["apply"]:
            giving.withdraw(imported, by=None, now=timezone.now())
            self.stdout.write("Nothing was changed. Carry it out with --apply.")
            return
        giving.confirm(imported, by=None, now=timezone.now())
        self._run(imported, path=path)
        self.stdout.write("Carried out.")

    def _run(self, imported: PeopleImport, *, path: Path) -> None:
        """Until it is checked or carried out, saying every two seconds how far it is."""
        scope = [imported.organisation] if imported.organisation else None
        codes, said_at = role_codes(scope), self._clock()
        while running.advance(
            imported, source=lambda: path.open("rb"), limits=BY_COMMAND, codes=codes, now=timezone.now()
        ):
            if self._clock() - said_at > 2:
                said_at = self._clock()
                of = f" of {imported.rows:,}" if imported.step != "read" else ""
                self.stdout.write(f"{WORDS[imported.step]}: {imported.rows_done:,}{of}")
        if imported.state == State.REFUSED:
            raise CommandError(imported.summary["refused"])

    def _report(self, imported: PeopleImport) -> None:
        said, counts = imported.summary, imported.summary["counts"]
        self.stdout.write(
            f"{imported.rows:,} rows: {said['error_count']:,} with errors, {counts['same']:,} as they are."
        )
        for kind, words in KINDS.items():
            self.stdout.write(f"{counts[kind]:>9,} {words}")
            for number, name, before, after in said["examples"][kind][:3]:
                where = f": {before} -> {after}" if before else f": {after}" if after else ""
                self.stdout.write(f"          row {number}: {name}{where}" if number else f"          {name}")
        for number, what, cure in comparing.errors_in_words(said)[:MOST_SHOWN]:
            self.stdout.write(f"Row {number}: {what} {cure}")
        if said["error_count"] > MOST_SHOWN:
            self.stdout.write(f"... and {said['error_count'] - MOST_SHOWN:,} more. Rows with errors are left out.")


@contextmanager
def _alone() -> Iterator[None]:
    """No other command imports meanwhile. PostgreSQL lets go by itself if this process is killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s::bigint)", [LOCK])
        if not cursor.fetchone()[0]:
            raise CommandError("Another import_people runs. Wait until it has ended.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s::bigint)", [LOCK])


def _organisation(code: str | None) -> Organisation | None:
    if code is None:
        return None
    found = Organisation.objects.filter(code=code, valid_to=None).first()
    if found is None:
        raise CommandError(f"There is no organisation {code}. Give the code of one that is not closed.")
    return found
