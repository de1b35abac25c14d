"""Moves told on time or late, further posts, line managers, leavers; organisations split, merged, closed and led."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories.people import (
    FIRST_DAY,
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
    operator,
    viewer_of,
)
from upskill.core.models import AuditEntry
from upskill.people import closing, leaving, organisations, posts, tokens
from upskill.people.imports import giving
from upskill.people.models import AccessToken, Membership, Organisation, Succession, TokenScope, User
from upskill.people.organisations import NewPart, Share
from upskill.people.posts import Post
from upskill.people.queries import last_place_of
from upskill.people.roles import Role
from upskill.people.services import CodeInUse, NotSuspendable

pytestmark = pytest.mark.django_db
MARCH, JUNE, TODAY = dt.date(2026, 3, 1), dt.date(2026, 6, 1), NOON.date()
BY: dict[str, Any] = {"by": None, "now": NOON}


@pytest.fixture(autouse=True)
def _held_by_the_database():
    """What PostgreSQL looks at when a transaction ends is looked at after each test."""
    yield
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def unit(code: str, parent: Organisation | None = None) -> Organisation:
    made: Organisation = OrganisationFactory(code=code, name=code.upper(), parent=parent)
    return made


def line(person: User) -> list[tuple]:
    """The main posts of somebody: where, from when, until when."""
    held = Membership.objects.filter(person=person, is_main=True).order_by("valid_from")
    return [(post.organisation.code, post.valid_from, post.valid_to) for post in held.select_related("organisation")]


def events() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


# --- Moves ---


def test_move_ends_the_post_before_and_keeps_it():
    a, b = unit("a"), unit("b")
    alice = MembershipFactory(organisation=a).person

    posts.move(alice, to=Post(b, role="data-analyst", persona="creator"), from_on=MARCH, **BY)

    assert line(alice) == [("a", FIRST_DAY, MARCH), ("b", MARCH, None)]
    new = alice.memberships.get(valid_to=None)
    assert (new.role, new.persona, new.is_main) == ("data-analyst", "creator", True)
    assert events() == ["person.placed"]


def test_move_told_afterwards_lasts_until_the_next_one_and_leaves_no_gap():
    a, b, c = unit("a"), unit("b"), unit("c")
    alice = MembershipFactory(organisation=a).person
    posts.move(alice, to=Post(c), from_on=JUNE, **BY)

    posts.move(alice, to=Post(b), from_on=MARCH, **BY)

    assert line(alice) == [("a", FIRST_DAY, MARCH), ("b", MARCH, JUNE), ("c", JUNE, None)]


def test_move_before_the_first_post_and_one_in_a_gap_fill_up_to_the_next_post():
    a, b = unit("a"), unit("b")
    alice = MembershipFactory(organisation=a, valid_from=JUNE).person

    posts.move(alice, to=Post(b), from_on=FIRST_DAY, **BY)

    assert line(alice) == [("b", FIRST_DAY, JUNE), ("a", JUNE, None)]


def test_post_that_began_on_that_day_is_corrected_and_what_it_said_is_in_the_trail():
    a, b = unit("a"), unit("b")
    alice = MembershipFactory(organisation=a).person

    posts.move(alice, to=Post(b, grade="EO"), from_on=FIRST_DAY, **BY)

    assert line(alice) == [("b", FIRST_DAY, None)]
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.about, entry.details) == (
        "post.corrected", alice, {"path": "b/", "manager": None, "old": "a/"},
    )  # fmt: skip


def test_same_move_twice_changes_nothing_the_second_time():
    a, b = unit("a"), unit("b")
    alice = MembershipFactory(organisation=a).person

    first = posts.move(alice, to=Post(b), from_on=MARCH, **BY)
    second = posts.move(alice, to=Post(b), from_on=MARCH, **BY)

    assert (first, len(line(alice)), events()) == (second, 2, ["person.placed"])


def test_moves_that_cannot_be_are_refused_with_a_sentence_and_change_nothing():
    a, closed = unit("a"), OrganisationFactory(code="closed", name="CLOSED", valid_to=MARCH)
    mary = PersonFactory(full_name="Mary")
    alice = MembershipFactory(organisation=a, person__full_name="Alice", line_manager=mary).person
    MembershipFactory(organisation=a, person=mary)
    posts.add_post(mary, to=Post(other := unit("other")), from_on=MARCH, **BY)
    refused = {
        posts.OrganisationClosed: (alice, Post(closed), MARCH),
        posts.CircleOfManagers: (mary, Post(unit("b"), line_manager=alice), MARCH),
        posts.HasPostThere: (mary, Post(other), MARCH),
        posts.DayTooFar: (alice, Post(a, grade="G7"), dt.date(2036, 1, 1)),
    }
    before = (line(alice), line(mary), events())

    for refusal, (person, to, day) in refused.items():
        with pytest.raises(refusal, match=r"\."):
            posts.move(person, to=to, from_on=day, **BY)

    assert (line(alice), line(mary), events()) == before


def test_circle_of_managers_is_one_on_the_days_of_the_move_whatever_is_planned():
    a, later = unit("a"), TODAY + dt.timedelta(days=90)
    mary = MembershipFactory(organisation=a).person
    alice = MembershipFactory(organisation=a, line_manager=mary, valid_to=later).person
    MembershipFactory(organisation=a, person=alice, valid_from=later)

    with pytest.raises(posts.CircleOfManagers):
        posts.change_line_manager(mary, line_manager=alice, from_on=TODAY, **BY)
    posts.change_line_manager(mary, line_manager=alice, from_on=later, **BY)

    with pytest.raises(posts.CircleOfManagers):
        posts.change_line_manager(alice, line_manager=mary, from_on=later, **BY)
    assert [post.line_manager for post in mary.memberships.order_by("valid_from")] == [None, alice]


def test_whoever_left_is_not_moved_on_but_what_was_before_can_still_be_told():
    a, b = unit("a"), unit("b")
    alice = MembershipFactory(organisation=a, person__full_name="Alice").person
    leaving.leave(alice, on=JUNE, **BY)

    for act in (posts.move, posts.add_post):
        with pytest.raises(posts.AccountClosed, match="The account of Alice is closed"):
            act(alice, to=Post(b), from_on=TODAY, **BY)
    posts.move(alice, to=Post(b), from_on=MARCH, **BY)

    assert line(alice) == [("a", FIRST_DAY, MARCH), ("b", MARCH, JUNE)]


def test_further_post_counts_beside_the_main_one_and_ends_by_itself():
    a, b = unit("a"), unit("b")
    alice = MembershipFactory(organisation=a).person

    post = posts.add_post(alice, to=Post(b), from_on=MARCH, **BY)
    posts.end_post(post, on=JUNE, **BY)

    assert line(alice) == [("a", FIRST_DAY, None)]
    post.refresh_from_db()
    assert (post.is_main, post.valid_to, events()) == (False, JUNE, ["person.placed", "person.left"])
    with pytest.raises(posts.IsMainPost):
        posts.end_post(alice.memberships.get(is_main=True), on=JUNE, **BY)


def test_line_manager_changes_from_a_day_and_the_rest_of_the_post_stays():
    alice = MembershipFactory(organisation=unit("a"), grade="EO", job_title="Analyst").person
    mary = PersonFactory()

    posts.change_line_manager(alice, line_manager=mary, from_on=MARCH, **BY)

    new = alice.memberships.get(valid_to=None)
    assert (new.line_manager, new.grade, new.job_title, new.valid_from) == (mary, "EO", "Analyst", MARCH)
    with pytest.raises(posts.NoPost):
        posts.change_line_manager(PersonFactory(), line_manager=mary, from_on=MARCH, **BY)


# --- Leavers ---


def test_leaver_has_no_post_role_token_or_account_and_is_in_the_trail():
    a = unit("a")
    alice = MembershipFactory(organisation=a).person
    posts.add_post(alice, to=Post(unit("b")), from_on=MARCH, **BY)
    RoleGrantFactory(person=alice, role=Role.DEPARTMENT_VIEWER, organisation=a)
    organisations.set_head(a, head=alice, **BY)
    tokens.issue_token(alice, name="Script", scopes=[TokenScope.READ], days=7, now=NOON)

    for _twice in range(2):
        leaving.leave(alice, on=JUNE, by=None, now=NOON)

    alice.refresh_from_db()
    a.refresh_from_db()
    assert [post.valid_to for post in alice.memberships.all()] == [JUNE, JUNE]
    assert (alice.is_active, AccessToken.objects.count()) == (False, 0)
    assert not alice.role_grants.filter(ended_at=None).exists()
    assert a.head is None
    assert sorted(events()) == sorted([
        "person.placed", "organisation.led", "token.issued",
        "person.left", "person.left", "role.ended", "token.revoked", "organisation.head_ended", "person.suspended",
    ])  # fmt: skip


def test_leaver_who_began_on_that_day_was_there_for_it_and_nobody_leaves_tomorrow_or_by_themselves():
    alice = MembershipFactory(valid_from=JUNE).person

    leaving.leave(alice, on=MARCH, by=None, now=NOON)

    assert alice.memberships.get().valid_to == JUNE + dt.timedelta(days=1)
    with pytest.raises(leaving.DayAhead):
        leaving.leave(alice, on=TODAY + dt.timedelta(days=1), by=None, now=NOON)
    olivia = operator()
    with pytest.raises(NotSuspendable):
        leaving.leave(olivia, on=TODAY, by=olivia, now=NOON)


def test_move_that_was_planned_for_a_leaver_is_no_main_post_of_theirs():
    a, planned = unit("a"), TODAY + dt.timedelta(days=90)
    alice = MembershipFactory(organisation=a).person
    posts.move(alice, to=Post(unit("b"), line_manager=PersonFactory()), from_on=planned, **BY)
    posts.move(alice, to=Post(unit("c")), from_on=planned + dt.timedelta(days=1), **BY)

    for _twice in range(2):
        leaving.leave(alice, on=JUNE, **BY)

    assert line(alice) == [("a", FIRST_DAY, JUNE)]
    assert list(alice.memberships.filter(is_main=False).values_list("line_manager", flat=True)) == [None, None]
    assert events().count("person.left") == 3


@pytest.mark.parametrize(("hour", "is_day_there"), [(22, False), (23, True)])
def test_day_begins_when_it_begins_in_london(hour, is_day_there):
    day, now = dt.date(2026, 7, 2), dt.datetime(2026, 7, 1, hour, 30, tzinfo=dt.UTC)
    alice, bob = (MembershipFactory(organisation=OrganisationFactory()).person for _ in range(2))
    acts: list[Callable[[], object]] = [
        lambda: leaving.leave(alice, on=day, by=None, now=now),
        lambda: posts.move(bob, to=Post(unit("b")), from_on=day + posts.FARTHEST, by=None, now=now),
    ]

    for act in acts:
        if is_day_there:
            act()
        else:
            with pytest.raises((leaving.DayAhead, posts.DayTooFar)):
                act()

    given = giving.give(b"a", filename="a.csv", organisation=None, has_leavers=False, by=bob, now=now)
    assert given.on == (day if is_day_there else dt.date(2026, 7, 1))


# --- Organisations ---


def test_split_moves_people_and_parts_and_keeps_what_was():
    top = unit("top")
    old = unit("old", top)
    left, right = unit("left", old), unit("right", old)
    below = unit("below", right)
    alice, bob = (MembershipFactory(organisation=old).person for _ in range(2))
    carl = MembershipFactory(organisation=old, valid_from=JUNE).person
    gone = MembershipFactory(organisation=old, valid_to=MARCH).person
    dora = MembershipFactory(organisation=right).person

    new = organisations.split(
        old,
        into=[NewPart("one", "One"), NewPart("two", "Two", people=frozenset([bob.pk]), parts=frozenset([right.pk]))],
        on=JUNE,
        **BY,
    )

    for each in (old, left, right, below):
        each.refresh_from_db()
    assert [each.path for each in (*new, left, right, below)] == [
        "top/one/", "top/two/", "top/one/left/", "top/two/right/", "top/two/right/below/",
    ]  # fmt: skip
    assert old.valid_to == JUNE
    assert line(alice) == [("old", FIRST_DAY, JUNE), ("one", JUNE, None)]
    assert line(bob) == [("old", FIRST_DAY, JUNE), ("two", JUNE, None)]
    assert (line(carl), line(gone), line(dora)) == (
        [("one", JUNE, None)], [("old", FIRST_DAY, MARCH)], [("right", FIRST_DAY, None)],
    )  # fmt: skip
    assert sorted(Succession.objects.values_list("successor__code", "on")) == [("one", JUNE), ("two", JUNE)]
    assert AuditEntry.objects.filter(about=alice).values_list("event", flat=True).get() == "person.placed"


def test_merger_takes_everybody_along_and_refuses_who_has_a_post_in_both():
    a, b = unit("a"), unit("b")
    alice, bob = MembershipFactory(organisation=a).person, MembershipFactory(organisation=b).person
    post = posts.add_post(bob, to=Post(a), from_on=MARCH, **BY)
    with pytest.raises(organisations.PeopleInBoth, match="1 people have a post in both"):
        organisations.merge([a], into=b, on=JUNE, **BY)
    posts.end_post(post, on=JUNE, **BY)

    organisations.merge([a], into=b, on=JUNE, **BY)

    assert (line(alice), line(bob)) == ([("a", FIRST_DAY, JUNE), ("b", JUNE, None)], [("b", FIRST_DAY, None)])
    a.refresh_from_db()
    assert a.valid_to == JUNE


def test_successors_and_days_that_do_not_fit_are_refused_and_change_nothing():
    a, b = unit("a"), unit("b")
    part, closed = unit("part", a), OrganisationFactory(valid_to=MARCH)
    alice = MembershipFactory(organisation=a).person

    for successor in (a, part, closed):
        with pytest.raises(organisations.UnfitSuccessor):
            organisations.hand_over(a, shares=[Share(successor)], on=JUNE, **BY)
    for day in (FIRST_DAY, TODAY + dt.timedelta(days=1)):
        with pytest.raises(closing.DayOutOfRange):
            organisations.hand_over(a, shares=[Share(b)], on=day, **BY)
    with pytest.raises(CodeInUse):
        organisations.split(a, into=[NewPart("b", "B")], on=JUNE, **BY)

    assert (line(alice), events(), Organisation.objects.filter(valid_to=JUNE).count()) == (
        [("a", FIRST_DAY, None)], [], 0,
    )  # fmt: skip


def test_head_and_name_change_once_and_are_in_the_trail_of_whom_they_concern():
    a, mary, nora = unit("a"), PersonFactory(), PersonFactory()

    for head in (mary, mary, nora, None):
        organisations.set_head(a, head=head, **BY)
    for _twice in range(2):
        organisations.rename(a, name="New name", **BY)

    a.refresh_from_db()
    assert (a.name, a.head) == ("New name", None)
    assert [(entry.event, entry.about) for entry in AuditEntry.objects.order_by("pk")] == [
        ("organisation.led", mary),
        ("organisation.head_ended", mary),
        ("organisation.led", nora),
        ("organisation.head_ended", nora),
        ("organisation.renamed", None),
    ]


def test_viewer_of_what_was_closed_stays_its_viewer_and_no_other():
    a, b = unit("a"), unit("b")
    dev = viewer_of(a)

    organisations.merge([a], into=b, on=JUNE, **BY)

    assert list(dev.role_grants.values_list("organisation__code", "ended_at")) == [("a", None)]


# --- Whose record it is ---


def test_record_is_kept_where_the_last_post_that_has_begun_is_or_the_first_will_be():
    a, b, c = unit("a"), unit("b"), unit("c")
    ahead = timezone.localdate() + dt.timedelta(days=9)
    alice, new = MembershipFactory(organisation=a, valid_to=MARCH).person, PersonFactory()
    before = last_place_of(alice)
    MembershipFactory(person=alice, organisation=b, valid_from=MARCH, valid_to=ahead)
    MembershipFactory(person=alice, organisation=c, valid_from=ahead)
    MembershipFactory(person=new, organisation=b, valid_from=ahead, valid_to=ahead + dt.timedelta(days=9))
    MembershipFactory(person=new, organisation=c, valid_from=ahead + dt.timedelta(days=9))

    assert [before, last_place_of(alice), last_place_of(new), last_place_of(PersonFactory())] == [a, b, b, None]
