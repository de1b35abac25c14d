"""The manager's team by name, and the department's figures, as the pages show them."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.marking import EvidenceFactory
from tests.factories.people import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    operator,
    trainer_of,
    viewer_of,
)
from tests.factories.published import FEW, WITH, publication, published
from tests.factories.roles import role_asking
from upskill.api.serializers.reports import CountSerializer, FigureSerializer, SkillCountsSerializer
from upskill.core.models import AuditEntry
from upskill.people.models import Succession
from upskill.reports.models import Publication

from .problems import NOT_FOUND, problem, told

pytestmark = pytest.mark.django_db
OWN = -3  # stands for a figure that is hidden from somebody whose own team it is about


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


@pytest.fixture
def health():
    """An organisation with a part and a grade band in published figures."""
    health = OrganisationFactory(code="health", name="Health")
    part = OrganisationFactory(code="part", name="Part", parent=health)
    made = publication()
    published(made, health, people=410, fairness=(200, 100, 60, 40, WITH, 300, FEW))
    published(made, part, people=50, fairness=(20, 10, 10, WITH, FEW, 10, FEW))
    published(made, health, people=90, slice_=("grade", "EO"), fairness=(40, 20, 20, FEW, WITH, 60, 30))
    MembershipFactory(organisation=part, person__full_name="Hidden Name")
    return health


def figures(*levels, working, needs, short, people) -> dict[str, object]:
    """The figures of fairness, as the API tells them."""
    return {
        "skill": "fairness",
        "name": "Fairness",
        "people": people,
        "counts": [{"level": level, **figure(each)} for level, each in enumerate(levels)],
        "working_or_above": figure(working),
        "needs": figure(needs),
        "short": figure(short),
    }


def figure(value: int) -> dict[str, object]:
    why = {FEW: "few", WITH: "with", OWN: "own-team"}
    return {"people": None if value < 0 else value, "withheld": why.get(value)}


WHOLE = {
    "code": "health", "name": "Health", "url": "/api/v1/departments/health/", "people_shown": "", "people": 410,
    "skills": [figures(200, 100, 60, 40, WITH, working=110, needs=300, short=FEW, people=410)],
}  # fmt: skip
PART = {
    "code": "part", "name": "Part", "url": "/api/v1/departments/part/", "people_shown": "", "people": 50,
    "skills": [figures(20, 10, 10, WITH, FEW, working=20, needs=10, short=FEW, people=50)],
}  # fmt: skip
GRADE = WHOLE | {
    "people_shown": "grade:EO", "people": 90,
    "skills": [figures(40, 20, 20, FEW, WITH, working=30, needs=60, short=30, people=90)],
}  # fmt: skip


def test_department_tells_published_figures_and_why_one_is_hidden(signed_in, health):
    answer = signed_in(viewer_of(health)).get("/api/v1/departments/health/")

    assert answer.json() == {
        "code": "health",
        "name": "Health",
        "url": "/api/v1/departments/health/",
        "day": timezone.localdate().isoformat(),
        "method": 3,
        "figures": WHOLE,
        "parts_url": "/api/v1/departments/health/parts/",
        "slices_url": "/api/v1/departments/health/slices/",
        "trend_url": "/api/v1/departments/health/trend/",
    }


def test_parts_and_slices_come_in_pages(signed_in, health):
    client = signed_in(viewer_of(health))

    parts, slices = (client.get(f"/api/v1/departments/health/{each}/").json() for each in ("parts", "slices"))

    assert (parts["count"], parts["results"]) == (1, [PART])
    assert (slices["count"], slices["results"]) == (1, [GRADE])
    assert client.get("/api/v1/departments/health/parts/?page=2").status_code == 404


def test_slice_is_asked_for_by_its_word(signed_in, health):
    client = signed_in(viewer_of(health))

    assert client.get("/api/v1/departments/health/?people=grade:EO").json()["figures"] == GRADE
    assert client.get("/api/v1/departments/health/parts/?people=grade:EO").json()["results"] == []
    for word in ("grade:SCS", "team:1", "x"):
        assert client.get("/api/v1/departments/health/", {"people": word}).status_code == 404


TODAY = timezone.localdate()
LAST_WEEK = TODAY - dt.timedelta(days=7)
SHARED = (200, 100, 60, 40, WITH, 300, FEW)
PUBLISHED = figures(200, 100, 60, 40, WITH, working=110, needs=300, short=FEW, people=410)


def night(day: dt.date, *, others: tuple[str, ...] = (), people: int = 410, **more) -> dict[str, object]:
    """One day of the trend of everybody, as the API tells it."""
    found = {"people_shown": "", "people": people, "skills": [PUBLISHED]} | more
    return {"day": day.isoformat(), "others": list(others), **found}


def test_trend_tells_each_day_and_whose_figures_it_has(signed_in, health):
    before = publication(on=LAST_WEEK, skills=("fairness", "privacy"))
    old = OrganisationFactory(name="Old Health", valid_to=TODAY)
    Succession.objects.create(predecessor=old, successor=health, on=TODAY)
    published(before, old, people=410, fairness=SHARED)
    published(publication(on=LAST_WEEK - dt.timedelta(days=1), skills=("privacy",)), old, people=410)
    client = signed_in(viewer_of(health))

    every, fairness = (
        client.get("/api/v1/departments/health/trend/", query).json()["results"]
        for query in ({}, {"skill": "fairness"})
    )

    assert fairness == [night(LAST_WEEK, others=("Old Health",)), night(TODAY)]
    named = [[each["skill"] for each in found["skills"]] for found in every]
    assert named == [["privacy"], ["fairness", "privacy"], ["fairness"]]


def test_trend_of_a_skill_or_of_people_that_have_no_figures_is_not_there(signed_in, health):
    client = signed_in(viewer_of(health))

    for query in ({"skill": "nothing"}, {"people": "grade:SCS"}):
        assert client.get("/api/v1/departments/health/trend/", query).status_code == 404
    assert client.get("/api/v1/government/trend/", {"skill": "nothing"}).status_code == 404


def test_trend_costs_the_same_for_one_night_and_for_three(signed_in, health, django_assert_num_queries):
    client = signed_in(viewer_of(health))
    for nights in (1, 2):
        for number in range(nights):
            published(publication(on=TODAY - dt.timedelta(days=2 * nights + number)), health, people=50)
        with django_assert_num_queries(14):
            client.get("/api/v1/departments/health/trend/")


def test_government_is_told_to_whoever_sees_a_whole_department_without_a_part_of_it(signed_in, health):
    made = Publication.objects.get()
    published(made, None, people=410, fairness=SHARED)
    published(made, None, people=90, slice_=("grade", "EO"), fairness=(40, 20, 20, FEW, WITH, 60, 30))
    client = signed_in(viewer_of(health))

    whole, grades, trend = (client.get(f"/api/v1/government/{each}").json() for each in ("", "slices/", "trend/"))

    assert whole == {
        "day": TODAY.isoformat(),
        "method": 3,
        "figures": {"people_shown": "", "people": 410, "skills": [PUBLISHED]},
        "slices_url": "/api/v1/government/slices/",
        "trend_url": "/api/v1/government/trend/",
    }
    grade = {name: GRADE[name] for name in ("people_shown", "people", "skills")}
    assert (grades["count"], grades["results"]) == (1, [grade])
    assert client.get("/api/v1/government/?people=grade:EO").json()["figures"] == grade
    assert trend["results"] == [night(TODAY)]


def test_government_is_refused_to_viewers_of_a_part_and_before_the_first_night_it_says_null(signed_in, health):
    sentence = "This page is for people who plan the skills of a whole department."
    part = signed_in(viewer_of(health.children.get()))

    answers = [part.get(f"/api/v1/government/{each}") for each in ("", "slices/", "trend/")]

    assert [told(answer) for answer in answers] == [problem(403, sentence)] * 3
    Publication.objects.all().delete()
    answer = signed_in(viewer_of(health)).get("/api/v1/government/").json()
    assert (answer["day"], answer["method"], answer["figures"]) == (None, None, None)


def test_own_team_is_hidden_in_every_answer(signed_in, health):
    manager = viewer_of(health)
    for _ in range(2):
        MembershipFactory(line_manager=manager, organisation=health, grade="EO")
    client = signed_in(manager)

    parts = client.get("/api/v1/departments/health/slices/").json()["results"]

    assert parts[0]["skills"][0]["counts"][1] == {"level": 1, **figure(20)}
    for _ in range(12):
        MembershipFactory(line_manager=manager, organisation=health, grade="EO")
    parts = client.get("/api/v1/departments/health/slices/").json()["results"]
    assert parts[0]["skills"][0]["counts"][1] == {"level": 1, **figure(OWN)}
    nights = client.get("/api/v1/departments/health/trend/?people=grade:EO").json()["results"]
    assert nights[0]["skills"] == parts[0]["skills"]


def test_department_without_figures_says_null(signed_in):
    unit = OrganisationFactory(code="unit")

    answer = signed_in(viewer_of(unit)).get("/api/v1/departments/unit/").json()

    assert (answer["day"], answer["method"], answer["figures"]) == (None, None, None)


def test_no_answer_names_a_person(signed_in, health):
    client = signed_in(viewer_of(health))

    for address in ("", "parts/", "slices/", "trend/"):
        assert "Hidden Name" not in client.get(f"/api/v1/departments/health/{address}").content.decode()


def test_departments_of_others_are_not_there(signed_in):
    mine, other = OrganisationFactory(), OrganisationFactory(name="Marker")
    people(other, 9, level=2)
    client = signed_in(viewer_of(mine))

    answers = [
        client.get(f"/api/v1/departments/{code}/{more}")
        for code in (other.code, "nowhere")
        for more in ("", "parts/", "slices/", "trend/")
    ]

    assert [told(answer) for answer in answers] == [NOT_FOUND] * 8


@pytest.mark.parametrize("other", [PersonFactory, operator, lambda: trainer_of("ethics")])
def test_departments_are_for_viewers(signed_in, other):
    sentence = "This page is for people who plan the skills of an organisation."
    unit, client = OrganisationFactory(), signed_in(other())

    assert told(client.get("/api/v1/departments/")) == problem(403, sentence)
    assert told(client.get(f"/api/v1/departments/{unit.code}/")) == NOT_FOUND


@pytest.mark.parametrize(("address", "queries"), [("", 12), ("parts/", 13), ("slices/", 13)])
def test_department_costs_the_same_with_one_part_and_with_three(
    signed_in, health, address, queries, django_assert_num_queries
):
    client, made = signed_in(viewer_of(health)), Publication.objects.get()
    for parts in (1, 2):
        for _ in range(parts):
            part = OrganisationFactory(parent=health)
            published(made, part, people=50)
            published(made, health, people=50, slice_=("profession", part.code))
        with django_assert_num_queries(queries):
            client.get(f"/api/v1/departments/health/{address}")


def test_figures_of_a_skill_have_the_names_that_the_schema_has(signed_in, health):
    answer = signed_in(viewer_of(health)).get("/api/v1/departments/health/").json()
    told = answer["figures"]["skills"][0]

    assert set(told) == set(SkillCountsSerializer().fields)
    assert set(told["counts"][0]) == set(CountSerializer().fields)
    assert [set(told[each]) for each in ("needs", "short")] == [set(FigureSerializer().fields)] * 2
