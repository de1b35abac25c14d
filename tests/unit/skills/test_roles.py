"""Roles that departments write for themselves, what they ask for, and who has them."""

import pytest

from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, PersonFactory
from upskill.management import demo_roles
from upskill.people import demo
from upskill.people.models import Membership, Organisation
from upskill.skills import framework_content, frameworks, local_roles, queries, roles
from upskill.skills.models import CapabilityRole, Level, Requirement, RoleLevel
from upskill.skills.role_codes import role_codes

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def a_role(organisation: Organisation, *, name: str = "Caseworker") -> RoleLevel:
    """A role with one level, as an administrator adds it."""
    role = roles.add_role(organisation, name=name, by=None, now=NOON)
    return roles.add_level(role, name=f"Senior {name.lower()}", by=None, now=NOON)


def test_role_of_a_department_asks_its_people_for_levels(audit_trail):
    dwp, mary, fairness = OrganisationFactory(code="dwp"), PersonFactory(), SkillFactory()
    post = MembershipFactory(organisation=OrganisationFactory(parent=dwp))
    level = a_role(dwp)

    roles.give_role(post, role=level.code, by=mary, now=NOON)
    for asked in (Level.WORKING, Level.PRACTITIONER, Level.PRACTITIONER):
        roles.set_requirement(level, skill=fairness, level=asked, by=mary, now=NOON)

    assert level.code == "dwp-caseworker-senior-caseworker"
    assert queries.targets([post.person_id], on=TODAY) == {(post.person_id, "fairness"): Level.PRACTITIONER}
    assert queries.post_of(post.person, on=TODAY).role_level == level
    assert [(event, by) for event, by, _details in audit_trail()] == [
        ("capability_role.added", None),
        ("role_level.added", None),
        ("person.role_given", mary),
        ("requirement.set", mary),
        ("requirement.set", mary),
    ]


def test_requirement_of_level_none_is_asked_no_more():
    level, fairness = a_role(OrganisationFactory()), SkillFactory()
    roles.set_requirement(level, skill=fairness, level=Level.WORKING, by=None, now=NOON)

    for _again in range(2):
        assert roles.set_requirement(level, skill=fairness, level=Level.NONE, by=None, now=NOON) is None

    assert Requirement.objects.count() == 0


def test_role_of_another_department_or_one_that_ended_can_be_given_to_nobody():
    here, elsewhere = OrganisationFactory(), OrganisationFactory()
    theirs, ended = a_role(elsewhere), a_role(here, name="Clerk")
    roles.end_role(ended.role, by=None, now=NOON)
    post = MembershipFactory(organisation=here)

    for code in (theirs.code, ended.code, "unknown"):
        with pytest.raises(roles.NoSuchRole, match=code):
            roles.give_role(post, role=code, by=None, now=NOON)
    with pytest.raises(roles.NoSuchRole):  # a role is no persona
        roles.give_role(post, role="", persona=a_role(here, name="Porter").code, by=None, now=NOON)

    post.refresh_from_db()
    assert (post.role, post.persona) == ("", "")


def test_staff_records_of_a_department_know_no_role_of_another_one():
    dwp, dvla = OrganisationFactory(code="dwp"), OrganisationFactory(code="dvla")
    team = OrganisationFactory(code="team", parent=dwp)
    codes = [a_role(each).code for each in (dwp, team, dvla)]

    known = [role_codes(within).roles for within in ([dwp], [team], [dvla], [], None)]

    assert [[code in each for code in codes] for each in known] == [
        [True, True, False],
        [True, True, False],
        [False, False, True],
        [False, False, False],
        [True, True, True],
    ]


def test_what_a_framework_says_is_not_changed_by_a_department():
    frameworks.load_packaged(by=None, now=NOON)
    level = RoleLevel.objects.get(pk="gdad-data-scientist")

    with pytest.raises(roles.OfAFramework):
        roles.set_requirement(level, skill=SkillFactory(), level=Level.WORKING, by=None, now=NOON)
    with pytest.raises(roles.OfAFramework):
        roles.add_level(level.role, name="Another", by=None, now=NOON)
    with pytest.raises(roles.OfAFramework):
        roles.end_role(level.role, by=None, now=NOON)


def test_names_are_taken_once_and_levels_are_bounded():
    dwp = OrganisationFactory()
    level = a_role(dwp)

    with pytest.raises(roles.RoleNameTaken):
        a_role(dwp)
    with pytest.raises(roles.RoleNameTaken):
        roles.add_level(level.role, name="Senior caseworker", by=None, now=NOON)
    for number in range(1, roles.MOST_LEVELS):
        roles.add_level(level.role, name=f"Level {number}", by=None, now=NOON)
    with pytest.raises(roles.TooManyLevels):
        roles.add_level(level.role, name="One more", by=None, now=NOON)


def test_main_post_alone_says_what_is_asked():
    person, fairness = PersonFactory(), SkillFactory()
    level = a_role(OrganisationFactory())
    roles.set_requirement(level, skill=fairness, level=Level.WORKING, by=None, now=NOON)
    MembershipFactory(person=person, role=level.code, is_main=False)

    assert queries.targets([person.pk], on=TODAY) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_targets_cost_two_queries_however_many_people(count, django_assert_num_queries):
    level, fairness = a_role(OrganisationFactory()), SkillFactory()
    roles.set_requirement(level, skill=fairness, level=Level.WORKING, by=None, now=NOON)
    people = [MembershipFactory(role=level.code).person_id for _ in range(count)]

    with django_assert_num_queries(2):
        assert len(queries.targets(people, on=TODAY)) == count


# --- The roles of the demo ---


@pytest.fixture
def demo_people(db):
    for slug in {
        skill for role in local_roles._content()["roles"] for each in role["levels"] for skill in each["asks"]
    }:
        SkillFactory(slug=slug)
    demo.load(now=NOON)
    demo_roles.load(now=NOON)


def test_demo_people_have_roles_and_personas_and_gaps(demo_people):
    posts = Membership.objects.filter(valid_to=None)

    with_role = posts.exclude(role="")
    assert with_role.count() > posts.count() / 2
    assert set(with_role.values_list("role", flat=True)) <= set(RoleLevel.objects.values_list("code", flat=True))
    personas = RoleLevel.objects.filter(role__kind="persona").values_list("code", flat=True)
    assert set(posts.values_list("persona", flat=True)) <= set(personas)
    caseworker = posts.filter(role="dwp-caseworker")[0].person
    asked = queries.targets([caseworker.pk], on=TODAY)
    assert asked == {(caseworker.pk, "ai-literacy"): Level.AWARENESS, (caseworker.pk, "privacy"): Level.AWARENESS}
    EvidenceFactory(learner=caseworker, skill=SkillFactory(slug="privacy"))
    short = [each.skill.pk for each in queries.record_of(caseworker, on=TODAY) if each.is_short]
    assert short == ["ai-literacy"]


def test_demo_roles_are_written_once_and_what_somebody_changed_stays(demo_people):
    level = RoleLevel.objects.get(pk="dwp-caseworker")
    Requirement.objects.filter(role_level=level).delete()
    before = CapabilityRole.objects.count()

    assert demo_roles.load(now=NOON) == 0

    assert (CapabilityRole.objects.count(), Requirement.objects.filter(role_level=level).count()) == (before, 0)


def test_local_roles_name_professions_grades_skills_and_personas_that_there_are():
    content = local_roles._content()
    professions = {row["profession"] for row in demo.lines_of("professions_2023.csv")}
    grades = {row["grade"] for row in demo.lines_of("grades_2023.csv")}
    frameworks.load_packaged(by=None, now=NOON)
    [turing] = [c for source, c in framework_content.packaged().items() if source.slug.startswith("turing")]
    levels = [level for role in content["roles"] for level in role["levels"]]

    assert {p for each in levels if each["professions"] != "any" for p in each["professions"]} <= professions
    assert {grade for each in levels for grade in each["grades"]} <= grades
    personas = {each["persona"] for each in levels} | {content["personas"]["default"]}
    assert len(personas) == len(turing.roles) == 4
    assert personas <= set(RoleLevel.objects.values_list("code", flat=True))
