"""What a row of staff records may hold, and what is wrong with one by itself."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _

from upskill.core.spreadsheets import BEGINS_FORMULA
from upskill.people.signin import DomainNotAllowed, NotAnAddress, work_address

REQUIRED = ("staff_number", "full_name", "email", "organisation")
OPTIONAL = ("line_manager", "job_title", "grade", "profession", "role", "persona", "from", "head_of")
COLUMNS = (*REQUIRED, *OPTIONAL)
LONGEST = {
    "staff_number": 40, "full_name": 200, "email": 254, "organisation": 50, "line_manager": 40, "job_title": 200,
    "grade": 20, "profession": 80, "role": 80, "persona": 80, "from": 30, "head_of": 50,
}  # fmt: skip
EARLIEST, DAYS_AHEAD = dt.date(1950, 1, 1), 366
LONGEST_DETAIL = 80
_STAFF_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]*")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00)?)?")
_BRITISH_DAY = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")


class FileRefused(Exception):
    """The file as a whole cannot be read. The message says why and what to do, in one sentence or two."""


@dataclass(frozen=True)
class Codes:
    """What the columns `role` and `persona` may hold."""

    roles: frozenset[str] = frozenset()
    personas: frozenset[str] = frozenset()


@dataclass
class Row:
    """One row, with what is wrong with it, if anything. None: the file has no such column."""

    number: int
    staff_number: str = ""
    full_name: str = ""
    email: str = ""
    organisation: str = ""
    line_manager: str | None = None
    job_title: str | None = None
    grade: str | None = None
    profession: str | None = None
    role: str | None = None
    persona: str | None = None
    valid_from: dt.date | None = None
    head_of: str = ""
    error: str = ""
    detail: str = ""


STAGED = tuple(field.name for field in fields(Row))


class Wrong(Exception):
    """What is wrong with a row: a code of errors.READING, and what the sentence names."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def headings(cells: Sequence[object]) -> list[str]:
    """The columns of the file. Raises FileRefused for an unknown one, a double one, or one that is missing."""
    found = [_text(cell).lower() for cell in cells]
    while found and not found[-1]:
        found.pop()
    unknown = sorted({name for name in found if name not in COLUMNS})
    if unknown:
        raise FileRefused(
            _("The column “%(name)s” is unknown. The columns are: %(columns)s.")
            % {"name": _short(unknown[0]), "columns": ", ".join(COLUMNS)}
        )
    double = sorted({name for name in found if found.count(name) > 1})
    if double:
        raise FileRefused(_("The column “%(name)s” is there twice. Keep one of them.") % {"name": double[0]})
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise FileRefused(_("The column “%(name)s” is missing. Add it.") % {"name": missing[0]})
    return found


def row_of(cells: Sequence[object], *, columns: Sequence[str], number: int, codes: Codes, on: dt.date) -> Row | None:
    """The row in these cells, with the first thing that is wrong with it; None for an empty one. `on`: today."""
    if not any(cell not in (None, "") for cell in cells):
        return None
    row = Row(number)
    try:
        _fill(row, cells, columns=columns, codes=codes, on=on)
    except Wrong as wrong:
        row.error, row.detail = wrong.code, _short(wrong.detail)
    return row


def _fill(row: Row, cells: Sequence[object], *, columns: Sequence[str], codes: Codes, on: dt.date) -> None:
    _name(row, cells, columns=columns)
    told = dict.fromkeys(columns, "") | {name: _clean(name, cell) for name, cell in zip(columns, cells, strict=False)}
    if any(cell not in (None, "") for cell in cells[len(columns) :]):
        raise Wrong("cells")
    for name in REQUIRED:
        if not told[name]:
            raise Wrong("missing", name)
    if not _STAFF_NUMBER.fullmatch(row.staff_number):
        raise Wrong("staff_number", row.staff_number)
    row.full_name, row.organisation = told["full_name"], told["organisation"].lower()
    row.email = _email(told["email"])
    for name in ("line_manager", "job_title", "grade", "profession", "role", "persona"):
        setattr(row, name, told.get(name))
    row.head_of = told.get("head_of", "").lower()
    row.valid_from = day_of(told["from"], on=on) if told.get("from") else None
    if row.line_manager == row.staff_number:
        raise Wrong("own_manager")
    for name, known in (("role", codes.roles), ("persona", codes.personas)):
        if told.get(name) and told[name] not in known:
            raise Wrong(name, told[name])


def _name(row: Row, cells: Sequence[object], *, columns: Sequence[str]) -> None:
    """Whom the row is about, as far as it says so: whoever has an error anywhere in their row has not left."""
    for name, cell in zip(columns, cells, strict=False):
        if name in ("staff_number", "email"):
            with suppress(Wrong):  # said when the cell's turn comes
                setattr(row, name, _clean(name, cell))
    row.email = row.email.lower()


def _clean(name: str, cell: object) -> str:
    text = _text(cell)
    if not text:
        return text
    if text.startswith(BEGINS_FORMULA):
        raise Wrong("formula", name)
    if len(text) > LONGEST[name]:
        raise Wrong("too_long", name)
    if not text.isprintable():
        raise Wrong("unprintable", name)
    return text


def _text(cell: object) -> str:
    """What a cell says, with single spaces. A number that a spreadsheet holds as 12.0 says 12."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    text = str(cell)
    return " ".join(text.split(" ")).strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def _email(told: str) -> str:
    try:
        return work_address(told)
    except NotAnAddress as wrong:
        raise Wrong("email", told) from wrong
    except DomainNotAllowed as wrong:
        raise Wrong("email_domain", told) from wrong


def day_of(told: str, *, on: dt.date) -> dt.date:
    """The day that a text such as 2026-11-27 or 27/11/2026 names. Raises Wrong, also for one that is out of reach."""
    iso, british = _ISO_DAY.fullmatch(told), _BRITISH_DAY.fullmatch(told)
    try:
        if iso:
            day = dt.date(*map(int, iso.groups()))
        elif british:
            day = dt.date(*map(int, reversed(british.groups())))
        else:
            raise Wrong("day", told)
    except ValueError as wrong:  # 31/02/2026
        raise Wrong("day", told) from wrong
    if not EARLIEST <= day <= on + dt.timedelta(days=DAYS_AHEAD):
        raise Wrong("day", told)
    return day


def _short(text: str) -> str:
    printable = "".join(letter for letter in text if letter.isprintable())
    return printable if len(printable) <= LONGEST_DETAIL else f"{printable[: LONGEST_DETAIL - 1]}…"
