"""A file that is none, too large, or made to do harm is refused with one sentence before anything comes of it."""

import datetime as dt
import io
import resource
import zipfile

import pytest
from openpyxl import Workbook

from tests.factories.people import OrganisationFactory
from tests.running import ROOT
from upskill.people.imports import files, running
from upskill.people.imports.columns import COLUMNS, FileRefused
from upskill.people.imports.files import BY_COMMAND, BY_PAGE, Limits
from upskill.people.models import ImportRow, User

from .files import HEADING, as_csv, as_xlsx, counts, errors, imported, row

pytestmark = pytest.mark.django_db


def packed(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return written.getvalue()


def with_part(content: bytes, name: str, change) -> bytes:
    """A workbook in which one part is changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return written.getvalue()


BY_PAGE_OF_FEW = Limits(size=10**8, rows=10, sheet_rows=500)
SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
REFUSED = {
    "empty": (b"", "The file is empty"),
    "without rows": (as_csv(), "a heading and no row"),
    "unknown column": (as_csv(["1"], heading=("salary",)), "“salary” is unknown. The columns are: staff_number,"),
    "column of nothing": (as_csv(["1"], heading=("\0",)), "“” is unknown"),
    "double column": (as_csv(["1"], heading=("email", "email")), "“email” is there twice"),
    "missing column": (as_csv(["1"], heading=("email",)), "“staff_number” is missing"),
    "semicolons": (as_csv(["1"], heading=("staff_number;email",)), "“staff_number;email” is unknown"),
    "Latin 1": (as_csv(row(1, title="café")).decode().encode("latin-1"), "not UTF-8"),
    "UTF-16": (as_csv(row(1)).decode().encode("utf-16"), "not UTF-8"),
    "open quotation mark": (as_csv(row(1)) + b'"s2,' + b"x" * 100, "Row 3 is no CSV"),
    "endless line": (as_csv(row(1)) + b"x" * 70_000, "more than 64 KB"),
    "old Macintosh": (as_csv(*map(row, range(2_000))).replace(b"\r\n", b"\r"), "more than 64 KB"),
    "no workbook": (b"PK\x03\x04 and nothing", "The workbook cannot be read"),
    "another archive": (packed(a=b"b"), "The workbook cannot be read"),
    "zip bomb": (packed(xl__worksheets__sheet1=b"0" * 10_000_000), "unpacks to far more"),
    "entities": (
        with_part(as_xlsx(row(1)), SHEET, lambda xml: BOMB + xml.replace(b"Person 1", b"&c;")), "cannot be read",
    ),
    "cut off": (as_xlsx(row(1))[:-500], "cannot be read"),
    "broken sheet": (with_part(as_xlsx(row(1)), SHEET, lambda xml: xml[:200]), "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_file_that_cannot_be_read_is_refused_with_one_sentence_and_leaves_nothing(what):
    content, sentence = REFUSED[what]

    made = imported(content)

    assert (made.state, sentence in made.summary["refused"]) == ("refused", True), made.summary
    assert (ImportRow.objects.count(), User.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (as_csv(*map(row, range(100))), "more than 0 MB"),
        (as_csv(*map(row, range(11))), "more than 10 rows"),
        (as_xlsx(*map(row, range(6))), "more than 5 rows. Save it as “CSV UTF-8”"),
    ],
)
def test_file_beyond_its_limits_is_refused(content, sentence):
    limits = Limits(size=2_000, rows=10, sheet_rows=5) if b"PK" not in content[:2] else Limits(10**6, 10, 5)

    assert sentence in imported(content, limits=limits).summary["refused"]


def wide(cells: int) -> bytes:
    """A workbook whose third row has so many cells, some of them with what does not pack well."""
    noise = b"".join(b'<c x="%x"/>' % (number * 2_654_435_761 % 2**32) for number in range(cells))
    return with_part(
        as_xlsx(row(1)), SHEET, lambda xml: xml.replace(b"</sheetData>", b"<row>" + noise + b"</row></sheetData>")
    )


def test_workbook_of_one_endless_row_is_refused_and_takes_no_memory_along():
    before = resource.getrlimit(resource.RLIMIT_AS)
    small = Limits(size=10**8, rows=10, sheet_rows=100_000, memory=30 * 2**20)

    said = [
        imported(wide(cells), limits=limits).summary["refused"]
        for cells, limits in ((300_000, small), (10**5, BY_PAGE_OF_FEW))
    ]

    assert ["cannot be read" in said[0], "unpacks to far more" in said[1]] == [True, True], said
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_page_takes_less_than_the_command():
    assert BY_PAGE.size < BY_COMMAND.size
    assert BY_PAGE.sheet_rows < BY_PAGE.rows < BY_COMMAND.rows


def test_mark_of_utf_8_blank_lines_names_of_all_kinds_and_breaks_in_cells_are_read():
    OrganisationFactory(code="dep")
    irish, sneaky = row(1), row(2)
    irish[1], sneaky[1] = "Seán  Ó Briain", "</script><b>Bob\nTables"
    content = b"\xef\xbb\xbf" + as_csv(irish, ["" for _ in HEADING], sneaky, row(3))

    made = imported(content)

    assert (errors(made), counts(made)) == ([(4, "unprintable", "full_name")], {"new": 2})
    assert list(User.objects.order_by("pk").values_list("full_name", flat=True)) == ["Seán  Ó Briain", "Person 3"]


def test_numbers_days_and_formulas_of_a_workbook_are_what_they_show():
    OrganisationFactory(code="dep")
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Staff_Number", "full_name", "email", "organisation", "from"])
    sheet.append([12.0, "A", "a@example.gov.uk", "DEP", dt.datetime(2026, 3, 1)])  # noqa: DTZ001 - a spreadsheet knows no time zone
    sheet.append([13, '=HYPERLINK("http://evil.example","A")', "b@example.gov.uk", "dep", "2026-03-01"])
    written = io.BytesIO()
    book.save(written)

    made = imported(written.getvalue())

    assert (errors(made), counts(made)) == ([(3, "formula", "full_name")], {"new": 1})
    post = User.objects.get(staff_number="12").memberships.get()
    assert str(post.valid_from) == "2026-03-01"


@pytest.mark.parametrize("piece", [1, 2, 3, 5])
def test_file_that_is_read_in_pieces_says_the_same(piece, monkeypatch):
    OrganisationFactory(code="dep")
    monkeypatch.setattr(running, "PIECE", piece)
    odd = row(3)
    odd[5] = 'He said "no", twice'

    made = imported(as_csv(row(1), row(2), odd, row(4, manager="s5"), row(5)))

    assert (made.rows, counts(made), errors(made)) == (5, {"new": 5}, [])
    assert list(User.objects.order_by("staff_number").values_list("memberships__job_title", flat=True)) == [
        "", "", 'He said "no", twice', "", "",
    ]  # fmt: skip


def test_columns_stand_in_the_documents():
    said = (ROOT / "docs/people.md").read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"`{column}`" not in said] == []


def test_rows_of_a_stream_are_read_one_after_the_other():
    found = files.rows(io.BytesIO(as_csv(row(1)) + b"\xff"), limits=BY_COMMAND)

    assert [next(found).number, next(found).number] == [1, 2]
    with pytest.raises(FileRefused):
        next(found)
