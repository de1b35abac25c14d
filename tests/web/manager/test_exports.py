"""What managers download: the rows of the page, with the same figures hidden, for the same people, written down."""

import pytest
from django.utils import timezone

from tests.factories.catalogue import ExerciseItemFactory
from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import MembershipFactory, OrganisationFactory, PersonFactory, trainer_of, viewer_of
from tests.factories.published import FEW, WITH, publication, published
from tests.spreadsheet_files import csv_rows, xlsx_kinds, xlsx_rows
from tests.web.learner.pages import links
from tests.web.tables import rows
from upskill.core.models import AuditEntry
from upskill.people.models import Organisation
from upskill.reports.models import Publication
from upskill.skills.models import Level, Skill

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PAYLOADS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-1",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://evil.example","x")',
    "<b>Bo</b>",
]
FORMS = ["csv", "xlsx"]


@pytest.fixture(autouse=True)
def _fairness_is_taught():
    SkillFactory(slug="fairness", name="Fairness")
    ExerciseItemFactory(skills=[{"skill": "fairness", "level": 2}])


@pytest.fixture
def manager():
    return PersonFactory(full_name="Mary Manager")


def report(manager, name, *, level=Level.NONE):
    person = MembershipFactory(person__full_name=name, line_manager=manager).person
    if level:
        EvidenceFactory(learner=person, level=level)
    return person


def table(answer) -> list[list[object]]:
    """The first table of the file."""
    is_csv = answer["Content-Type"].startswith("text/csv")
    return csv_rows(answer.content) if is_csv else next(iter(xlsx_rows(answer.content).values()))


def department(*, name="Department of Health", code="health"):
    """An organisation of 410 people with a part and a grade band in published figures, some of them hidden."""
    health = OrganisationFactory(name=name, code=code)
    part = OrganisationFactory(name="Border Force", parent=health)
    made = publication()
    published(made, health, people=410, fairness=(200, 100, 60, 40, WITH, 300, FEW))
    published(made, part, people=50, fairness=(20, 10, 10, WITH, FEW, 10, FEW))
    published(made, health, people=90, slice_=("grade", "EO"), fairness=(40, 20, 20, FEW, WITH, 60, 30))
    return health


# --- A team ---


@pytest.mark.parametrize("form", FORMS)
def test_team_file_holds_the_table_of_the_page(signed_in, manager, form):
    report(manager, "Zoe", level=Level.WORKING)
    report(manager, "Adam")
    client = signed_in(manager)

    answer = client.get(f"/manager/team/levels.{form}")

    assert table(answer) == rows(client.get("/manager/team/"))
    assert table(answer)[1:] == [["Adam", "0 Not yet"], ["Zoe", "2 Working"]]


@pytest.mark.parametrize("form", FORMS)
def test_team_file_is_an_attachment_with_the_day_in_its_name(signed_in, manager, form):
    report(manager, "Zoe")

    answer = signed_in(manager).get(f"/manager/team/levels.{form}")

    assert answer["Content-Disposition"] == f'attachment; filename="team-levels-{TODAY.isoformat()}.{form}"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("form", FORMS)
def test_no_name_in_a_team_file_is_a_formula(signed_in, manager, form):
    for name in PAYLOADS:
        report(manager, name)

    answer = signed_in(manager).get(f"/manager/team/levels.{form}")

    names = sorted(str(row[0]) for row in table(answer)[1:])
    if form == "csv":
        assert names == sorted(name if name == "<b>Bo</b>" else f"'{name}" for name in PAYLOADS)
    else:
        assert names == sorted(PAYLOADS)
        assert xlsx_kinds(answer.content) == {"s"}


@pytest.mark.parametrize("form", FORMS)
def test_download_of_a_team_is_written_down_about_each_person(signed_in, manager, form):
    adam, zoe = report(manager, "Adam"), report(manager, "Zoe")
    report(PersonFactory(), "Stranger")

    signed_in(manager).get(f"/manager/team/levels.{form}")

    written = [(entry.event, entry.by, entry.about, entry.details) for entry in AuditEntry.objects.order_by("pk")]
    assert written == [("levels.exported", manager, person, {"form": form}) for person in (adam, zoe)]


@pytest.mark.parametrize("form", FORMS)
def test_team_file_leaves_out_everybody_else(signed_in, manager, form):
    adam = report(manager, "Adam")
    report(adam, "Grandchild Hidden")
    report(PersonFactory(), "Stranger Hidden")

    answer = signed_in(manager).get(f"/manager/team/levels.{form}")

    assert [row[0] for row in table(answer)] == ["Person", "Adam"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", ["learner", "trainer", "viewer"])
def test_people_without_a_team_are_refused_the_file(signed_in, form, who):
    person = {
        "learner": PersonFactory,
        "trainer": lambda: trainer_of("ethics"),
        "viewer": lambda: viewer_of(OrganisationFactory()),
    }[who]()

    assert signed_in(person).get(f"/manager/team/levels.{form}").status_code == 403
    assert AuditEntry.objects.count() == 0


def test_team_page_links_to_its_files_only_where_there_is_a_table(signed_in, manager):
    adam = report(manager, "Adam")
    client = signed_in(manager)
    files = [
        ("/manager/team/levels.csv", "Download as CSV"),
        ("/manager/team/levels.xlsx", "Download as an Excel spreadsheet"),
    ]

    with_table = links(client.get("/manager/team/"))
    adam.is_active = False
    adam.save()

    assert ([link for link in with_table if link in files], links(client.get("/manager/team/"))) == (files, [])


# --- An organisation ---


HEAD = [
    "Organisation", "People shown", "Skill", "People", "Not yet", "Awareness", "Working", "Practitioner", "Expert",
    "Working or above", "Role asks for it", "Below that",
]  # fmt: skip
WHOLE = ["Department of Health", "Everybody", "Fairness", 410, 200, 100, 60, 40, "[c]", 110, 300, "[c]"]
PART = ["Border Force", "Everybody", "Fairness", 50, 20, 10, 10, "[c]", "[c]", 20, 10, "[c]"]
GRADE = ["Department of Health", "Grade EO", "Fairness", 90, 40, 20, 20, "[c]", "[c]", 30, 60, 30]


def test_department_file_holds_the_figures_of_the_page_and_says_what_they_are(signed_in):
    health = department()

    answer = signed_in(viewer_of(health)).get("/manager/departments/health/figures.csv")

    head, whole, empty, *notes = csv_rows(answer.content)
    assert (head, [str(cell) for cell in WHOLE], empty) == (HEAD, as_text(whole), [])
    assert ["Organisation", "Department of Health"] in notes
    assert ["Method", "Version 3, the same for everybody."] in notes
    assert notes[-1][0] == "[c]"


def as_text(row: list[object]) -> list[str]:
    return [str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row]


def test_department_workbook_holds_parts_and_grades_too(signed_in):
    health = department()

    answer = signed_in(viewer_of(health)).get("/manager/departments/health/figures.xlsx")

    sheets = xlsx_rows(answer.content)
    assert list(sheets) == ["Figures", "Parts", "Grades and professions", "Notes"]
    assert [sheets[name] for name in list(sheets)[:3]] == [[HEAD, WHOLE], [HEAD, PART], [HEAD, GRADE]]
    assert sheets["Notes"][1] == ["Organisation", "Department of Health"]


def test_file_of_a_grade_band_holds_what_its_page_shows(signed_in):
    health = department()

    answer = signed_in(viewer_of(health)).get("/manager/departments/health/figures.csv?people=grade:EO")

    assert as_text(csv_rows(answer.content)[1]) == [str(cell) for cell in GRADE]


@pytest.mark.parametrize("form", FORMS)
def test_there_is_no_file_of_what_is_not_published(signed_in, form):
    health = OrganisationFactory(code="health")

    assert signed_in(viewer_of(health)).get(f"/manager/departments/health/figures.{form}").status_code == 404
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("form", FORMS)
def test_no_name_of_a_person_is_in_a_department_file(signed_in, form):
    health = department()
    MembershipFactory(organisation=health, person__full_name="Person Hidden")

    answer = signed_in(viewer_of(health)).get(f"/manager/departments/health/figures.{form}")

    cells = csv_rows(answer.content) if form == "csv" else [r for s in xlsx_rows(answer.content).values() for r in s]
    assert [cell for row in cells for cell in row if "Person Hidden" in str(cell)] == []


@pytest.mark.parametrize("form", FORMS)
def test_download_of_figures_is_written_down(signed_in, form, audit_trail):
    health = department()
    viewer = viewer_of(health)

    signed_in(viewer).get(f"/manager/departments/health/figures.{form}")

    assert audit_trail() == [("figures.exported", viewer, {"form": form})]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PAYLOADS)
def test_no_name_of_an_organisation_or_skill_is_a_formula(signed_in, form, name):
    health = department(name=name)
    Skill.objects.update(name=name)

    answer = signed_in(viewer_of(health)).get(f"/manager/departments/health/figures.{form}")

    safe = name if form == "xlsx" or name == "<b>Bo</b>" else f"'{name}"
    assert [table(answer)[1][0], table(answer)[1][2]] == [safe, safe]
    assert form == "csv" or xlsx_kinds(answer.content) <= {"s", "n"}


@pytest.mark.parametrize("form", FORMS)
def test_figures_of_another_organisation_are_not_there(signed_in, form):
    department()
    elsewhere = OrganisationFactory(code="border")

    client = signed_in(viewer_of(elsewhere))

    for code in ("health", "nowhere"):
        assert client.get(f"/manager/departments/{code}/figures.{form}").status_code == 404
    assert AuditEntry.objects.count() == 0


def test_department_page_links_to_its_files(signed_in):
    health = department()

    page = signed_in(viewer_of(health)).get("/manager/departments/health/")

    assert links(page)[-2:] == [
        ("/manager/departments/health/figures.csv", "Download as CSV"),
        ("/manager/departments/health/figures.xlsx", "Download as an Excel spreadsheet"),
    ]


# --- All of government ---


def government() -> Organisation:
    """Published figures of a department, and of all of government with a grade band of it, some hidden."""
    health = department()
    made = Publication.objects.get()
    published(made, None, people=1000, fairness=(600, 200, 100, 80, WITH, 500, FEW))
    published(made, None, people=300, slice_=("grade", "EO"), fairness=(200, 50, 30, 20, FEW, 100, 40))
    return health


GOVERNMENT = ["All of government", "Everybody", "Fairness", 1000, 600, 200, 100, 80, "[c]", 200, 500, "[c]"]
ITS_GRADE = ["All of government", "Grade EO", "Fairness", 300, 200, 50, 30, 20, "[c]", 50, 100, 40]


def test_workbook_of_government_holds_its_figures_and_grades_and_no_departments(signed_in):
    health = government()

    answer = signed_in(viewer_of(health)).get("/manager/government/figures.xlsx")

    sheets = xlsx_rows(answer.content)
    assert list(sheets) == ["Figures", "Grades and professions", "Notes"]
    assert [sheets[name] for name in list(sheets)[:2]] == [[HEAD, GOVERNMENT], [HEAD, ITS_GRADE]]
    assert sheets["Notes"][1] == ["Organisation", "All of government"]
    assert f'filename="skills-government-{TODAY.isoformat()}.xlsx"' in answer["Content-Disposition"]


def test_file_of_a_grade_band_of_government_holds_what_its_page_shows(signed_in):
    health = government()

    answer = signed_in(viewer_of(health)).get("/manager/government/figures.csv?people=grade:EO")

    assert as_text(csv_rows(answer.content)[1]) == [str(cell) for cell in ITS_GRADE]


@pytest.mark.parametrize("form", FORMS)
def test_download_of_figures_of_government_is_written_down(signed_in, form, audit_trail):
    viewer = viewer_of(government())

    signed_in(viewer).get(f"/manager/government/figures.{form}")

    entry, made = AuditEntry.objects.get(), Publication.objects.get()
    assert audit_trail() == [("figures.exported", viewer, {"form": form})]
    assert (entry.subject_kind, entry.subject_id, entry.about) == ("reports.publication", str(made.pk), None)


@pytest.mark.parametrize("form", FORMS)
def test_files_of_government_are_for_viewers_of_whole_departments(signed_in, manager, form):
    part = OrganisationFactory(parent=government())
    report(manager, "Zoe")

    for person in (viewer_of(part), manager, PersonFactory()):
        assert signed_in(person).get(f"/manager/government/figures.{form}").status_code == 403
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("form", FORMS)
def test_there_is_no_file_of_government_before_the_first_night(signed_in, form):
    viewer = viewer_of(OrganisationFactory())

    assert signed_in(viewer).get(f"/manager/government/figures.{form}").status_code == 404
    assert AuditEntry.objects.count() == 0


def test_page_of_government_links_to_its_files(signed_in):
    health = government()

    page = signed_in(viewer_of(health)).get("/manager/government/?people=grade:EO")

    assert links(page)[-2:] == [
        ("/manager/government/figures.csv?people=grade%3AEO", "Download as CSV"),
        ("/manager/government/figures.xlsx?people=grade%3AEO", "Download as an Excel spreadsheet"),
    ]


# --- Both ---


@pytest.mark.parametrize("form", ["pdf", "CSV", "xls"])
def test_there_is_no_other_kind_of_file(signed_in, manager, form):
    report(manager, "Adam")

    assert signed_in(manager).get(f"/manager/team/levels.{form}").status_code == 404


def test_exports_are_counted_together_and_refused_beyond_measure(signed_in, manager):
    report(manager, "Adam")
    client = signed_in(manager)
    statuses = [client.get(f"/manager/team/levels.{form}").status_code for form in FORMS * 30]

    last = client.get("/manager/team/levels.csv")

    assert (set(statuses), last.status_code, "Retry-After" in last) == ({200}, 429, True)
    assert AuditEntry.objects.count() == 60
