"""An organisation in counts, as published: no name, nothing about few people, nothing of another department."""

import pytest
from django.utils import timezone

from tests.factories.catalogue import ExerciseItemFactory
from tests.factories.marking import EvidenceFactory, SkillFactory
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
from tests.factories.reports import publish
from tests.web.learner.pages import links, listed, main, title, words
from tests.web.tables import rows, shades
from upskill.catalogue.models import Course
from upskill.people.roles import Role
from upskill.skills.models import Level

pytestmark = pytest.mark.django_db
LEVELS = ["Skill", "Not yet", "Awareness", "Working", "Practitioner", "Expert"]


@pytest.fixture(autouse=True)
def _fairness_is_taught():
    SkillFactory()
    ExerciseItemFactory(skills=[{"skill": "fairness", "level": 2}])


@pytest.fixture
def health():
    return OrganisationFactory(name="Department of Health", code="health")


def people(organisation, count, *, level=Level.NONE, name="Person Hidden"):
    for number in range(count):
        person = MembershipFactory(organisation=organisation, person__full_name=f"{name} {number}").person
        if level:
            EvidenceFactory(learner=person, level=level)


def page_of(signed_in, organisation, *, viewer=None):
    publish()
    return signed_in(viewer or viewer_of(organisation)).get(f"/manager/departments/{organisation.code}/")


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

    assert client.get("/manager/departments/").status_code == 403
    assert client.get("/manager/departments/health/").status_code == 404


# --- one department --------------------------------------------------------------------------------------------------


def test_department_counts_people_at_each_level_here_and_below(signed_in, health):
    agency = OrganisationFactory(parent=health, name="Health Security")
    people(health, 40)
    people(agency, 20, level=Level.AWARENESS)
    people(agency, 30, level=Level.WORKING)

    page = page_of(signed_in, health)

    assert rows(page) == [LEVELS, ["Fairness", "40", "20", "30", "[c] hidden", "[c] hidden"]]
    assert shades(page) == ["2", "1", "2", "hidden", "hidden"]
    assert rows(page, table=1) == [["Organisation", "People"], ["Health Security", "50"]]
    assert "About 90 people work here or in a part of it." in words(main(page))
    assert title(page) == "Skills in Department of Health – AI skills for government"


def test_department_before_the_first_publication_says_when_there_are_figures(signed_in, health):
    people(health, 30)

    page = signed_in(viewer_of(health)).get("/manager/departments/health/")

    assert "No figures are published yet. They are made each night: come back tomorrow." in words(main(page))


def test_department_has_a_key_and_says_what_hidden_means(signed_in, health):
    people(health, 16)

    page = page_of(signed_in, health)

    assert listed(page, css="app-key") == [
        "Nobody Up to a quarter of the people Up to half Up to three quarters More than three quarters [c] Hidden"
    ]
    assert "[c] means hidden" in words(main(page))


def test_small_figures_are_hidden_and_so_is_one_that_would_give_them_away(signed_in, health):
    agency, office = (OrganisationFactory(parent=health, name=name) for name in ("Agency", "Office"))
    people(agency, 40, level=Level.AWARENESS)
    people(office, 40, level=Level.WORKING)
    people(office, 3, level=Level.AWARENESS)

    whole, part = (page_of(signed_in, each) for each in (health, agency))

    assert rows(whole)[1][2] in ("40", "45")
    assert rows(part)[1] == ["Fairness", *["[c] hidden"] * 5]


@pytest.mark.parametrize("count", [4, 9])
def test_organisation_of_few_people_shows_no_figure(signed_in, health, count):
    people(health, count, level=Level.WORKING)

    page = page_of(signed_in, health)

    assert "This organisation is too small for figures of its own" in words(main(page))
    assert "[c]" not in words(main(page))


def test_parts_give_nothing_away_either(signed_in, health):
    small, next_one, large = (
        OrganisationFactory(parent=health, name=name) for name in ("A small team", "B next", "C large")
    )
    for part, count in ((small, 3), (next_one, 15), (large, 30)):
        people(part, count)

    page = page_of(signed_in, health)

    assert rows(page, table=1) == [
        ["Organisation", "People"],
        ["A small team", "[c] hidden"],
        ["B next", "[c] hidden"],
        ["C large", "30"],
    ]
    assert "This organisation is too small" in words(main(page_of(signed_in, next_one)))


def test_no_name_is_on_the_page(signed_in, health):
    people(health, 30, level=Level.WORKING)

    assert "Hidden" not in page_of(signed_in, health).content.decode().replace("[c] Hidden", "")


def test_two_full_departments_see_nothing_of_each_other(signed_in, health):
    border = OrganisationFactory(name="Border Force Marker", code="border")
    post = OrganisationFactory(name="Post Marker", code="border-post", parent=border)
    people(health, 20, level=Level.AWARENESS)
    people(border, 30, level=Level.EXPERT)
    people(border, 20, level=Level.AWARENESS)
    people(post, 40, level=Level.PRACTITIONER)
    viewer = viewer_of(health)

    own = page_of(signed_in, health, viewer=viewer)
    others = [page_of(signed_in, organisation, viewer=viewer) for organisation in (border, post)]

    assert rows(own)[1] == ["Fairness", "[c] hidden", "20", *["[c] hidden"] * 3]
    assert [page.status_code for page in others] == [404, 404]
    assert [page for page in (own, *others) if "Marker" in page.content.decode()] == []


def test_viewer_of_a_part_sees_it_and_below_but_not_the_whole(signed_in, health):
    agency = OrganisationFactory(parent=health, name="Agency")
    team = OrganisationFactory(parent=agency, name="Team")
    people(team, 19)
    viewer = viewer_of(agency)

    pages = [page_of(signed_in, organisation, viewer=viewer) for organisation in (health, agency, team)]

    assert [page.status_code for page in pages] == [404, 200, 200]
    assert links(pages[1])[2:] == [(f"/manager/departments/{team.code}/", "Team")]
    assert "Department of Health" not in pages[2].content.decode()
    assert "Agency" in pages[2].content.decode()


def test_viewer_whose_role_has_ended_is_refused(signed_in, health):
    former = viewer_of(health, ended_at=NOON)

    assert page_of(signed_in, health, viewer=former).status_code == 404


def test_organisation_that_does_not_exist_is_not_found(signed_in, health):
    assert signed_in(viewer_of(health)).get("/manager/departments/nowhere/").status_code == 404


def test_department_without_published_courses_says_so(signed_in):
    Course.objects.update(current_version=None)

    unit = OrganisationFactory()
    people(unit, 20)

    page = page_of(signed_in, unit)

    assert "No course is published yet." in words(main(page))


def test_department_costs_the_same_with_one_part_and_with_three(signed_in, health, django_assert_max_num_queries):
    client, spent = signed_in(viewer_of(health)), []
    for parts in (1, 2):
        for _ in range(parts):
            people(OrganisationFactory(parent=health), 15, level=Level.WORKING)
        publish()
        with django_assert_max_num_queries(20) as queries:
            client.get("/manager/departments/health/")
        spent.append(len(queries))

    assert spent[0] == spent[1]


@pytest.mark.parametrize("address", ["/manager/departments/", "/manager/departments/health/"])
def test_departments_are_only_read(signed_in, health, address):
    assert signed_in(viewer_of(health)).post(address).status_code == 405
