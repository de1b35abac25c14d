"""Whatever somebody is called: no cell of a file is a formula, and no name is lost."""

import datetime as dt

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.spreadsheet_files import csv_rows, xlsx_kinds, xlsx_rows
from upskill.core.spreadsheets import BEGINS_FORMULA, Sheet, csv_file, xlsx_file

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
names = st.text(min_size=1, max_size=60) | st.text(alphabet="=+-@\t\r\n '\"|a1", min_size=1, max_size=12)
tables = st.lists(st.tuples(names, st.integers(0, 10**6)), min_size=1, max_size=6)


def printable(text: str) -> str:
    """What is left of a name in a file: everything but control characters."""
    lost = {*map(chr, range(32)), "\ufffe", "\uffff"} - set("\t\r\n")
    return "".join(character for character in text if character not in lost)


@given(tables)
@example([("=1+1", 1), ("'=1", 2), ("\x00=1", 3)])
@settings(max_examples=200, deadline=None)
def test_csv_holds_every_name_and_none_that_begins_a_formula(table):
    rows = csv_rows(csv_file(Sheet("Names", [["Name", "People"], *table])))[1:]

    assert [number for _name, number in rows] == [number for _name, number in table]
    for (written, _number), (name, _people) in zip(rows, table, strict=True):
        assert written in {printable(name), f"'{printable(name)}"}
        assert not written.startswith(BEGINS_FORMULA)
        assert not written.strip().startswith(BEGINS_FORMULA)


@given(tables)
@example([("=1+1", 1), ("_x0041_", 2), ("\x00=1", 3)])
@settings(max_examples=60, deadline=None)
def test_xlsx_holds_texts_and_numbers_and_nothing_else(table):
    content = xlsx_file([Sheet("Names", [["Name", "People"], *table])], now=NOON)

    assert xlsx_kinds(content) <= {"s", "n"}
    assert [row[1] for row in xlsx_rows(content)["Names"][1:]] == [number for _name, number in table]
