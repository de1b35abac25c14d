"""Whatever is told of moves, leavers, splits and mergers, in whatever order: main posts never overlap, and paths are
true. PostgreSQL's own checks are asked after each example.
"""

import datetime as dt
from itertools import pairwise
from typing import Any

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from upskill.people import closing, leaving, organisations, posts
from upskill.people.models import Membership, Organisation, User, in_force
from upskill.people.organisations import NewPart
from upskill.people.posts import Post
from upskill.people.services import CodeInUse, add_organisation

NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
BY: dict[str, Any] = {"by": None, "now": NOON}
FIRST = dt.date(2026, 1, 1)
CODES = "abcd"
REFUSED = (
    posts.AccountClosed, posts.OrganisationClosed, posts.CircleOfManagers, posts.HasPostThere, posts.DayTooFar,
    closing.DayOutOfRange, organisations.UnfitSuccessor, organisations.PeopleInBoth, leaving.DayAhead, CodeInUse,
)  # fmt: skip
days = st.integers(0, 500).map(lambda number: FIRST + dt.timedelta(days=number))  # some are planned: after NOON
people, units = st.integers(0, 2), st.integers(0, 3)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("move"), people, units, days, st.one_of(st.none(), people)),
        st.tuples(st.just("further"), people, units, days),
        st.tuples(st.just("leave"), people, days),
        st.tuples(st.just("split"), units, days, people),
        st.tuples(st.just("merge"), units, units, days),
    ),
    max_size=12,
)


def in_circles(day: dt.date) -> set[int | None]:
    """Whoever comes to themselves on the way up through main posts on that day."""
    held = Membership.objects.filter(in_force(day), is_main=True)
    above: dict[int | None, int | None] = dict(held.values_list("person", "line_manager"))
    found = set()
    for person in above:
        step = above[person]
        for _each in above:
            if step == person:
                found.add(person)
            step = above.get(step)
    return found


class World:
    """Four organisations in a line, and three people."""

    def __init__(self) -> None:
        self.units: list[Organisation] = []
        for number, code in enumerate(CODES):
            above = self.units[number - 1] if number % 2 else None
            self.units.append(
                add_organisation(code, code=code, kind=Organisation.Kind.TEAM, parent=above, from_on=FIRST, **BY)
            )
        self.people = [User.objects.create(full_name=f"P{n}", email=f"p{n}@x.uk", joined_at=NOON) for n in range(3)]
        self.splits = 0

    def act(self, what: str, *told: Any) -> None:
        """Do it, if it may be."""
        for unit in self.units:
            unit.refresh_from_db()
        try:
            getattr(self, what)(*told)
        except REFUSED:
            return

    def move(self, person: int, unit: int, day: dt.date, manager: int | None) -> None:
        to = Post(self.units[unit], line_manager=None if manager is None else self.people[manager])
        posts.move(self.people[person], to=to, from_on=day, **BY)
        held = Membership.objects.get(in_force(day), person=self.people[person], is_main=True)
        assert (held.organisation, held.line_manager) == (to.organisation, to.line_manager)

    def further(self, person: int, unit: int, day: dt.date) -> None:
        posts.add_post(self.people[person], to=Post(self.units[unit]), from_on=day, **BY)

    def leave(self, person: int, day: dt.date) -> None:
        leaving.leave(self.people[person], on=day, **BY)

    def split(self, unit: int, day: dt.date, person: int) -> None:
        self.splits += 1
        second = NewPart(f"two-{self.splits}", "Two", people=frozenset([self.people[person].pk]))
        organisations.split(self.units[unit], into=[NewPart(f"one-{self.splits}", "One"), second], on=day, **BY)

    def merge(self, unit: int, into: int, day: dt.date) -> None:
        organisations.merge([self.units[unit]], into=self.units[into], on=day, **BY)


class TestMoves(TestCase):
    @given(told=acts)
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def test_main_posts_never_overlap_and_paths_are_true_whatever_is_told(self, told):
        world = World()

        for act in told:
            world.act(*act)

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for person in world.people:
            line = list(Membership.objects.filter(person=person, is_main=True).order_by("valid_from"))
            assert all(before.valid_to and before.valid_to <= after.valid_from for before, after in pairwise(line))
        for day in {post.valid_from for post in Membership.objects.all()}:
            assert not in_circles(day), f"Somebody is their own line manager on {day}: {told}"
        for unit in Organisation.objects.select_related("parent"):
            assert unit.path == f"{unit.parent.path if unit.parent else ''}{unit.code}/"
            open_posts = Membership.objects.filter(organisation=unit, valid_to=None)
            assert unit.valid_to is None or not open_posts.exists(), f"Somebody works in what is closed: {told}"

    @given(moves=st.lists(st.tuples(units, days), min_size=1, max_size=8))
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def test_moves_alone_leave_no_gap_and_each_day_has_what_was_told_for_it_last(self, moves):
        world = World()
        alice = world.people[0]

        for unit, day in moves:
            posts.move(alice, to=Post(world.units[unit]), from_on=day, **BY)

        line = list(Membership.objects.filter(person=alice).order_by("valid_from"))
        assert all(before.valid_to == after.valid_from for before, after in pairwise(line))
        assert (line[0].valid_from, line[-1].valid_to) == (min(day for _unit, day in moves), None)
