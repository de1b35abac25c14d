"""How the tests read a table that somebody downloaded: as a spreadsheet program would."""

import csv
import io
from typing import Any

from openpyxl import load_workbook


def csv_rows(content: bytes) -> list[list[Any]]:
    """The cells of a CSV file: what is in quotes is a text, what is not a number."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC))


def xlsx_rows(content: bytes) -> dict[str, list[list[Any]]]:
    """Sheet -> its cells; an empty one is ""."""
    book = load_workbook(io.BytesIO(content))
    return {
        sheet.title: [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


def xlsx_kinds(content: bytes) -> set[str]:
    """The kinds of cells in a file: s for text, n for numbers (and nothing), f for formulas."""
    book = load_workbook(io.BytesIO(content))
    return {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
