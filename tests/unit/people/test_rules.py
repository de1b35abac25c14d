"""Who may what, and over whom."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.people import (
    FIRST_DAY,
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
    trainer_of,
    viewer_of,
)
from upskill.people import queries, rules, services
from upskill.people.models import User
from upskill.people.queries import NOBODY, Roles
from upskill.people.roles import GRANTED, Learner, LineManager, Permission, Role, RoleDescription, roles_with
from upskill.reports import rules as reports_rules

TODAY = NOON.date()
TOMORROW = TODAY + dt.timedelta(days=1)
DESCRIBED: list[type[RoleDescription]] = [Learner, LineManager, *GRANTED.values()]


# --- Roles as classes ---


def test_every_granted_role_is_described():
    assert set(GRANTED) == set(Role)


def test_every_permission_belongs_to_a_role():
    permitted = {permission for role in DESCRIBED for permission in role.permissions}

    assert permitted == set(Permission)


def test_operators_see_no_learners_work():
    assert GRANTED[Role.OPERATOR].permissions == {Permission.OPERATE}


def test_roles_with_a_permission():
    found = {permission.value: roles_with(permission) for permission in Permission}

    assert found == {
        "learn": [],
        "see_own_team": [],
        "see_submissions": [Role.TRAINER],
        "mark": [Role.TRAINER],
        "see_department": [Role.DEPARTMENT_VIEWER],
        "manage_people": [Role.DEPARTMENT_ADMIN],
        "operate": [Role.OPERATOR],
    }


def test_every_role_says_in_a_sentence_what_it_is():
    assert [role.__name__ for role in DESCRIBED if not (role.__doc__ or "").endswith(".")] == []


# --- Roles of a person ---


@pytest.mark.django_db
def test_roles_of_a_learner_are_none():
    assert queries.roles_of(PersonFactory()) == NOBODY


@pytest.mark.django_db
def test_roles_of_somebody_with_all_of_them_cost_two_queries(django_assert_num_queries):
    unit = OrganisationFactory()
    mary = trainer_of("ethics")
    trainer_of("statistics", person=mary)
    viewer_of(unit, person=mary)
    operator(person=mary)
    MembershipFactory(line_manager=mary)

    with django_assert_num_queries(2):
        roles = queries.roles_of(mary)

    assert roles == Roles(frozenset({"ethics", "statistics"}), (unit,), has_reports=True, is_operator=True)
    assert (roles.trains, roles.views_departments) == (True, True)


@pytest.mark.django_db
def test_a_request_that_asks_again_for_the_same_person_costs_nothing(django_assert_num_queries):
    mary = trainer_of("ethics")
    first = queries.roles_of(mary)

    with django_assert_num_queries(0):
        again = queries.roles_of(mary)

    assert again == first


@pytest.mark.django_db
def test_the_next_request_sees_what_was_granted_in_between():
    mary = trainer_of("ethics")
    queries.roles_of(mary)

    trainer_of("statistics", person=mary)

    assert queries.roles_of(User.objects.get(pk=mary.pk)).courses == {"ethics", "statistics"}


@pytest.mark.django_db
def test_whoever_changes_a_role_sees_the_change_at_once(noon):
    mary, unit = PersonFactory(), OrganisationFactory()
    before = queries.roles_of(mary)

    grant = services.grant_role(mary, role=Role.TRAINER, course="ethics", by=None, now=noon)
    granted = queries.roles_of(mary)
    services.place(PersonFactory(), organisation=unit, line_manager=mary, from_on=noon.date(), by=None, now=noon)
    managing = queries.roles_of(mary)
    services.end_role(grant, by=None, now=noon)
    ended = queries.roles_of(mary)

    assert (before, granted.courses, granted.has_reports) == (NOBODY, {"ethics"}, False)
    assert (managing.has_reports, ended.courses) == (True, frozenset())


@pytest.mark.django_db
def test_suspending_ends_roles_that_are_known_already(noon):
    mary = trainer_of("ethics")
    queries.roles_of(mary)

    services.suspend(mary, by=PersonFactory(), now=noon)

    assert queries.roles_of(mary) == NOBODY


@pytest.mark.django_db
def test_roles_that_ended_are_over():
    mary, unit = PersonFactory(), OrganisationFactory()
    trainer_of("ethics", person=mary, ended_at=NOON)
    viewer_of(unit, person=mary, ended_at=NOON)
    operator(person=mary, ended_at=NOON)
    MembershipFactory(line_manager=mary, valid_to=TODAY)

    assert queries.roles_of(mary) == NOBODY


@pytest.mark.django_db
def test_line_manager_is_whoever_has_reports_today_whatever_is_planned():
    today = timezone.localdate()
    later = today + dt.timedelta(days=90)
    present, planned, ends_today = PersonFactory(), PersonFactory(), PersonFactory()
    alice = MembershipFactory(line_manager=present, valid_to=later).person
    MembershipFactory(person=alice, line_manager=planned, valid_from=later)
    MembershipFactory(line_manager=ends_today, valid_to=today)

    assert [queries.roles_of(each).has_reports for each in (present, planned, ends_today)] == [True, False, False]


@pytest.mark.django_db
def test_suspended_account_has_no_role():
    mary, unit = PersonFactory(is_active=False), OrganisationFactory()
    trainer_of("ethics", person=mary)
    viewer_of(unit, person=mary)
    MembershipFactory(line_manager=mary)

    assert queries.roles_of(mary) == NOBODY
    assert rules.can_train(mary, course="ethics") is False
    assert reports_rules.can_see_department(mary, organisation=unit) is False


# --- Trainer ---


@pytest.mark.django_db
def test_trainer_trains_their_own_course_alone():
    terry, other = trainer_of("ethics"), trainer_of("statistics")
    trainer_of("ethics", person=other, ended_at=NOON)
    courses = ("ethics", "statistics", "", "ethic")

    trains = {who: [c for c in courses if rules.can_train(person, course=c)] for who, person in
              (("terry", terry), ("other", other), ("learner", PersonFactory()), ("operator", operator()))}  # fmt: skip

    assert trains == {"terry": ["ethics"], "other": ["statistics"], "learner": [], "operator": []}


# --- Department viewer ---


@pytest.mark.django_db
def test_department_viewer_sees_their_organisation_and_everything_below():
    department = OrganisationFactory(code="dwp")
    directorate = OrganisationFactory(code="fraud", parent=department)
    team = OrganisationFactory(code="reviews", parent=directorate)
    similar = OrganisationFactory(code="dwp-x")
    dev = viewer_of(directorate)

    seen = [
        o.code
        for o in (department, directorate, team, similar)
        if reports_rules.can_see_department(dev, organisation=o)
    ]

    assert seen == ["fraud", "reviews"]


@pytest.mark.django_db
def test_department_viewer_does_not_see_an_organisation_whose_code_begins_alike():
    viewed, alike = OrganisationFactory(code="dwp"), OrganisationFactory(code="dwp2")

    assert reports_rules.can_see_department(viewer_of(viewed), organisation=alike) is False


@pytest.mark.django_db
def test_nobody_else_sees_a_department():
    unit = OrganisationFactory(code="dwp")
    people = [PersonFactory(), trainer_of("ethics"), operator(), MembershipFactory(organisation=unit).person]
    people.append(viewer_of(unit, ended_at=NOON))
    RoleGrantFactory(role=Role.DEPARTMENT_VIEWER, organisation=OrganisationFactory(code="hmrc"), person=people[0])

    assert [reports_rules.can_see_department(person, organisation=unit) for person in people] == [False] * 5


# --- Line manager ---


@pytest.mark.django_db
def test_direct_reports_are_those_of_the_day_by_name():
    mary = PersonFactory()
    for name, first, last in [
        ("Zoe", FIRST_DAY, None),
        ("Adam", TODAY, None),
        ("Starts tomorrow", TOMORROW, None),
        ("Left today", FIRST_DAY, TODAY),
        ("Leaves tomorrow", FIRST_DAY, TOMORROW),
    ]:
        MembershipFactory(person__full_name=name, line_manager=mary, valid_from=first, valid_to=last)

    assert [person.full_name for person in queries.direct_reports(mary, on=TODAY)] == ["Adam", "Leaves tomorrow", "Zoe"]


@pytest.mark.django_db
def test_direct_reports_are_nobody_elses_people_and_no_suspended_ones():
    mary, other = PersonFactory(), PersonFactory()
    report = MembershipFactory(line_manager=mary).person
    MembershipFactory(line_manager=mary, person__is_active=False)
    MembershipFactory(line_manager=other)
    MembershipFactory(line_manager=report)  # a report of a report

    assert list(queries.direct_reports(mary, on=TODAY)) == [report]


@pytest.mark.django_db
@pytest.mark.parametrize("reports", [1, 3])
def test_direct_reports_cost_one_query(reports, django_assert_num_queries):
    mary = PersonFactory()
    MembershipFactory.create_batch(reports, line_manager=mary)

    with django_assert_num_queries(1):
        found = len(queries.direct_reports(mary, on=TODAY))

    assert found == reports


@pytest.mark.django_db
def test_post_is_that_of_the_day_with_place_and_manager(django_assert_num_queries):
    alice, mary = PersonFactory(), PersonFactory()
    old, new = OrganisationFactory(), OrganisationFactory()
    MembershipFactory(person=alice, organisation=old, valid_to=TOMORROW)
    MembershipFactory(person=alice, organisation=new, valid_from=TOMORROW, line_manager=mary)
    MembershipFactory(line_manager=alice)

    with django_assert_num_queries(2):
        found = [queries.post_of(alice, on=day) for day in (TODAY, TOMORROW)]
        named = [(post.organisation, post.line_manager) for post in found if post]

    assert named == [(old, None), (new, mary)]
    assert queries.post_of(mary, on=TODAY) is None
