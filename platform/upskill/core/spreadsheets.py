"""Tables as CSV and XLSX files in which no cell is ever a formula, whatever people call themselves.

A spreadsheet program runs a cell that begins with one of = + - @ or a control character. In CSV such a text gets an
apostrophe in front, which Excel and LibreOffice read as "this is text". In XLSX every text is stored as a text and
marked so, also for whoever edits the cell. Numbers stay numbers.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int
BEGINS_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")  # noqa: RUF001 - wide forms count as the plain ones in some programs
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONGEST_TITLE, LONGEST_TEXT, WIDEST = 31, 32_000, 60  # the first two are Excel's


@dataclass(frozen=True)
class Sheet:
    """A table with its headings in the first row. `title` is a sheet's name in XLSX, and nowhere in CSV."""

    title: str
    rows: Sequence[Sequence[Cell]]


def csv_file(sheet: Sheet) -> bytes:
    """The table as CSV that Excel opens by a double click: UTF-8 with its mark, every text in quotes."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([[_safe(cell) for cell in row] for row in sheet.rows])
    return written.getvalue().encode("utf-8-sig")


def xlsx_file(sheets: Sequence[Sheet], *, now: dt.datetime) -> bytes:
    """The tables as one workbook, headings in bold and always in sight. `now` is the moment it says it was made."""
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = now.astimezone(dt.UTC).replace(tzinfo=None)
    book.properties.creator = "Upskill"
    for sheet in sheets:
        _write(book.create_sheet(_title(sheet.title)), sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write(page: WriteOnlyWorksheet, sheet: Sheet) -> None:
    page.freeze_panes = "B2"
    for number, column in enumerate(zip(*sheet.rows, strict=True), 1):
        page.column_dimensions[get_column_letter(number)].width = min(
            WIDEST, 2 + max(len(str(cell)) for cell in column)
        )
    for number, row in enumerate(sheet.rows):
        page.append([_cell(page, cell, is_heading=number == 0) for cell in row])


def _cell(page: WriteOnlyWorksheet, value: Cell, *, is_heading: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(page)
    cell.value = (_printable(value) or None) if isinstance(value, str) else value
    if isinstance(cell.value, str):
        cell.data_type, cell.quotePrefix = "s", True  # after the value: openpyxl takes "=..." for a formula
    if is_heading:
        cell.font = Font(bold=True)
    return cell


def _safe(cell: Cell) -> Cell:
    """The cell for CSV. Spaces in front are no protection: some programs drop them."""
    if not isinstance(cell, str):
        return cell
    text = _printable(cell)
    return f"'{text}" if text.startswith(BEGINS_FORMULA) or text.strip().startswith(BEGINS_FORMULA) else text


def _printable(text: str) -> str:
    """Without what no spreadsheet takes, and as long as a cell may be."""
    return _UNPRINTABLE.sub("", text)[:LONGEST_TEXT]


def _title(text: str) -> str:
    """A name that Excel takes for a sheet."""
    plain = _NOT_IN_TITLES.sub(" ", _printable(text))[:LONGEST_TITLE].strip(" '")
    return plain if plain and plain.lower() != "history" else "Sheet"
