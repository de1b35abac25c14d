"""What a figure counts and adds up from; what [c] hides and why; one skill side by side."""

import pytest

from tests.factories.people import MembershipFactory, OrganisationFactory, PersonFactory, viewer_of
from tests.factories.published import FEW, NEW, WITH, publication, published
from tests.web.learner.pages import links, words
from tests.web.tables import rows
from upskill.reports.models import PublishedFigures

pytestmark = pytest.mark.django_db
WHOLE = (200, 100, 60, 40, 10, 300, 120)
NORTH = (100, 50, 40, 10, WITH, 150, 90)
SOUTH = (20, WITH, FEW, NEW, FEW, 20, FEW)


@pytest.fixture
def health():
    return OrganisationFactory(name="Department of Health", code="health")


@pytest.fixture
def tonight(health):
    made = publication()
    published(made, health, people=410, fairness=WHOLE)
    for name, people, figures in (("North", 210, NORTH), ("South", 50, SOUTH)):
        part = OrganisationFactory(name=name, code=name.lower(), parent=health)
        published(made, part, people=people, fairness=figures)
    published(made, health, people=90, slice_=("grade", "EO"), fairness=(40, 20, 20, FEW, WITH, 60, 30))
    published(made, health, people=320, slice_=("profession", "Policy"), fairness=(40, 20, 20, 200, 40, 60, 30))
    return made


def open_(signed_in, viewer, *, at="health", **query):
    return signed_in(viewer).get(f"/manager/departments/{at}/figure/", query)


def test_figure_says_what_it_counts_when_and_how(signed_in, health, tonight):
    page = open_(signed_in, viewer_of(health), skill="fairness", of="short")

    text = words(page)
    assert "Below what the role asks for: Fairness About 120 people" in text
    assert "Of the people whose role asks for this skill, those who are below the level that it asks for." in text
    assert "at most 4 away from the number that was counted" in text


def test_people_at_working_level_or_above_come_with_their_share(signed_in, health, tonight):
    page = open_(signed_in, viewer_of(health), skill="fairness", of="reached")

    assert "About 110 people That is 27% of about 410 people." in words(page)


def test_figure_adds_up_from_its_parts_and_what_is_left(signed_in, health, tonight):
    page = open_(signed_in, viewer_of(health), skill="fairness", of="none")

    assert rows(page, table=1) == [
        ["Who", "People"],
        ["North", "100 North"],
        ["South", "20 South"],
        ["Elsewhere in it, or in parts too small to show", "80"],
        ["Together", "200"],
    ]


def test_level_adds_up_with_the_others_to_everybody(signed_in, health, tonight):
    page = open_(signed_in, viewer_of(health), skill="fairness", of="none")

    figures = [row[1].split()[0] for row in rows(page)[1:]]
    assert figures == ["200", "100", "60", "40", "10", "410"]


def test_part_that_is_hidden_hides_what_is_left(signed_in, health, tonight):
    page = open_(signed_in, viewer_of(health), skill="fairness", of="working")

    assert [row[1].split()[0] for row in rows(page, table=1)[1:]] == ["40", "[c]", "[c]", "60"]


@pytest.mark.parametrize(
    ("of", "why"),
    [
        ("expert", "This figure is below 10, and may be nobody at all."),
        ("awareness", "Next to it is a hidden figure about few people."),
        ("short", "Or fewer than 10 people have a role that asks for the skill, beside the team of one line manager."),
        ("practitioner", "Nothing has been counted here yet."),
    ],
)
def test_hidden_figure_says_what_is_hidden_and_why(signed_in, health, tonight, of, why):
    page = open_(signed_in, viewer_of(health), at="south", skill="fairness", of=of)

    assert "This figure is hidden." in words(page)
    assert why in words(page)


def test_figure_hidden_for_its_viewers_own_team_says_so(signed_in, health, tonight):
    manager = PersonFactory()
    viewer_of(health, person=manager)
    for _ in range(2):
        MembershipFactory(line_manager=manager, organisation=health)

    page = open_(signed_in, manager, skill="fairness", of="expert")

    assert "your own team is a large part of it" in words(page)
    assert "10" not in [row[1] for row in rows(page)]


@pytest.mark.parametrize(
    "query",
    [{"of": "short"}, {"skill": "fairness"}, {"skill": "nothing", "of": "short"}, {"skill": "fairness", "of": "x"},
     {"skill": "fairness", "of": "short", "people": "grade:SCS"}],
)  # fmt: skip
def test_address_that_names_no_figure_gets_a_sentence(signed_in, health, tonight, query):
    page = open_(signed_in, viewer_of(health), **query)

    assert page.status_code == 422
    assert "This address names no figure that is published here. Choose one from the tables" in words(page)


# --- side by side ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "first", "beside"),
    [
        ({}, ["North", "South"], ["By grade", "By profession"]),
        ({"by": "organisation"}, ["North", "South"], ["By grade", "By profession"]),
        ({"by": "grade"}, ["Grade EO"], ["By organisation", "By profession"]),
        ({"by": "profession"}, ["Policy"], ["By organisation", "By grade"]),
        ({"by": "no such thing\0"}, ["North", "South"], ["By grade", "By profession"]),
        ({"people": "grade:EO", "by": "grade"}, [], []),
    ],
)
def test_parts_grades_or_professions_stand_side_by_side(signed_in, health, tonight, asked, first, beside):
    page = signed_in(viewer_of(health)).get("/manager/departments/health/compare/", {"skill": "fairness", **asked})

    names = [[row[0] for row in rows(page, table=number)[1:]] for number in (0, 1)] if first else []
    assert names == ([["Department of Health"], first] if first else [])
    assert [name for _url, name in links(page) if name.startswith("By ")] == beside
    headings = {
        "North": "By organisation Organisation",
        "Grade EO": "By grade Grade",
        "Policy": "By profession Profession",
    }
    assert not first or headings[first[0]] in words(page)


def test_parts_lead_to_their_own_page_and_a_choice_keeps_the_skill(signed_in, health, tonight):
    page = signed_in(viewer_of(health)).get("/manager/departments/health/compare/", {"skill": "fairness"})

    assert rows(page, table=1)[1][:4] == ["North", "210", "100", "50"]
    assert ("/manager/departments/north/compare/?skill=fairness", "North") in links(page)
    assert ("?skill=fairness&by=grade", "By grade") in links(page)


def test_grades_stand_side_by_side_where_no_part_is_shown(signed_in, health, tonight):
    PublishedFigures.objects.filter(parent_path=health.path).delete()

    page = signed_in(viewer_of(health)).get("/manager/departments/health/compare/", {"skill": "fairness"})

    assert [row[0] for row in rows(page, table=1)[1:]] == ["Grade EO"]
    assert [name for _url, name in links(page) if name.startswith("By ")] == ["By profession"]


def test_all_of_government_stands_by_grade_and_profession_alone(signed_in, health, tonight):
    published(tonight, None, people=1000, fairness=(600, 200, 100, 80, 20, 500, 250))
    published(tonight, None, people=90, slice_=("grade", "EO"), fairness=(40, 20, 20, FEW, WITH, 60, 30))

    page = signed_in(viewer_of(health)).get("/manager/government/compare/", {"skill": "fairness"})

    assert [row[0] for row in rows(page, table=1)[1:]] == ["Grade EO"]


def test_unknown_skill_gets_a_sentence_and_the_first_one(signed_in, health, tonight):
    page = signed_in(viewer_of(health)).get("/manager/departments/health/compare/", {"skill": "x"})

    assert page.status_code == 422
    assert "There are no figures about this skill. Choose from the list" in words(page)
    assert rows(page)[1][0] == "Department of Health"


def test_comparing_before_the_first_night_says_so(signed_in, health):
    page = signed_in(viewer_of(health)).get("/manager/departments/health/compare/")

    assert "No figures are published yet." in words(page)
