"""Whatever shows figures shows those that the viewer's sights hold: pages, report, CSV, XLSX, PDF and API."""

import io
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from tests.factories.people import MembershipFactory, OrganisationFactory, PersonFactory, viewer_of
from tests.factories.published import FEW, WITH, publication, published
from tests.spreadsheet_files import csv_rows, xlsx_rows
from tests.web.certificates.test_sheet import text_of
from tests.web.learner.pages import main, words
from upskill.people.models import Organisation, User
from upskill.reports import sights
from upskill.reports.figures import FARTHEST
from upskill.reports.models import PublishedFigures
from upskill.reports.publication import METHOD
from upskill.reports.unit_figures import EVERYBODY

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
HERE, API = "/manager/departments/health/", "/api/v1/departments/health/"
PAGES = [
    "",
    "compare/?skill=fairness",
    "compare/?skill=fairness&by=grade",
    "figure/?skill=fairness&of=working",
    "report/",
]
NUMBER = re.compile(r"(?<![\w(.])\d[\d,]*(?![\d,]*[%\w])")  # shares end with %, and are worked out of the numbers
# The day, where an axis begins, the version of the method, how far a figure can be from the count, "of every 100".
SAID = {TODAY.day, TODAY.year, 0, METHOD, FARTHEST, 100}
RAW = 37  # people who are at practitioner level in truth


@pytest.fixture
def health():
    """An organisation with a part and a grade band in published figures."""
    health = OrganisationFactory(name="Health", code="health")
    part = OrganisationFactory(name="Part", code="part", parent=health)
    made = publication()
    published(made, health, people=410, fairness=(200, 100, 60, 40, WITH, 300, 120))
    published(made, part, people=170, fairness=(90, 45, 15, FEW, WITH, 150, 75))
    published(made, health, people=80, slice_=("grade", "EO"), fairness=(35, 25, 20, FEW, WITH, 65, 30))
    published(made, None, people=1000, fairness=(600, 205, 105, 70, 20, 505, 250))
    return health


@pytest.fixture
def viewer(health):
    """Somebody who sees it, and leads seven people in its part: figures of 15 would tell them of few others."""
    viewer = viewer_of(health, person=PersonFactory(full_name="Viewer"))  # pages say who prints them: no number
    for _ in range(7):
        MembershipFactory(line_manager=viewer, organisation=health.children.get())
    return viewer


def sights_of(health: Organisation, *, viewer: User) -> set[int]:
    seen = sights.sight(health, slice_=EVERYBODY, viewer=viewer)
    assert seen
    assert seen.whole
    units = [seen.whole, *sights.parts(seen), *sights.slices(seen), *sights.wholes(seen)]
    units += [night.unit for night in sights.trend(seen)]
    told = [(unit.people, *each.levels, each.working, each.needs, each.short) for unit in units for each in unit.skills]
    return {figure for figures in told for figure in figures if isinstance(figure, int)}


def told_everywhere(client) -> dict[str, set[int]]:
    """What tells figures -> the numbers that it tells."""
    pages = {f"page {path}": _in_text(words(main(client.get(HERE + path)))) for path in PAGES}
    sheets = xlsx_rows(client.get(f"{HERE}figures.xlsx").content).values()
    return pages | {
        "CSV": _in_cells(csv_rows(client.get(f"{HERE}figures.csv").content)),
        "XLSX": _in_cells([row for sheet in sheets for row in sheet]),
        "PDF": _in_text(text_of(PdfReader(io.BytesIO(client.get(f"{HERE}report.pdf").content)))),
        "API": {
            number
            for path in ("", "parts/", "slices/", "trend/")
            for number in _in_answer(client.get(API + path).json())
        },
    }


def _in_text(text: str) -> set[int]:
    return {int(number.replace(",", "")) for number in NUMBER.findall(text)} - SAID


def _in_cells(rows: list[list]) -> set[int]:
    return {int(cell) for row in rows for cell in row if isinstance(cell, int | float)}


def _in_answer(answer) -> set[int]:
    if isinstance(answer, list):
        return {number for each in answer for number in _in_answer(each)}
    if not isinstance(answer, dict):
        return set()
    inside = {number for each in answer.values() for number in _in_answer(each)}
    return inside | ({answer["people"]} if answer.get("people") else set())


def test_every_number_of_every_form_is_one_of_the_viewers_sights(signed_in, health, viewer):
    allowed = sights_of(health, viewer=viewer)

    told = told_everywhere(signed_in(viewer))

    assert {form: numbers - allowed for form, numbers in told.items()} == {form: set() for form in told}
    assert {form: bool(numbers & {60, 410}) for form, numbers in told.items()} == dict.fromkeys(told, True)
    assert 15 not in allowed


def test_raw_count_that_got_into_the_publication_is_found_in_every_form(signed_in, health, viewer):
    allowed = sights_of(health, viewer=viewer)
    row = PublishedFigures.objects.filter(organisation=health, slice_kind="")
    row.update(figures=[200, 100, 60, RAW, WITH, 300, 120], people=410 + RAW)

    told = told_everywhere(signed_in(viewer))

    assert [form for form, numbers in told.items() if numbers <= allowed] == []
