"""Who may what after a split or merger, and whom one keeps waiting."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, RoleGrantFactory, viewer_of
from upskill.core.models import AuditEntry
from upskill.people import organisations, services
from upskill.people.models import Membership, Organisation, User
from upskill.people.organisations import NewPart
from upskill.people.roles import Role

pytestmark = pytest.mark.django_db
JUNE, TODAY = dt.date(2026, 6, 1), NOON.date()
BY: dict[str, Any] = {"by": None, "now": NOON}


def unit(code: str) -> Organisation:
    made: Organisation = OrganisationFactory(code=code, name=code.upper())
    return made


def test_grants_on_what_is_split_hold_for_every_half_and_those_on_what_is_merged_for_nothing_more():
    a, b = unit("a"), unit("b")
    dev, ann, past = viewer_of(a), RoleGrantFactory(role=Role.DEPARTMENT_ADMIN, organisation=a).person, viewer_of(a)
    past.role_grants.update(ended_at=NOON)

    one, two = organisations.split(a, into=[NewPart("one", "One"), NewPart("two", "Two")], on=JUNE, **BY)
    organisations.merge([two], into=b, on=TODAY, **BY)

    def scopes(person: User) -> list[str]:
        return sorted(person.role_grants.filter(ended_at=None).values_list("organisation__code", flat=True))

    assert (scopes(dev), scopes(ann), scopes(past)) == (["a", "one", "two"], ["a", "one", "two"], [])
    given = AuditEntry.objects.filter(event="role.granted").order_by("about", "pk")
    assert [(entry.about, entry.details) for entry in given] == [
        *[(dev, {"role": "department_viewer"})] * 2,
        *[(ann, {"role": "department_admin"})] * 2,
    ]
    assert one.is_in_force(TODAY)


@pytest.mark.django_db(transaction=True)
def test_while_an_organisation_is_split_and_moved_people_are_placed_elsewhere():
    a, top, other = unit("a"), unit("top"), unit("other")

    def place() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        MembershipFactory(organisation=other)
        viewer_of(top)
        connection.close()

    with ThreadPoolExecutor(1) as thread, transaction.atomic():
        [new] = organisations.split(a, into=[NewPart("one", "One")], on=JUNE, **BY)
        services.move_organisation(new, parent=top, **BY)
        thread.submit(place).result()

    assert Membership.objects.filter(organisation=other).count() == 1
