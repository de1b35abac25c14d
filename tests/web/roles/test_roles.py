"""Administrators write their organisation's roles: a role, its levels, and what these ask of skills."""

import pytest

from tests.factories.marking import SkillFactory
from tests.factories.people import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    viewer_of,
)
from tests.web.learner.pages import links, words
from upskill.people.models import Organisation, User
from upskill.people.roles import Role
from upskill.skills import frameworks, roles
from upskill.skills.models import CapabilityRole, Requirement

pytestmark = pytest.mark.django_db


def administrator_of(organisation: Organisation, **fields) -> User:
    person: User = RoleGrantFactory(role=Role.DEPARTMENT_ADMIN, organisation=organisation, **fields).person
    return person


@pytest.fixture
def dwp() -> Organisation:
    organisation: Organisation = OrganisationFactory(code="dwp", name="Department of Work")
    return organisation


def test_administrator_adds_a_role_a_level_and_what_it_asks_for(signed_in, dwp):
    SkillFactory(slug="fairness", name="Fairness"), SkillFactory(slug="privacy", name="Privacy")
    client = signed_in(administrator_of(dwp))
    assert client.get("/roles/").url == "/roles/dwp/"

    one = client.post("/roles/dwp/", {"name": "Caseworker", "family": "Delivery", "description": ""})
    two = client.post(one.url, {"name": "Senior caseworker", "description": "Leads."})
    three = client.post(two.url, {"asks-fairness": "2", "asks-privacy": "0"})

    assert [one.url, two.url, three.url] == [
        "/roles/dwp/dwp-caseworker/",
        "/roles/dwp/dwp-caseworker/dwp-caseworker-senior-caseworker/",
        "/roles/dwp/dwp-caseworker/",
    ]
    assert list(Requirement.objects.values_list("role_level", "skill", "level", "source")) == [
        ("dwp-caseworker-senior-caseworker", "fairness", 2, "local")
    ]
    MembershipFactory(organisation=dwp, role="dwp-caseworker-senior-caseworker")
    page = client.get("/roles/dwp/dwp-caseworker/")
    assert "1 post has this role. Senior caseworker" in words(page)
    assert "dwp-caseworker-senior-caseworker What people at this level do Leads. Fairness Working" in words(page)
    assert "Caseworker Delivery. Senior caseworker Add a role" in words(client.get("/roles/dwp/"))


def test_skill_of_a_framework_can_be_asked_for_unless_ours_stands_for_it(signed_in, dwp):
    frameworks.load_packaged(by=None, now=NOON)
    SkillFactory(slug="stats-reasoning", same_as="gdad-applied-maths-statistics-and-scientific-practices")
    client = signed_in(administrator_of(dwp))
    level = roles.add_level(roles.add_role(dwp, name="Clerk", by=None, now=NOON), name="Clerk", by=None, now=NOON)
    page = f"/roles/dwp/dwp-clerk/{level.code}/"

    sent = {"asks-stats-reasoning": "1", "other": "gdad-data-engineering", "other_level": "3"}
    assert client.post(page, sent).status_code == 302

    asked = set(Requirement.objects.filter(source="local").values_list("skill", "level"))
    assert asked == {("stats-reasoning", 1), ("gdad-data-engineering", 3)}
    assert "Applied maths, statistics" not in words(client.get(page))


@pytest.mark.parametrize("half", [{"other": "gdad-data-engineering", "other_level": "0"}, {"other_level": "3"}])
def test_another_skill_is_asked_for_with_its_level_or_not_at_all(signed_in, dwp, half):
    frameworks.load_packaged(by=None, now=NOON)
    level = roles.add_level(roles.add_role(dwp, name="Clerk", by=None, now=NOON), name="Clerk", by=None, now=NOON)

    page = signed_in(administrator_of(dwp)).post(f"/roles/dwp/dwp-clerk/{level.code}/", {"other": "", **half})

    assert (page.status_code, "Choose both a skill and its level" in words(page)) == (422, True)
    assert not Requirement.objects.filter(source="local").exists()


def test_role_that_ended_stays_with_whoever_has_it(signed_in, dwp):
    roles.add_role(dwp, name="Caseworker", by=None, now=NOON)
    client = signed_in(administrator_of(dwp))

    assert "End this role Nobody can be given it from then on" in words(client.get("/roles/dwp/dwp-caseworker/end/"))
    assert CapabilityRole.objects.get().ended_at is None
    assert client.post("/roles/dwp/dwp-caseworker/end/").url == "/roles/dwp/"

    assert CapabilityRole.objects.get().ended_at is not None
    page = client.get("/roles/dwp/dwp-caseworker/")
    assert "nobody can be given it any more" in words(page)
    assert "End this role" not in words(page)


WRONG = [
    ("/roles/dwp/", {"name": ""}, "Enter the name of the role"),
    ("/roles/dwp/", {"name": "x" * 121}, "The name must be 120 characters or fewer"),
    ("/roles/dwp/", {"name": "Caseworker"}, "There is a role like Caseworker already"),
    ("/roles/dwp/dwp-caseworker/", {"name": " "}, "Enter the name of the level"),
    ("/roles/dwp/dwp-caseworker/", {"name": "Senior"}, "There is a level like Senior already"),
    ("/roles/dwp/dwp-caseworker/dwp-caseworker-senior/", {"asks-fairness": "5"}, "Choose a level from the list"),
]


@pytest.mark.parametrize(("path", "data", "said"), WRONG)
def test_what_cannot_be_is_refused_and_the_page_says_why(signed_in, dwp, path, data, said):
    SkillFactory(slug="fairness")
    roles.add_level(roles.add_role(dwp, name="Caseworker", by=None, now=NOON), name="Senior", by=None, now=NOON)

    page = signed_in(administrator_of(dwp)).post(path, data)

    assert (page.status_code, said in words(page)) == (422, True)
    assert (CapabilityRole.objects.count(), Requirement.objects.count()) == (1, 0)


def test_roles_are_kept_by_administrators_of_the_organisation_or_one_above_and_by_nobody_else(signed_in, dwp):
    part, elsewhere = OrganisationFactory(code="part", parent=dwp), OrganisationFactory(code="elsewhere")
    role = roles.add_role(dwp, name="Caseworker", by=None, now=NOON)
    level = roles.add_level(role, name="Senior", by=None, now=NOON)
    roles.add_role(part, name="Clerk", by=None, now=NOON)
    paths = ["/roles/dwp/", f"/roles/dwp/{role.pk}/", f"/roles/dwp/{role.pk}/{level.pk}/", "/roles/part/"]

    def statuses(person: User) -> list[int]:
        client = signed_in(person)
        return [client.get(path).status_code for path in paths]

    assert statuses(administrator_of(dwp)) == [200, 200, 200, 200]
    assert statuses(administrator_of(part)) == [404, 404, 404, 200]
    for stranger in (administrator_of(elsewhere), viewer_of(dwp), PersonFactory()):
        assert statuses(stranger) == [404, 404, 404, 404]
        client = signed_in(stranger)
        posts = [client.post(path, {"name": "Sneaked"}).status_code for path in [*paths, f"/roles/dwp/{role.pk}/end/"]]
        assert posts == [404, 404, 404, 404, 404]
    assert signed_in(viewer_of(dwp)).get("/roles/").status_code == 403
    of_another = signed_in(administrator_of(dwp)).get("/roles/dwp/part-clerk/")
    assert (of_another.status_code, CapabilityRole.objects.count()) == (404, 2)


def test_administrator_of_several_organisations_chooses(signed_in, dwp):
    person = administrator_of(dwp)
    administrator_of(OrganisationFactory(code="dft", name="Department for Transport"), person=person)

    page = signed_in(person).get("/roles/")

    assert links(page) == [("/roles/dft/", "Department for Transport"), ("/roles/dwp/", "Department of Work")]


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(signed_in, dwp, django_assert_num_queries, count):
    SkillFactory(slug="fairness"), SkillFactory(slug="privacy")
    for number in range(count):
        role = roles.add_role(dwp, name=f"Role {number}", by=None, now=NOON)
        for each in range(count):
            roles.add_level(role, name=f"Level {each}", by=None, now=NOON)
    client = signed_in(administrator_of(dwp))
    client.get("/roles/dwp/")

    with django_assert_num_queries(7):
        client.get("/roles/dwp/")
    with django_assert_num_queries(10):
        client.get(f"/roles/dwp/{role.pk}/")
