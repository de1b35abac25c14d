"""The manager's team by name, and the department's figures, as the pages show them."""

import pytest
from django.utils import timezone

from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    operator,
    trainer_of,
    viewer_of,
)
from tests.factories.reports import publish
from tests.factories.roles import role_asking
from upskill.core.models import AuditEntry

from .problems import NOT_FOUND, problem, told

pytestmark = pytest.mark.django_db


def people(organisation, number: int, *, level: int = 0) -> None:
    """So many people there, each at this level of fairness."""
    for _ in range(number):
        person = MembershipFactory(organisation=organisation, person__full_name="Hidden").person
        if level:
            EvidenceFactory(learner=person, level=level)


# --- Team ---


def test_team_is_the_direct_reports_with_their_levels(signed_in):
    mary = PersonFactory()
    adam = MembershipFactory(line_manager=mary, person__full_name="Adam").person
    MembershipFactory(line_manager=mary, person__full_name="Zoe", role=role_asking(fairness=3))
    MembershipFactory(line_manager=adam, person__full_name="Marker")
    EvidenceFactory(learner=adam, level=2)

    answer = signed_in(mary).get("/api/v1/team/")

    fairness = {"skill": "fairness", "ends_on": None}
    assert answer.json() == {
        "skills": [{"skill": "fairness", "name": "Fairness"}],
        "members": [
            {"full_name": "Adam", "role": "", "levels": [fairness | {"level": 2, "target": None}]},
            {"full_name": "Zoe", "role": "Data scientist", "levels": [fairness | {"level": 0, "target": 3}]},
        ],
        "gaps": [{"skill": "fairness", "name": "Fairness", "needed": 1, "short": 1}],
    }


def test_look_at_the_team_is_written_down_about_each(program):
    mary = PersonFactory()
    reports = [MembershipFactory(line_manager=mary).person for _ in range(2)]
    client = program(mary)

    client.get("/api/v1/team/")

    seen = AuditEntry.objects.filter(event="levels.viewed").values_list("by", "about")
    assert sorted(seen) == [(mary.pk, person.pk) for person in sorted(reports, key=lambda person: person.pk)]


@pytest.mark.parametrize("other", [PersonFactory, operator, lambda: trainer_of("ethics")])
def test_team_is_for_line_managers(signed_in, other):
    sentence = "This page is for line managers, and the staff records name nobody who reports to you."

    assert told(signed_in(other()).get("/api/v1/team/")) == problem(403, sentence)
    assert AuditEntry.objects.count() == 0


def test_team_costs_the_same_for_one_report_and_for_three(signed_in, django_assert_num_queries):
    mary = PersonFactory()
    client = signed_in(mary)
    for reports in (1, 2):
        for _ in range(reports):
            EvidenceFactory(learner=MembershipFactory(line_manager=mary).person)
        with django_assert_num_queries(10):
            answer = client.get("/api/v1/team/")

    assert len(answer.json()["members"]) == 3


# --- Departments ---


def test_departments_are_those_that_one_was_given_to_see(signed_in):
    post, health = OrganisationFactory(code="post", name="Post"), OrganisationFactory(code="health", name="Health")
    OrganisationFactory(code="marker")
    viewer = viewer_of(post)
    viewer_of(health, person=viewer)

    answer = signed_in(viewer).get("/api/v1/departments/")

    assert answer.json() == [
        {"code": "health", "name": "Health", "url": "/api/v1/departments/health/"},
        {"code": "post", "name": "Post", "url": "/api/v1/departments/post/"},
    ]


def test_department_tells_counts_and_hides_what_the_page_hides(signed_in):
    SkillFactory()
    health = OrganisationFactory(code="health", name="Health")
    large = OrganisationFactory(code="large", name="Large", parent=health)
    small = OrganisationFactory(code="small", name="Small", parent=health)
    people(health, 40)
    people(large, 20, level=1)
    people(small, 3, level=2)
    publish()

    answer = signed_in(viewer_of(health)).get("/api/v1/departments/health/")

    day = timezone.localdate().isoformat()
    counts = answer.json()["skills"][0]["counts"]
    assert answer.json() == {
        "code": "health",
        "name": "Health",
        "url": "/api/v1/departments/health/",
        "people": answer.json()["people"],
        "published_on": day,
        "skills": [{"skill": "fairness", "name": "Fairness", "counts": counts}],
        "parts": [
            {"code": "large", "name": "Large", "url": "/api/v1/departments/large/", "people": 20},
            {"code": "small", "name": "Small", "url": "/api/v1/departments/small/", "people": None},
        ],
    }
    assert answer.json()["people"] in (60, 65)
    assert [count["level"] for count in counts] == [0, 1, 2, 3, 4]
    assert [count["people"] for count in counts[1:]] == [20, None, None, None]
    assert "Hidden" not in answer.content.decode()


def test_departments_of_others_are_not_there(signed_in):
    mine, other = OrganisationFactory(), OrganisationFactory(name="Marker")
    people(other, 9, level=2)
    client = signed_in(viewer_of(mine))

    answers = [client.get(f"/api/v1/departments/{code}/") for code in (other.code, "nowhere")]

    assert [told(answer) for answer in answers] == [NOT_FOUND] * 2


@pytest.mark.parametrize("other", [PersonFactory, operator, lambda: trainer_of("ethics")])
def test_departments_are_for_viewers(signed_in, other):
    sentence = "This page is for people who plan the skills of an organisation."
    unit, client = OrganisationFactory(), signed_in(other())

    assert told(client.get("/api/v1/departments/")) == problem(403, sentence)
    assert told(client.get(f"/api/v1/departments/{unit.code}/")) == NOT_FOUND


def test_department_costs_the_same_with_one_part_and_with_three(signed_in, django_assert_num_queries):
    SkillFactory()
    health = OrganisationFactory()
    client = signed_in(viewer_of(health))
    for parts in (1, 2):
        for _ in range(parts):
            people(OrganisationFactory(parent=health), 15, level=2)
        publish()
        with django_assert_num_queries(12):
            answer = client.get(f"/api/v1/departments/{health.code}/")

    assert len(answer.json()["parts"]) == 3
