"""The demo organisation: invented people in real departments, in real proportions, loaded as often as one likes."""

import csv
from collections import Counter

import pytest

from tests.factories.people import NOON
from upskill.core.models import AuditEntry
from upskill.people import demo, queries, services
from upskill.people.models import Membership, Organisation, RoleGrant, SignInLink, User
from upskill.people.queries import NOBODY

ROLES = ["administrator", "learner", "manager", "operator", "reviewer", "trainer", "viewer"]


def rows(filename: str) -> list[dict[str, str]]:
    with (demo.DATA / filename).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables() -> list[list[tuple]]:
    return [
        sorted(model.objects.values_list(), key=str)
        for model in (User, Organisation, Membership, RoleGrant, AuditEntry, SignInLink)
    ]


@pytest.fixture
def loaded(db) -> int:
    return demo.load(now=NOON)


# --- The data ---


def test_departments_and_agencies_are_real_names_of_2023():
    real = {row["organisation"] for row in rows("organisations_2023.csv")}

    in_demo = {row["name"] for row in rows("demo_units.csv") if row["kind"] in {"department", "agency"}}

    assert in_demo - real == set()
    assert len(real) == 110


def test_agencies_stand_below_their_real_department():
    real = {row["organisation"]: row["parent_department"] for row in rows("organisations_2023.csv")}
    units = {row["code"]: row for row in rows("demo_units.csv")}

    agencies = {u["name"]: units[u["parent"]]["name"] for u in units.values() if u["kind"] == "agency"}

    assert agencies == {name: real[name] for name in agencies}
    assert len(agencies) == 2


def test_units_stand_after_their_parents():
    codes = [row["code"] for row in rows("demo_units.csv")]

    assert [
        r["code"] for i, r in enumerate(rows("demo_units.csv")) if r["parent"] and r["parent"] not in codes[:i]
    ] == []


def test_every_unit_is_led_by_one_of_its_own_people():
    leads = [(row["leads"], row["unit"]) for row in rows("demo_people.csv") if row["leads"]]

    assert sorted(leads) == sorted((row["code"], row["code"]) for row in rows("demo_units.csv"))


def test_names_and_addresses_are_nobodys_twice_and_end_in_the_example_domain():
    cast = demo.cast()

    assert len({each.full_name for each in cast}) == len({each.email for each in cast}) == len(cast) == 61
    assert [each.email for each in cast if not each.email.endswith("@example.gov.uk")] == []
    assert [each.email for each in cast if not each.email.isascii()] == []


def test_demo_accounts_have_addresses_that_are_easy_to_remember():
    accounts = {each.demo: each.email for each in demo.cast() if each.demo}

    assert accounts == {role: f"{role}@example.gov.uk" for role in ROLES}


@pytest.mark.parametrize(("filename", "field"), [("grades_2023.csv", "grade"), ("professions_2023.csv", "profession")])
def test_grades_and_professions_are_spread_as_in_the_civil_service(filename, field):
    heads = {row[field]: int(row["headcount_2023"]) for row in rows(filename)}
    cast = demo.cast()

    counts = Counter(getattr(each, field) for each in cast)

    exact = {name: heads[name] * len(cast) / sum(heads.values()) for name in heads}
    assert {name: counts[name] for name in heads if abs(counts[name] - exact[name]) >= 1} == {}
    assert counts.total() == len(cast)


def test_whoever_leads_has_no_lower_grade_than_those_they_lead():
    order = [row["grade"] for row in rows("grades_2023.csv")]
    leaders = {each.leads: order.index(each.grade) for each in demo.cast() if each.leads}

    below = [e.full_name for e in demo.cast() if not e.leads and order.index(e.grade) < leaders[e.unit]]

    assert below == []


def test_cast_is_the_same_every_time():
    assert demo.cast() == demo.cast()


def test_data_says_where_it_comes_from_and_under_which_licence():
    said = (demo.DATA / "README.md").read_text(encoding="utf-8")

    sources = ("Civil Service Statistics data browser 2023", "Cabinet Office", "Open Government Licence v3.0")
    assert [word for word in sources if word not in said] == []
    assert [file.name for file in demo.DATA.glob("*.csv") if f"`{file.name}`" not in said] == []


# --- Loading ---


def test_load_makes_everybody_once(loaded):
    before = tables()

    again = demo.load(now=NOON)

    assert (loaded, again) == (61, 0)
    assert tables() == before
    assert [User.objects.count(), Organisation.objects.count(), Membership.objects.count()] == [61, 14, 61]


def test_load_puts_back_what_is_missing_and_leaves_what_was_changed(loaded):
    leila = User.objects.get(email="learner@example.gov.uk")
    User.objects.filter(pk=leila.pk).update(full_name="Leila Married-Name")
    grant = RoleGrant.objects.get(person__email="viewer@example.gov.uk")
    services.end_role(grant, by=None, now=NOON)

    demo.load(now=NOON)

    assert User.objects.get(pk=leila.pk).full_name == "Leila Married-Name"
    assert RoleGrant.objects.filter(role=grant.role, ended_at=None).count() == 0


def test_load_writes_an_entry_for_each_thing_it_did(loaded):
    events = Counter(AuditEntry.objects.values_list("event", "by"))

    assert events == {
        ("organisation.added", None): 14,
        ("person.added", None): 61,
        ("person.placed", None): 61,
        ("role.granted", None): 5,
    }


def test_two_departments_stand_side_by_side(loaded):
    roots = Organisation.objects.filter(parent=None).order_by("code")

    people = {o.name: Membership.objects.filter(organisation__path__startswith=o.path).count() for o in roots}
    assert people == {"Department for Transport": 9, "Department for Work and Pensions": 52}


def test_line_manager_has_seven_reports_among_them_the_learner(loaded):
    people = demo.people_by_role()

    reports = queries.direct_reports(people["manager"], on=NOON.date())

    assert len(reports) == 7
    assert people["learner"] in reports


def test_everybody_but_the_heads_has_a_line_manager(loaded):
    heads = Membership.objects.filter(line_manager=None).values_list("person__full_name", flat=True)

    assert sorted(heads) == ["Harriet Goldenquill", "Isabel Roundabout"]


def test_roles_of_the_demo_accounts(loaded):
    roles = {role: queries.roles_of(person) for role, person in demo.people_by_role().items()}

    assert sorted(roles) == ROLES
    assert (roles["learner"], roles["manager"].has_reports) == (NOBODY, True)
    assert roles["trainer"].courses == roles["reviewer"].courses == {"ai-ethics-in-practice"}
    assert [o.code for o in roles["viewer"].organisations] == ["dwp"]
    assert roles["operator"].is_operator


# --- Entering ---


def test_enter_notes_that_it_was_the_demo(loaded):
    person = demo.enter("learner", now=NOON)

    assert person == User.objects.get(email="learner@example.gov.uk")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.event, entry.by, entry.about, entry.details) == ("person.signed_in", person, person, {"way": "demo"})


@pytest.mark.parametrize("role", ["", "emperor", "learner@example.gov.uk", "Leila Learner"])
def test_enter_opens_no_other_account(loaded, role):
    entries = AuditEntry.objects.count()

    assert demo.enter(role, now=NOON) is None
    assert AuditEntry.objects.count() == entries


def test_enter_refuses_a_suspended_account(loaded):
    User.objects.filter(email="learner@example.gov.uk").update(is_active=False)

    assert demo.enter("learner", now=NOON) is None
    assert sorted(demo.people_by_role()) == [role for role in ROLES if role != "learner"]


@pytest.mark.django_db
def test_nobody_is_there_before_loading():
    assert (demo.people_by_role(), demo.enter("learner", now=NOON)) == ({}, None)
