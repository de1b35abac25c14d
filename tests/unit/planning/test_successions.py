"""What was asked of an organisation is asked of those in which its work goes on, once it is split or merged."""

import datetime as dt
from typing import Any

import pytest

from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, PersonFactory
from tests.factories.planning import TODAY, AssignmentFactory
from upskill.people import organisations
from upskill.people.models import Organisation, User
from upskill.people.organisations import NewPart
from upskill.planning import audience, queries, reminders, rules
from upskill.planning.dues import State
from upskill.planning.models import Assignment

pytestmark = pytest.mark.django_db
MARCH, JUNE, DAY = dt.date(2026, 3, 1), dt.date(2026, 6, 1), dt.timedelta(days=1)
BY: dict[str, Any] = {"by": None, "now": NOON}


def unit(code: str, parent: Organisation | None = None) -> Organisation:
    made: Organisation = OrganisationFactory(code=code, parent=parent)
    return made


def member(place: Organisation) -> User:
    person: User = MembershipFactory(organisation=place).person
    return person


def asked_of(place: Organisation) -> Assignment:
    asked: Assignment = AssignmentFactory(team_of=None, organisation=place, due_on=MARCH - 10 * DAY)
    return asked


def meant(asked: Assignment, *, on: dt.date = TODAY) -> set[User]:
    """Whom it means, by each of the ways in which this is asked."""
    posts = audience.posts_meant(asked, on=on).select_related("organisation", "person")
    everybody = User.objects.filter(memberships__isnull=False).distinct()
    found = {person for person in everybody if queries.due_of(person, on=on)}
    assert found == {post.person for post in posts}
    return found


def test_both_halves_go_on_with_what_was_asked_of_the_whole_from_the_day_of_the_split():
    top = unit("top")
    old, beside = unit("old", top), unit("beside", top)
    alice, bob, carl, _dan = (member(place) for place in (old, old, unit("part", old), beside))
    asked = asked_of(old)

    organisations.split(
        old, into=[NewPart("one", "One"), NewPart("two", "Two", people=frozenset([bob.pk]))], on=MARCH, **BY
    )
    asked.refresh_from_db()

    assert meant(asked) == meant(asked, on=MARCH) == {alice, bob, carl}
    assert [due.state for due in queries.due_of(bob, on=TODAY)] == [State.OVERDUE]
    assert [due.assignment for due in reminders.news_of(alice, on=TODAY).overdue] == [asked]
    assert [each.code for each in queries.organisations_asked(asked, on=MARCH - DAY)] == ["old"]


def test_merger_asks_those_who_go_on_with_the_work_and_never_the_whole_that_it_was_a_part_of():
    top = unit("top")
    a, b, part = unit("a", top), unit("b"), unit("part", top)
    alice, bob, _carl, _tom = member(a), member(b), member(part), member(top)
    of_a, of_part = asked_of(a), asked_of(part)

    organisations.merge([a], into=b, on=MARCH, **BY)
    organisations.merge([part], into=top, on=MARCH, **BY)
    organisations.split(b, into=[NewPart("c", "C")], on=JUNE, **BY)
    for each in (of_a, of_part):
        each.refresh_from_db()

    assert meant(of_a) == {alice, bob}
    assert list(audience.posts_meant(of_part, on=TODAY)) == []


def test_only_who_plans_for_all_that_goes_on_with_the_work_ends_it_and_every_list_has_it():
    of_top, of_old, of_one = (PersonFactory() for _ in range(3))
    top = OrganisationFactory(code="top", head=of_top)
    old = OrganisationFactory(code="old", parent=top, head=of_old)
    asked = asked_of(old)

    one, two = organisations.split(old, into=[NewPart("one", "One"), NewPart("two", "Two")], on=MARCH, **BY)
    organisations.set_head(one, head=of_one, **BY)
    asked.refresh_from_db()

    assert [each for each in (of_top, of_old, of_one) if rules.can_end(each, assignment=asked, on=TODAY)] == [of_top]
    assert [queries.assignments_of_organisation(each, on=TODAY) for each in (one, two, top)] == [[asked], [asked], []]
    assert queries.organisations_asked(asked, on=TODAY) == [one, two]


def test_what_was_never_split_costs_no_query_more(django_assert_num_queries):
    asked = asked_of(unit("a"))

    with django_assert_num_queries(0):
        assert queries.organisations_asked(asked, on=TODAY) == [asked.organisation]
