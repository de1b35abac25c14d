"""Files of staff records, made for tests, and everything that an import may change, without ids and moments."""

import csv
import io
from typing import Any

from openpyxl import Workbook

from tests.factories.people import NOON
from upskill.core.models import AuditEntry
from upskill.people.imports import giving, running
from upskill.people.imports.columns import Codes
from upskill.people.imports.files import BY_COMMAND, Limits
from upskill.people.models import Membership, Organisation, PeopleImport, User

HEADING = ("staff_number", "full_name", "email", "organisation", "line_manager", "job_title", "grade", "from")
CODES = Codes(roles=frozenset({"data-analyst"}), personas=frozenset({"creator"}))


def row(
    number: int, *, unit: str = "dep", manager: str = "", title: str = "", grade: str = "EO", day: str = ""
) -> list[str]:
    """Somebody with this staff number."""
    return [f"s{number}", f"Person {number}", f"s{number}@example.gov.uk", unit, manager, title, grade, day]


def as_csv(*rows: list[Any], heading: tuple[str, ...] = HEADING) -> bytes:
    """The rows below their heading."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([heading, *rows])
    return written.getvalue().encode()


def as_xlsx(*rows: list[Any], heading: tuple[str, ...] = HEADING) -> bytes:
    """The same as a workbook."""
    book = Workbook()
    for cells in (heading, *rows):
        book.worksheets[0].append(list(cells))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def imported(
    content: bytes, *, apply: bool = True, scope: Organisation | None = None, leavers: bool = False,
    limits: Limits = BY_COMMAND, codes: Codes = CODES, by: User | None = None,
) -> PeopleImport:  # fmt: skip
    """The import of this file, checked, and carried out if it could be read."""
    made = giving.begin_command("staff.csv", organisation=scope, has_leavers=leavers, on=NOON.date(), now=NOON)
    if by:
        PeopleImport.objects.filter(pk=made.pk).update(given_by=by)
    work(made, content=content, limits=limits, codes=codes)
    if apply and made.state == PeopleImport.State.CHECKED:
        giving.confirm(made, by=by, now=NOON)
        work(made, content=content, limits=limits, codes=codes)
    return made


def work(made: PeopleImport, *, content: bytes, limits: Limits = BY_COMMAND, codes: Codes = CODES) -> None:
    """Every piece that there is to do."""
    while running.advance(made, source=lambda: io.BytesIO(content), limits=limits, codes=codes, now=NOON):
        pass


def counts(made: PeopleImport) -> dict[str, int]:
    """What it found, without what is 0."""
    return {kind: number for kind, number in made.summary["counts"].items() if number}


def errors(made: PeopleImport) -> list[tuple]:
    """Row, code, and what the sentence names."""
    return [tuple(each) for each in made.summary["errors"]]


def everything() -> dict[str, list[tuple]]:
    """People, posts, heads and the trail, with nothing in it that differs between two runs."""
    who = "person__staff_number"
    posts = Membership.objects.order_by(who, "valid_from", "organisation__code").values_list(
        who, "organisation__code", "line_manager__staff_number", "job_title", "grade", "profession", "role", "persona",
        "is_main", "valid_from", "valid_to",
    )  # fmt: skip
    people = User.objects.order_by("staff_number", "email")
    trail = AuditEntry.objects.exclude(event__startswith="import.").values_list("event", "about__staff_number")
    return {
        "people": list(people.values_list("staff_number", "email", "full_name", "is_active")),
        "posts": list(posts),
        "heads": sorted(Organisation.objects.exclude(head=None).values_list("code", "head__staff_number")),
        "trail": sorted((event, about or "") for event, about in trail),
    }
