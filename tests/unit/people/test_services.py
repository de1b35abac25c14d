"""Changes to people: each does one thing, in one transaction, with exactly its entries in the audit trail."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.factories.people import (
    FIRST_DAY,
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
)
from tests.unit.refusing import act_that_fails
from upskill.core.models import AuditEntry
from upskill.people import services
from upskill.people.closing import DayOutOfRange
from upskill.people.models import Membership, Organisation, RoleGrant, User
from upskill.people.roles import Role

pytestmark = pytest.mark.django_db

SPRING = dt.date(2026, 4, 1)
SUMMER = dt.date(2026, 7, 1)
LATER = NOON + dt.timedelta(hours=1)


def paths() -> list[str]:
    with connection.cursor() as cursor:  # the rule about paths is looked at now and not after the test
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return sorted(Organisation.objects.values_list("path", flat=True))


def memberships_of(person: User) -> list[tuple]:
    fields = ("organisation__code", "line_manager", "grade", "valid_from", "valid_to")
    return list(person.memberships.order_by("valid_from").values_list(*fields))


# --- People ---


def test_add_person_makes_an_account_that_can_sign_in(audit_trail):
    boss = operator()

    alice = services.add_person("Alice Example", email="Alice@Example.GOV.UK", by=boss, now=NOON)

    assert User.objects.filter(email="alice@example.gov.uk", full_name="Alice Example", joined_at=NOON).get() == alice
    assert (alice.is_active, alice.password) == (True, None)
    assert audit_trail() == [("person.added", boss, {})]
    assert AuditEntry.objects.get().about == alice


@pytest.mark.parametrize("email", ["alice@example.gov.uk", "ALICE@example.gov.uk"])
def test_add_person_refuses_an_address_that_is_in_use(email, audit_trail):
    PersonFactory(email="alice@example.gov.uk")

    with pytest.raises(services.EmailInUse, match="an account with the address alice"):
        services.add_person("Another Alice", email=email, by=None, now=NOON)

    assert User.objects.count() == 1
    assert audit_trail() == []


def test_suspend_shuts_the_account_once(audit_trail):
    boss, alice = operator(), PersonFactory()

    services.suspend(alice, by=boss, now=NOON)
    services.suspend(alice, by=boss, now=LATER)

    assert (alice.is_active, User.objects.get(pk=alice.pk).is_active) == (False, False)
    assert audit_trail() == [("person.suspended", boss, {})]


def test_nobody_suspends_themselves(audit_trail):
    boss = operator()

    with pytest.raises(services.NotSuspendable, match="Ask another operator"):
        services.suspend(boss, by=boss, now=NOON)

    assert User.objects.get(pk=boss.pk).is_active is True
    assert audit_trail() == []


def test_reinstate_opens_a_suspended_account_once(audit_trail):
    boss, alice = operator(), PersonFactory(is_active=False)

    services.reinstate(alice, by=boss, now=NOON)
    services.reinstate(alice, by=boss, now=LATER)

    assert (alice.is_active, User.objects.get(pk=alice.pk).is_active) == (True, True)
    assert audit_trail() == [("person.reinstated", boss, {})]


# --- Organisations ---


def add(code: str, *, parent: Organisation | None = None) -> Organisation:
    return services.add_organisation(
        code.upper(), code=code, kind=Organisation.Kind.TEAM, parent=parent, from_on=FIRST_DAY, by=None, now=NOON
    )


def test_add_organisation_builds_its_path_from_the_parent(audit_trail):
    department = add("dwp")
    team = add("reviews", parent=add("fraud", parent=department))

    assert (team.name, team.kind, team.valid_from, team.valid_to) == ("REVIEWS", "team", FIRST_DAY, None)
    assert paths() == ["dwp/", "dwp/fraud/", "dwp/fraud/reviews/"]
    assert audit_trail() == [
        ("organisation.added", None, {"path": "dwp/"}),
        ("organisation.added", None, {"path": "dwp/fraud/"}),
        ("organisation.added", None, {"path": "dwp/fraud/reviews/"}),
    ]


def test_add_organisation_goes_below_where_the_parent_is_now_and_not_where_it_was():
    department, other = add("dwp"), add("hmrc")
    stale = Organisation.objects.get(pk=add("fraud", parent=department).pk)
    services.move_organisation(Organisation.objects.get(code="fraud"), parent=other, by=None, now=NOON)

    add("reviews", parent=stale)

    assert paths() == ["dwp/", "hmrc/", "hmrc/fraud/", "hmrc/fraud/reviews/"]


def test_add_organisation_refuses_a_code_that_is_in_use(audit_trail):
    OrganisationFactory(code="dwp")

    with pytest.raises(services.CodeInUse, match="an organisation with the code dwp already"):
        add("dwp")

    assert audit_trail() == []


def test_move_organisation_takes_everything_below_along(audit_trail):
    department, other = OrganisationFactory(code="dwp"), OrganisationFactory(code="hmrc")
    fraud = OrganisationFactory(code="fraud", parent=department)
    OrganisationFactory(code="reviews", parent=fraud)
    OrganisationFactory(code="fraud-policy", parent=department)  # begins like what moves, and stays

    services.move_organisation(fraud, parent=other, by=None, now=NOON)

    assert paths() == ["dwp/", "dwp/fraud-policy/", "hmrc/", "hmrc/fraud/", "hmrc/fraud/reviews/"]
    assert (fraud.parent, fraud.path) == (other, "hmrc/fraud/")
    assert audit_trail() == [("organisation.moved", None, {"old": "dwp/fraud/", "new": "hmrc/fraud/"})]


def test_move_organisation_can_make_it_a_department_of_its_own():
    fraud = OrganisationFactory(code="fraud", parent=OrganisationFactory(code="dwp"))
    OrganisationFactory(code="reviews", parent=fraud)

    services.move_organisation(fraud, parent=None, by=None, now=NOON)

    assert paths() == ["dwp/", "fraud/", "fraud/reviews/"]


@pytest.mark.parametrize("below", ["itself", "its part", "the part of its part"])
def test_move_organisation_below_itself_is_refused(below, audit_trail):
    itself = OrganisationFactory(code="dwp", name="DWP")
    part = OrganisationFactory(code="fraud", parent=itself)
    deeper = OrganisationFactory(code="reviews", parent=part)
    target = {"itself": itself, "its part": part, "the part of its part": deeper}[below]

    with pytest.raises(services.MovedBelowItself, match="DWP cannot move below itself"):
        services.move_organisation(itself, parent=target, by=None, now=NOON)

    assert paths() == ["dwp/", "dwp/fraud/", "dwp/fraud/reviews/"]
    assert audit_trail() == []


def test_close_organisation_ends_it_and_keeps_it(audit_trail):
    unit = OrganisationFactory(valid_from=FIRST_DAY)
    MembershipFactory(organisation=unit, valid_to=SPRING)

    services.close_organisation(unit, on=SUMMER, by=None, now=NOON)

    assert Organisation.objects.get().valid_to == SUMMER
    assert audit_trail() == [("organisation.closed", None, {"on": "2026-07-01"})]


@pytest.mark.parametrize("on", [FIRST_DAY, NOON.date() + dt.timedelta(days=1)], ids=["the day it began", "tomorrow"])
def test_close_organisation_on_a_day_that_does_not_fit_is_refused(on, audit_trail):
    unit = OrganisationFactory()

    with pytest.raises(DayOutOfRange, match="Choose a day after 2026-01-01, today at the latest"):
        services.close_organisation(unit, on=on, by=None, now=NOON)

    assert (Organisation.objects.get().valid_to, audit_trail()) == (None, [])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"valid_from": NOON.date()}, "Reviews begins on 2026-11-23. Come back on a later day to end it."),
        ({"valid_to": SPRING}, "Reviews is closed already."),
    ],
)
def test_close_organisation_that_is_too_new_or_closed_says_so(fields, sentence):
    unit = OrganisationFactory(name="Reviews", **fields)

    with pytest.raises(DayOutOfRange, match=sentence):
        services.close_organisation(unit, on=NOON.date(), by=None, now=NOON)


def test_close_organisation_waits_for_whoever_leaves_it_later():
    unit = OrganisationFactory()
    MembershipFactory(organisation=unit, valid_to=NOON.date() + dt.timedelta(days=30))

    with pytest.raises(services.StillInUse):
        services.close_organisation(unit, on=NOON.date(), by=None, now=NOON)


@pytest.mark.parametrize("what", ["people", "parts"])
def test_close_organisation_with_people_or_parts_is_refused(what, audit_trail):
    unit = OrganisationFactory(name="Reviews")
    if what == "people":
        MembershipFactory(organisation=unit)
    else:
        OrganisationFactory(parent=unit)

    with pytest.raises(services.StillInUse, match="Reviews has people or parts on that day or later"):
        services.close_organisation(unit, on=SUMMER, by=None, now=NOON)

    assert Organisation.objects.get(pk=unit.pk).valid_to is None
    assert audit_trail() == []


# --- Memberships ---


def test_place_gives_a_first_post(audit_trail):
    alice, mary, unit = PersonFactory(), PersonFactory(), OrganisationFactory(code="dwp")

    services.place(alice, organisation=unit, line_manager=mary, from_on=SPRING, grade="EO", by=mary, now=NOON)

    assert memberships_of(alice) == [("dwp", mary.pk, "EO", SPRING, None)]
    assert audit_trail() == [("person.placed", mary, {"path": "dwp/", "manager": mary.pk})]


def test_place_again_ends_the_post_before_and_keeps_it(audit_trail):
    alice = PersonFactory()
    for code, day in (("dwp", SPRING), ("hmrc", SUMMER)):
        unit = OrganisationFactory(code=code)
        services.place(alice, organisation=unit, line_manager=None, from_on=day, by=None, now=NOON)

    assert memberships_of(alice) == [("dwp", None, "", SPRING, SUMMER), ("hmrc", None, "", SUMMER, None)]
    assert [event for event, _by, _details in audit_trail()] == ["person.placed", "person.placed"]


@pytest.mark.parametrize("day", [SPRING, FIRST_DAY])
def test_place_before_the_present_post_began_is_refused(day, audit_trail):
    alice = MembershipFactory(person=PersonFactory(full_name="Alice"), valid_from=SPRING).person

    with pytest.raises(services.PlacedSince, match="Alice began their present post on 2026-04-01"):
        services.place(alice, organisation=OrganisationFactory(), line_manager=None, from_on=day, by=None, now=NOON)

    assert [row[3:] for row in memberships_of(alice)] == [(SPRING, None)]
    assert audit_trail() == []


# --- Roles ---


@pytest.mark.parametrize("role", list(Role))
def test_grant_role_gives_it_with_its_scope(role, audit_trail):
    boss, alice, unit = operator(), PersonFactory(), OrganisationFactory()
    scopes: dict[Role, dict[str, Any]] = {
        Role.TRAINER: {"course": "ethics"},
        Role.DEPARTMENT_VIEWER: {"organisation": unit},
        Role.DEPARTMENT_ADMIN: {"organisation": unit},
        Role.OPERATOR: {},
    }

    grant = services.grant_role(alice, role=role, by=boss, now=NOON, **scopes[role])

    assert RoleGrant.objects.get(person=alice) == grant
    assert (grant.role, grant.granted_at, grant.ended_at) == (role, NOON, None)
    assert audit_trail() == [("role.granted", boss, {"role": role})]


def test_grant_role_that_is_held_is_refused(audit_trail):
    alice = operator(person=PersonFactory(full_name="Alice"))

    with pytest.raises(services.AlreadyHasRole, match="Alice has this access already"):
        services.grant_role(alice, role=Role.OPERATOR, by=None, now=NOON)

    assert RoleGrant.objects.count() == 1
    assert audit_trail() == []


def test_grant_role_for_another_course_is_another_role():
    alice = RoleGrantFactory(role=Role.TRAINER, course="ethics").person

    services.grant_role(alice, role=Role.TRAINER, course="statistics", by=None, now=NOON)

    assert sorted(alice.role_grants.values_list("course", flat=True)) == ["ethics", "statistics"]


@pytest.mark.parametrize(
    ("role", "course", "has_organisation", "says"),
    [
        (Role.TRAINER, "", False, "This role is for one course"),
        (Role.TRAINER, "ethics", True, "This role is for one course"),
        (Role.DEPARTMENT_VIEWER, "", False, "This role is for one organisation and everything below it"),
        (Role.DEPARTMENT_VIEWER, "ethics", True, "This role is for one organisation and everything below it"),
        (Role.OPERATOR, "ethics", False, "This role is for the service"),
        (Role.OPERATOR, "", True, "This role is for the service"),
    ],
)
def test_grant_role_with_another_scope_is_refused(role, course, has_organisation, says, audit_trail):
    unit = OrganisationFactory() if has_organisation else None

    with pytest.raises(services.WrongScope, match=says):
        services.grant_role(PersonFactory(), role=role, course=course, organisation=unit, by=None, now=NOON)

    assert RoleGrant.objects.count() == 0
    assert audit_trail() == []


def test_end_role_keeps_the_row_and_the_first_moment(audit_trail):
    boss, grant = operator(), RoleGrantFactory(role=Role.TRAINER, course="ethics")

    services.end_role(grant, by=boss, now=NOON)
    services.end_role(grant, by=boss, now=LATER)

    assert RoleGrant.objects.get(pk=grant.pk).ended_at == NOON
    assert audit_trail() == [("role.ended", boss, {"role": "trainer"})]


# --- Every one of them ---


def each_service() -> dict[str, Callable[[], object]]:
    """Each service of the module with something to do."""
    alice, unit, grant = PersonFactory(), OrganisationFactory(code="unit"), RoleGrantFactory(role=Role.OPERATOR)
    suspended = PersonFactory(is_active=False)
    part = OrganisationFactory(code="part", parent=unit)
    who = {"by": grant.person, "now": NOON}
    return {
        "add_person": lambda: services.add_person("New", email="new@example.gov.uk", **who),
        "probe_account": lambda: services.probe_account(**who),
        "suspend": lambda: services.suspend(alice, **who),
        "reinstate": lambda: services.reinstate(suspended, **who),
        "add_organisation": lambda: services.add_organisation(
            "New", code="new", kind=Organisation.Kind.TEAM, parent=unit, from_on=SPRING, **who
        ),
        "move_organisation": lambda: services.move_organisation(part, parent=None, **who),
        "close_organisation": lambda: services.close_organisation(part, on=SUMMER, **who),
        "place": lambda: services.place(alice, organisation=unit, line_manager=None, from_on=SPRING, **who),
        "grant_role": lambda: services.grant_role(alice, role=Role.OPERATOR, **who),
        "end_role": lambda: services.end_role(grant, **who),
    }


SERVICES = [
    name
    for name, value in vars(services).items()
    if callable(value) and getattr(value, "__module__", "") == services.__name__ and name.islower() and name[0] != "_"
]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_writes_one_entry_that_says_who(name, audit_trail):
    act = each_service()[name]
    actor = RoleGrant.objects.get().person

    act()

    assert [by for _event, by, _details in audit_trail()] == [actor]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_leaves_nothing_behind_when_its_transaction_fails(name, audit_trail):
    act = each_service()[name]
    before = everything()

    with act_that_fails():
        act()

    assert everything() == before
    assert audit_trail() == []


def everything() -> list[list[tuple]]:
    return [sorted(model.objects.values_list(), key=str) for model in (User, Organisation, Membership, RoleGrant)]
