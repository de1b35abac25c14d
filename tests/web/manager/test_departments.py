"""An organisation in published figures: levels, gaps, trend, comparison, parts. No name, no other department."""

import datetime as dt

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
    trainer_of,
    viewer_of,
)
from tests.factories.published import FEW, WITH, publication, published
from tests.web.learner.pages import links, main, title, words
from tests.web.tables import rows, shades
from upskill.people.models import Succession
from upskill.people.roles import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LEVELS = ["Skill", "Not yet", "Awareness", "Working", "Practitioner", "Expert"]
TOLD = (200, 100, 60, 40, WITH, 300, 120)  # of 410 people: 10 are expert, hidden with nobody
COMPARE = "/manager/departments/health/compare/"
PART = (100, 40, 20, FEW, WITH, 150, 90)


@pytest.fixture
def health():
    return OrganisationFactory(name="Department of Health", code="health")


@pytest.fixture
def agency(health):
    return OrganisationFactory(name="Health Security", code="agency", parent=health)


@pytest.fixture
def tonight(health, agency):
    """The department, an agency of it and its grade EO are published, and all of government."""
    made = publication()
    published(made, health, people=410, fairness=TOLD)
    published(made, agency, people=170, fairness=PART)
    published(made, health, people=90, slice_=("grade", "EO"), fairness=(40, 20, 20, FEW, WITH, 60, 30))
    published(made, None, people=1000, fairness=(600, 200, 100, 80, 20, 500, 250))
    return made


def page_of(signed_in, organisation, *, viewer=None, path=""):
    return signed_in(viewer or viewer_of(organisation)).get(f"/manager/departments/{organisation.code}/{path}")


# --- which departments -----------------------------------------------------------------------------------------------


def test_viewer_of_one_organisation_goes_straight_to_it(signed_in, health):
    page = signed_in(viewer_of(health)).get("/manager/departments/")

    assert (page.status_code, page.url) == (302, "/manager/departments/health/")


def test_viewer_of_several_organisations_chooses(signed_in, health):
    viewer = viewer_of(health)
    RoleGrantFactory(
        person=viewer, role=Role.DEPARTMENT_VIEWER, organisation=OrganisationFactory(name="Border Force", code="border")
    )

    page = signed_in(viewer).get("/manager/departments/")

    assert links(page) == [
        ("/manager/departments/border/", "Border Force"),
        ("/manager/departments/health/", "Department of Health"),
        ("/manager/government/", "All of government"),
        ("/manager/views/", "Your saved views"),
    ]


def test_viewer_of_an_organisation_that_has_ended_reads_what_to_do(signed_in):
    ended = OrganisationFactory(valid_to=timezone.localdate())
    client = signed_in(viewer_of(ended))

    assert "Ask the people who run this service for another." in words(client.get("/manager/departments/"))
    assert client.get(f"/manager/departments/{ended.code}/").status_code == 404


@pytest.mark.parametrize("person", ["learner", "trainer", "manager", "operator"])
def test_people_without_the_role_are_refused(signed_in, health, person):
    manager = PersonFactory()
    MembershipFactory(line_manager=manager, organisation=health)
    somebody = {
        "learner": PersonFactory(),
        "trainer": trainer_of("ethics"),
        "manager": manager,
        "operator": operator(),
    }[person]
    client = signed_in(somebody)
    beyond = ["", "compare/", "figure/", "report/", "report.pdf", "save/", "figures.csv", "figures.xlsx"]

    assert client.get("/manager/departments/").status_code == 403
    assert {client.get(f"/manager/departments/health/{each}").status_code for each in beyond} == {404}


# --- one department --------------------------------------------------------------------------------------------------


def test_department_shows_its_published_figures(signed_in, health, tonight):
    page = page_of(signed_in, health)

    assert rows(page)[:2] == [LEVELS, ["Fairness", "200", "100", "60", "40", "[c] hidden: At expert level"]]
    assert shades(page) == ["2", "1", "1", "1", "hidden"]
    assert "About 120 of the 300 people whose role asks for Fairness are below the level it asks for." in words(page)
    assert "About 410 people work here or in a part of it." in words(page)
    assert title(page) == "Skills in Department of Health – AI skills for government"


def test_figure_leads_to_what_it_counts_and_skill_to_its_parts(signed_in, health, tonight):
    found = links(page_of(signed_in, health))

    assert ("/manager/departments/health/compare/?skill=fairness", "Fairness") in found
    assert ("/manager/departments/health/figure/?skill=fairness&of=working", "60") in found


def test_department_shows_gaps_trend_and_comparison(signed_in, health, agency, tonight):
    before = publication(on=TODAY - dt.timedelta(days=30))
    published(before, agency, people=170, fairness=(110, 40, 20, FEW, WITH, 150, 100))

    page = page_of(signed_in, agency)

    text = words(page)
    assert "60% of those whose role asks for it are below that" in text
    assert f"Working level or above rose from {round(100 * 20 / 170)}% to {round(100 * 30 / 170)}%" in text
    [shares] = [table for number in range(5) if (table := tables(page, number)) and table[0][0:2] == ["Skill", "Here"]]
    assert shares == [["Skill", "Here", "Whole department", "All of government"], ["Fairness", "18%", "27%", "20%"]]


@pytest.mark.parametrize(
    ("whose", "opened"),
    [
        ("health", ["agency 18%", "health 27%", "government 20%"]),
        ("agency", ["agency 18%"]),
    ],
)
def test_share_opens_into_what_it_counts_where_its_viewer_may_see_that(
    signed_in, health, agency, tonight, whose, opened
):
    client = signed_in(viewer_of({"health": health, "agency": agency}[whose]))

    found = [(url, text) for url, text in links(client.get("/manager/departments/agency/")) if "&of=reached" in url]

    assert [f"{url.split('/')[-3]} {text}" for url, text in found] == opened
    assert {client.get(url).status_code for url, _text in found} == {200}


def test_share_that_is_hidden_in_a_larger_whole_opens_into_why(signed_in, health, agency, tonight):
    hidden = publication(on=TODAY + dt.timedelta(days=1))
    published(hidden, agency, people=170, fairness=PART)
    published(hidden, health, people=410, fairness=(WITH, 100, FEW, FEW, FEW, 300, 120))
    client = signed_in(viewer_of(health))

    [url] = [
        url
        for url, text in links(client.get("/manager/departments/agency/"))
        if text == "[c] hidden: At working level or above"
    ]

    assert url == "/manager/departments/health/figure/?skill=fairness&of=reached"
    assert "What is hidden, and why" in words(client.get(url))


def test_people_of_parts_and_slices_open_into_what_they_count(signed_in, health, tonight):
    client = signed_in(viewer_of(health))

    found = [(url, text) for url, text in links(client.get("/manager/departments/health/")) if "&of=people" in url]

    assert found == [
        ("/manager/departments/agency/figure/?skill=fairness&of=people", "170"),
        ("/manager/departments/health/figure/?skill=fairness&of=people&people=grade%3AEO", "90"),
    ]
    assert [f"About {text} people" in words(client.get(url)) for url, text in found] == [True, True]


def test_trend_of_a_half_begins_with_the_whole_that_was_split(signed_in, health, agency, tonight):
    day = TODAY - dt.timedelta(days=30)
    old = OrganisationFactory(name="Health Agencies", parent=health, valid_to=TODAY)
    Succession.objects.create(predecessor=old, successor=agency, on=TODAY)
    published(publication(on=day), old, people=400, fairness=(300, 50, 40, 10, WITH, 200, 100))

    text = words(page_of(signed_in, agency))

    assert "Working level or above rose from 12% to 18%" in text
    date = date_format(day, "j F Y")
    assert f"Until {date} the figures are, or include, those of Health Agencies, whose work goes on here." in text
    assert f"{date} (Health Agencies)" in text


def tables(page, number):
    try:
        return rows(page, table=number)
    except IndexError:
        return None


def test_parts_and_slices_lead_to_their_own_figures(signed_in, health, tonight):
    found = links(page_of(signed_in, health))

    assert ("/manager/departments/agency/", "Health Security") in found
    assert ("/manager/departments/health/?people=grade%3AEO", "Grade EO") in found


def test_figures_of_a_grade_band_are_shown_and_kept_on_the_way(signed_in, health, tonight):
    page = page_of(signed_in, health, path="?people=grade:EO")

    assert rows(page)[1] == [
        "Fairness",
        "40",
        "20",
        "20",
        "[c] hidden: At practitioner level",
        "[c] hidden: At expert level",
    ]
    assert "Department of Health: Grade EO" in words(main(page))
    kept = [url for url, _name in links(page) if url.startswith("/manager/departments/health/")]
    assert kept
    assert [url for url in kept if "people=grade%3AEO" not in url] == []


def test_parts_side_by_side_stand_in_pages_of_twenty_five_that_keep_what_was_asked(signed_in, health, agency, tonight):
    for number in range(25):
        part = OrganisationFactory(name=f"Team {number:02}", parent=health)
        published(tonight, part, people=40, fairness=(20, FEW, 20, FEW, FEW, 30, 10))
        published(tonight, part, people=20, slice_=("grade", "EO"), fairness=(FEW, FEW, 10, FEW, FEW, 15, FEW))
    client = signed_in(viewer_of(health))

    first, second = (client.get(f"{COMPARE}?skill=fairness&page={page}") for page in (1, 2))

    names = [[row[0] for row in tables(page, 1)[1:]] for page in (first, second)]
    assert names == [["Health Security", *(f"Team {n:02}" for n in range(24))], ["Team 24"]]
    assert ("?skill=fairness&by=organisation&page=2", "Next page") in links(first)
    narrowed = client.get(f"{COMPARE}?skill=fairness&people=grade:EO")
    assert narrowed.status_code == 200
    assert "Pages" not in words(narrowed)


@pytest.mark.parametrize("asked", ["grade:SCS", "team:1", "EO", "x" * 300, "grade:EO' OR 1=1"])
def test_people_that_are_not_offered_get_a_sentence_and_everybody(signed_in, health, tonight, asked):
    page = signed_in(viewer_of(health)).get("/manager/departments/health/", {"people": asked})

    assert page.status_code == 422
    assert "There are no figures about these people here. Choose from the list" in words(page)
    assert rows(page)[1][1] == "200"


def test_organisation_that_is_not_published_says_why(signed_in, health, tonight):
    small = OrganisationFactory(parent=health)

    assert "No figures are shown here: too few people work here" in words(page_of(signed_in, small))


def test_before_the_first_night_the_page_says_so(signed_in, health):
    assert "No figures are published yet." in words(page_of(signed_in, health))


def test_no_name_of_a_person_is_on_any_page(signed_in, health, agency, tonight):
    for place in (health, agency):
        MembershipFactory(organisation=place, person__full_name="Person Marker", job_title="Marker")
    client = signed_in(viewer_of(health))

    pages = [client.get(f"/manager/departments/health/{path}") for path in ("", "compare/", "report/", "figures.csv",
             "figure/?skill=fairness&of=short")]  # fmt: skip

    assert [page.status_code for page in pages] == [200] * len(pages)
    assert [page for page in pages if b"Marker" in page.content] == []


# --- who -------------------------------------------------------------------------------------------------------------


def test_two_full_departments_see_nothing_of_each_other(signed_in, health, agency, tonight):
    border = OrganisationFactory(name="Border Force Marker", code="border")
    post = OrganisationFactory(name="Post Marker", code="border-post", parent=border)
    for place in (border, post):
        published(tonight, place, people=300)
    client = signed_in(viewer_of(health))

    own = [client.get(f"/manager/departments/health/{path}") for path in ("", "compare/", "report/")]
    own += [client.get(f"/manager/government/{path}") for path in ("", "compare/", "figure/?skill=fairness&of=none")]
    others = [client.get(f"/manager/departments/{code}/") for code in ("border", "border-post")]

    assert [page.status_code for page in own + others] == [200] * 6 + [404] * 2
    assert [page for page in own + others if "Marker" in page.content.decode()] == []


def test_viewer_of_a_part_sees_it_and_below_but_neither_the_whole_nor_government(signed_in, health, agency, tonight):
    team = OrganisationFactory(parent=agency, name="Team")
    published(tonight, team, people=40)
    viewer = viewer_of(agency)

    pages = [page_of(signed_in, organisation, viewer=viewer) for organisation in (health, agency, team)]

    assert [page.status_code for page in pages] == [404, 200, 200]
    assert (f"/manager/departments/{team.code}/", "Team") in links(pages[1])
    assert "Department of Health" not in pages[2].content.decode()
    assert signed_in(viewer).get("/manager/government/").status_code == 403


def test_head_sees_what_a_viewer_sees(signed_in, health, agency, tonight):
    head = PersonFactory()
    health.head = head
    health.save()
    client = signed_in(head)

    assert client.get("/manager/departments/").url == "/manager/departments/health/"
    codes = [client.get(f"/manager/departments/{place}/").status_code for place in ("health", "agency")]
    assert [*codes, client.get("/manager/government/").status_code] == [200] * 3


def test_viewer_whose_role_has_ended_is_refused(signed_in, health):
    former = viewer_of(health, ended_at=NOON)

    assert page_of(signed_in, health, viewer=former).status_code == 404


def test_organisation_that_does_not_exist_is_not_found(signed_in, health):
    assert signed_in(viewer_of(health)).get("/manager/departments/nowhere/").status_code == 404


@pytest.mark.parametrize(
    ("path", "queries"),
    [("", 16), ("compare/", 17), ("compare/?by=grade", 18), ("compare/?by=profession", 18),
     ("figure/?skill=fairness&of=short", 12), ("report/", 15), ("figures.csv", 13),
     ("figures.xlsx", 15)],
)  # fmt: skip
def test_pages_cost_the_same_with_one_part_and_with_three(
    signed_in, health, tonight, path, queries, django_assert_num_queries
):
    client = signed_in(viewer_of(health))
    for parts in (1, 2):
        for _ in range(parts):
            part = OrganisationFactory(parent=health)
            published(tonight, part, people=50)
            published(tonight, health, people=50, slice_=("profession", part.code))
        client.get(f"/manager/departments/health/{path}")
        with django_assert_num_queries(queries):
            client.get(f"/manager/departments/health/{path}")


@pytest.mark.parametrize("address", ["", "health/", "health/compare/", "health/figure/", "health/report/"])
def test_departments_are_only_read(signed_in, health, address):
    assert signed_in(viewer_of(health)).post(f"/manager/departments/{address}").status_code == 405
