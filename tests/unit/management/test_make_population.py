"""Making a population: the same for the same seed, where it may be made, and nothing left switched off."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.factories.people import NOON, OrganisationFactory, PersonFactory
from upskill.management.population import colleagues, copying, databases, departments, offers
from upskill.management.population.departments import apportion
from upskill.people import demo
from upskill.people.models import Membership, Organisation, Succession, User
from upskill.skills.models import Evidence

from .populations import make, teach

pytestmark = pytest.mark.django_db


def story() -> tuple[Any, ...]:
    """Everything about everybody but the numbers of rows."""
    posts = Membership.objects.order_by("person__full_name", "valid_from", "organisation__code", "grade")
    evidence = Evidence.objects.order_by("learner__full_name", "earned_at", "skill", "level")
    return (
        list(posts.values_list("person__full_name", "organisation__path", "grade", "profession", "role", "valid_from")),
        list(evidence.values_list("learner__full_name", "skill", "level", "earned_at")),
    )


def test_same_seed_makes_the_same_people_and_another_one_others():
    teach()
    found = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            make(120, seed=seed)
            found.append(story())
            transaction.set_rollback(True)

    assert (found[0] == found[1], found[0] == found[2]) == (True, False)


def test_population_joins_the_departments_that_are_there():
    teach()
    demo.load(now=NOON)

    make(60)

    dwp = Organisation.objects.get(name="Department for Work and Pensions")
    assert (dwp.code, User.objects.count()) == ("dwp", 61 + 60)
    assert Membership.objects.filter(organisation=dwp, line_manager=dwp.head).count() > 5


def test_nothing_is_made_without_courses():
    with pytest.raises(offers.NothingTaught, match="sync_courses"):
        make(20)

    assert User.objects.count() == 0


def test_population_is_refused_beside_people_who_are_not_invented(settings):
    settings.DEBUG = True
    PersonFactory(email="somebody@dwp.gov.uk")

    with pytest.raises(CommandError, match="people here who are not the demo's"):
        call_command("make_population", people=20)


def test_population_is_made_beside_the_demo_and_its_colleagues_and_once():
    demo_people = len(demo.cast()) + sum(colleagues.COUNTS.values())
    User.objects.bulk_create(PersonFactory.build_batch(demo_people))

    databases.check_only_demo()
    PersonFactory(email=None, is_probe=True)
    databases.check_only_demo()

    PersonFactory()
    with pytest.raises(databases.Refused, match="people here who are not the demo's"):
        databases.check_only_demo()


@pytest.mark.parametrize(
    ("options", "message"),
    [({"people": 0}, "whole number of 1 or more"), ({"people": 1, "seed": -1}, "one of 0 or more")],
)
def test_population_refuses_numbers_that_make_no_sense(options, message, settings):
    settings.DEBUG = True

    with pytest.raises(CommandError, match=message):
        call_command("make_population", **options)


def test_population_is_refused_where_debug_is_off(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("make_population", people=20)


def test_databases_of_other_sizes_and_seeds_have_other_names():
    found = {databases.name_for(people, seed=seed) for people in (550_000, 55_000) for seed in (1, 2)}

    assert (len(found), {name[:18] for name in found}) == (4, {"upskill_population"})
    assert max(map(len, found)) <= 58  # PostgreSQL cuts longer names, and "_half" is added


def test_indexes_and_triggers_are_as_before_once_a_population_is_made():
    before = schema()
    teach()

    make(20)

    assert schema() == before


def schema() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        indexes = cursor.fetchall()
        cursor.execute("SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
        return [*indexes, *cursor.fetchall()]


def test_column_that_a_table_does_not_have_is_refused():
    with pytest.raises(TypeError, match="Succession has no column went"):
        copying.add(Succession, rows=1, columns={"went": 1})


def test_whole_numbers_by_share_add_up():
    assert apportion({"a": 50, "b": 30, "c": 20}, places=7) == {"a": 4, "b": 2, "c": 1}


def test_all_organisations_of_the_statistics_get_people():
    places = departments.civil_service(550_000)

    assert (sum(place.people for place in places), len(places)) == (550_000, 113)
    assert len({place.code for place in places}) == 113
    assert [place.name for place in places if not place.people] == [
        "Attorney General's Departments",
        "Chancellor's other departments",
        "Office of the Secretary of State for Scotland",
    ]  # fmt: skip


def test_units_go_on_after_those_that_a_department_has():
    """The demo's departments have teams of their own, with numbers."""
    teach()
    there = OrganisationFactory(code="dwp", name="Department for Work and Pensions", kind="department")
    OrganisationFactory(code="dwp-1", parent=there)
    OrganisationFactory(code="dwp-7", parent=there)

    make(2000)

    numbers = [int(code.split("-")[1]) for code in Organisation.objects.filter(code__regex=r"^dwp-\d+$").order_by("pk")
               .values_list("code", flat=True)]  # fmt: skip
    assert sorted(numbers)[:3] == [1, 7, 8]
    assert len(numbers) > 3
