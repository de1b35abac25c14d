"""Staff records become people and posts; the same file again changes nothing; what is wrong is said by row."""

import datetime as dt
import io

import pytest
from django.db import connection, transaction

from tests.factories.people import (
    FIRST_DAY,
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    RoleGrantFactory,
)
from upskill.core.models import AuditEntry
from upskill.people import leaving, posts
from upskill.people.imports import giving, running
from upskill.people.imports.errors import JUDGING, READING, in_words
from upskill.people.imports.files import BY_COMMAND, Limits
from upskill.people.models import ImportRow, Membership, Organisation, PeopleImport, User
from upskill.people.posts import Post
from upskill.people.roles import Role

from .files import CODES, as_csv, as_xlsx, counts, errors, everything, imported, row, work

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
MARCH = dt.date(2026, 3, 1)


@pytest.fixture
def dep():
    department = OrganisationFactory(code="dep", name="Department")
    OrganisationFactory(code="team", parent=department)
    return department


def line(number: int) -> list[tuple]:
    held = Membership.objects.filter(person__staff_number=f"s{number}", is_main=True).order_by("valid_from")
    return list(held.values_list("organisation__code", "valid_from", "valid_to"))


STAFF = [row(1, grade="SCS", day="2026-01-01"), row(2, unit="team", manager="s1", title="Analyst", day="2026-03-01"),
         row(3, unit="team", manager="s2")]  # fmt: skip


@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_new_people_are_added_with_posts_and_line_managers_wherever_those_stand_in_the_file(dep, written):
    made = imported(written(*reversed(STAFF)))

    assert (made.state, counts(made), errors(made)) == ("applied", {"new": 3}, [])
    said = everything()
    assert said["people"] == [(f"s{n}", f"s{n}@example.gov.uk", f"Person {n}", True) for n in (1, 2, 3)]
    assert said["posts"] == [
        ("s1", "dep", None, "", "SCS", "", "", "", True, FIRST_DAY, None),
        ("s2", "team", "s1", "Analyst", "EO", "", "", "", True, MARCH, None),
        ("s3", "team", "s2", "", "EO", "", "", "", True, TODAY, None),
    ]
    assert said["trail"] == sorted((event, f"s{n}") for event in ("person.added", "person.placed") for n in (1, 2, 3))
    assert (ImportRow.objects.count(), made.summary.keys()) == (0, {"counts", "errors", "error_count"})


def test_posts_are_no_longer_held_to_be_none_once_the_first_are_added(dep):
    """Of a table that was empty, but for rows that did not last, PostgreSQL would read each for each, for hours."""
    with transaction.atomic():
        MembershipFactory.create_batch(3, organisation=dep)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_membership")

    imported(as_csv(*STAFF))

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'people_membership'::regclass")
        assert cursor.fetchall() == [(3.0,)]


def test_same_file_again_changes_nothing(dep):
    imported(as_csv(*STAFF))
    before = everything()

    made = imported(as_csv(*STAFF))

    assert (counts(made), everything() == before) == ({"same": 3}, True)


def test_dry_run_says_what_would_change_and_changes_nothing(dep):
    imported(as_csv(*STAFF))
    before = everything()
    bob, carl = row(2, unit="dep", manager="s1", title="Analyst", day="2026-05-01"), row(3, unit="team", manager="s1")
    bob[1] = "Robert 2"

    made = imported(as_csv(bob, carl, row(4)), apply=False, leavers=True)

    assert (made.state, counts(made)) == ("checked", {"new": 1, "moved": 1, "changed": 1, "ended": 1})
    assert made.summary["examples"] == {
        "new": [[4, "Person 4", "", "dep"]], "back": [], "moved": [[2, "Robert 2", "team", "dep"]],
        "changed": [[3, "Person 3", "team", "team"]], "ended": [[0, "Person 1", "", ""]],
    }  # fmt: skip
    assert everything() == before


def test_move_name_and_address_follow_the_file_and_columns_that_it_lacks_stay(dep):
    imported(as_csv(*STAFF))
    heading = ("staff_number", "full_name", "email", "organisation", "from", "head_of")
    told = ["s2", "Robert", "robert@example.gov.uk", "dep", "2026-05-01", "team"]

    for _twice in range(2):
        made = imported(as_csv(told, heading=heading))

    said = everything()
    assert said["posts"][1:3] == [
        ("s2", "team", "s1", "Analyst", "EO", "", "", "", True, MARCH, dt.date(2026, 5, 1)),
        ("s2", "dep", "s1", "Analyst", "EO", "", "", "", True, dt.date(2026, 5, 1), None),
    ]
    assert ("s2", "robert@example.gov.uk", "Robert", True) in said["people"]
    assert (said["heads"], counts(made)) == ([("team", "s2")], {"same": 1})
    changed = AuditEntry.objects.get(event="person.changed")
    assert changed.details == {"fields": ["full_name", "email"]}


def test_late_row_is_put_in_its_place_and_a_row_of_the_same_day_corrects(dep):
    imported(as_csv(row(1, day="2026-01-01")))
    imported(as_csv(row(1, unit="team", day="2026-06-01")))

    imported(as_csv(row(1, title="Late", day="2026-03-01")))
    imported(as_csv(row(1, title="Mended", day="2026-03-01")))

    assert line(1) == [
        ("dep", FIRST_DAY, MARCH),
        ("dep", MARCH, dt.date(2026, 6, 1)),
        ("team", dt.date(2026, 6, 1), None),
    ]
    assert Membership.objects.get(valid_from=MARCH).job_title == "Mended"
    assert AuditEntry.objects.filter(event="post.corrected").count() == 1


def test_whoever_is_not_in_the_file_leaves_and_comes_back_with_the_next_one(dep):
    imported(as_csv(*STAFF))
    outside = MembershipFactory(organisation=dep, person__staff_number=None).person

    gone = imported(as_csv(*STAFF[:2]), leavers=True)
    after = (line(3), User.objects.get(staff_number="s3").is_active)
    back = imported(as_csv(*STAFF), leavers=True)

    assert (counts(gone), after) == ({"same": 2, "ended": 1}, ([("team", TODAY, TODAY + dt.timedelta(days=1))], False))
    outside.refresh_from_db()
    assert (outside.is_active, counts(back)) == (True, {"same": 3})  # their day is not over yet


def test_account_of_somebody_who_had_left_opens_again_and_a_suspended_one_stays_closed(dep):
    imported(as_csv(row(1, day="2026-01-01"), row(2, day="2026-01-01")))
    alice, bob = User.objects.get(staff_number="s1"), User.objects.get(staff_number="s2")
    leaving.leave(alice, on=MARCH, by=None, now=NOON)
    User.objects.filter(pk=bob.pk).update(is_active=False)

    for _twice in range(2):
        made = imported(as_csv(row(1, day="2026-01-01"), row(2, day="2026-01-01")))

    assert line(1) == [("dep", FIRST_DAY, MARCH), ("dep", MARCH, None)]
    assert list(User.objects.order_by("staff_number").values_list("is_active", flat=True)) == [True, False]
    assert counts(made) == {"same": 2}


def test_account_of_a_leaver_for_whom_a_move_was_planned_opens_again_and_the_move_is_forgotten(dep):
    planned = TODAY + dt.timedelta(days=90)
    imported(as_csv(row(1, day="2026-01-01")))
    alice, team = User.objects.get(staff_number="s1"), Organisation.objects.get(code="team")
    posts.move(alice, to=Post(team), from_on=planned, by=None, now=NOON)
    leaving.leave(alice, on=MARCH, by=None, now=NOON)

    made = imported(as_csv(row(1)), apply=False)
    giving.confirm(made, by=None, now=NOON)
    checked = counts(made)
    work(made, content=as_csv(row(1)))

    alice.refresh_from_db()
    assert (checked, alice.is_active) == ({"back": 1}, True)
    assert line(1) == [("dep", FIRST_DAY, MARCH), ("dep", TODAY, None)]


def test_account_without_a_staff_number_is_taken_over_by_its_address(dep):
    alice = PersonFactory(email="s1@example.gov.uk", full_name="Alice")

    imported(as_csv(row(1)))

    alice.refresh_from_db()
    assert (alice.staff_number, alice.full_name, User.objects.count()) == ("s1", "Person 1", 1)


# --- What is wrong, by row ---

FULL = ("staff_number", "full_name", "email", "organisation", "line_manager", "job_title", "role", "persona", "from")


def full(number: int, **said: str) -> list[str]:
    told = {"staff_number": f"s{number}", "full_name": "A", "email": f"s{number}@example.gov.uk", "organisation": "dep"}
    return [(told | said).get(name, "") for name in FULL]


WRONG = {
    "missing": ({"full_name": ""}, "full_name"),
    "formula": ({"job_title": "=1+1"}, "job_title"),
    "unprintable": ({"full_name": "A\u202eB"}, "full_name"),
    "too_long": ({"full_name": "A" * 100_000}, "full_name"),
    "staff_number": ({"staff_number": "s 1"}, "s 1"),
    "email": ({"email": "nobody"}, "nobody"),
    "email_domain": ({"email": "s9@evilgov.uk"}, "s9@evilgov.uk"),
    "day": ({"from": "31/02/2026"}, "31/02/2026"),
    "role": ({"role": "king"}, "king"),
    "persona": ({"persona": "queen"}, "queen"),
    "own_manager": ({"line_manager": "s9"}, ""),
    "no_organisation": ({"organisation": "nowhere"}, "nowhere"),
    "no_manager": ({"line_manager": "s77"}, "s77"),
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_row_with_an_error_is_left_out_and_the_others_are_carried_out(dep, code):
    said, detail = WRONG[code]
    good = full(1, role="data-analyst", persona="creator", **{"from": "27/03/2026"})
    limit = 64 * 1024
    if len(str(said)) > limit:
        said = {"full_name": "A" * 300}

    made = imported(as_csv(good, full(9, **said), heading=FULL))

    assert (errors(made), counts(made)) == ([(3, code, detail)], {"new": 1})
    post = Membership.objects.get()
    assert (post.role, post.persona, post.valid_from) == ("data-analyst", "creator", dt.date(2026, 3, 27))


def test_doubles_taken_addresses_erased_accounts_further_posts_and_cells_too_many_are_errors(dep):
    PersonFactory(email="taken@example.gov.uk", staff_number="s99")
    PersonFactory(email=None, staff_number="s98")
    other = MembershipFactory(organisation=dep, is_main=False, person__staff_number="s97").person
    User.objects.filter(pk=other.pk).update(email="s97@example.gov.uk")
    twice, taken = row(5), row(6)
    twice[0], taken[2] = "s6", "taken@example.gov.uk"

    made = imported(as_csv(row(1), twice, taken, row(98), row(97), [*row(3), "", "more"], row(4), row(4)))

    assert errors(made) == [
        (3, "number_twice", "s6"), (4, "number_twice", "s6"), (5, "person_erased", "s98"), (6, "post_there", "dep"),
        (7, "cells", ""), (8, "number_twice", "s4"), (9, "number_twice", "s4"),
    ]  # fmt: skip
    assert counts(made) == {"new": 1}
    again = imported(as_csv(taken, [*row(7)[:2], "s8@example.gov.uk", *row(7)[3:]], row(8)), apply=False)
    assert errors(again) == [
        (2, "email_taken", "taken@example.gov.uk"),
        (3, "email_twice", "s8@example.gov.uk"),
        (4, "email_twice", "s8@example.gov.uk"),
    ]


def test_circle_of_line_managers_is_an_error_of_each_in_it_also_over_people_who_are_not_in_the_file(dep):
    top = MembershipFactory(organisation=dep, person__staff_number="s1").person
    middle = MembershipFactory(organisation=dep, line_manager=top).person
    MembershipFactory(
        organisation=dep, line_manager=middle, person__staff_number="s2", person__email="s2@example.gov.uk"
    )
    User.objects.filter(staff_number="s1").update(email="s1@example.gov.uk", full_name="Person 1")
    new = [row(5, manager="s7"), row(6, manager="s5"), row(7, manager="s6"), row(8, manager="s7"), row(9)]

    made = imported(as_csv(row(1, manager="s2"), *new), apply=False)

    assert errors(made) == [
        (2, "circle", "s2"), (3, "circle", "s7"), (4, "circle", "s5"), (5, "circle", "s6"),
        (6, "manager_in_error", "s7"),
    ]  # fmt: skip


def test_nobody_reports_to_whoever_left_or_to_a_new_person_whose_own_row_is_wrong(dep):
    MembershipFactory(organisation=dep, person__staff_number="s9", person__is_active=False)
    broken = row(2)
    broken[2] = "nobody"

    made = imported(as_csv(row(1, manager="s9"), broken, row(3, manager="s2"), row(4)))

    assert errors(made) == [(2, "manager_left", "s9"), (3, "email", "nobody"), (4, "no_manager", "s2")]
    assert line(4) == [("dep", TODAY, None)]


def test_post_cannot_go_on_in_an_organisation_that_ended_since_the_day_of_the_file(dep):
    Organisation.objects.filter(code="team").update(valid_to=(ended := TODAY + dt.timedelta(days=1)))
    bob = MembershipFactory(organisation=dep, person__staff_number="s2", valid_to=ended).person
    MembershipFactory(organisation=dep, person=bob, valid_from=ended)

    made = imported(as_csv(row(1, unit="team"), row(2, unit="team"), row(3)))

    assert (errors(made), line(1)) == ([(2, "organisation_ended", "team")], [])
    assert line(2) == [("dep", FIRST_DAY, TODAY), ("team", TODAY, ended), ("dep", ended, None)]


def test_planned_moves_hide_no_circle_of_line_managers_and_make_no_manager_a_stranger(dep):
    elsewhere, later = OrganisationFactory(code="elsewhere"), TODAY + dt.timedelta(days=90)
    mary = MembershipFactory(organisation=elsewhere, person__staff_number="s50").person
    bob = PersonFactory(staff_number="s2", email="s2@example.gov.uk")
    MembershipFactory(organisation=dep, person=bob, line_manager=mary, valid_to=later)
    MembershipFactory(organisation=dep, person=bob, valid_from=later)
    top = MembershipFactory(organisation=dep, line_manager=bob, valid_to=later, person__staff_number="s9").person
    MembershipFactory(organisation=dep, person=top, valid_from=later)

    kept = imported(as_csv(row(2, manager="s50")), scope=dep, apply=False)
    made = imported(as_csv(row(2, manager="s9")), apply=False)

    assert (errors(kept), errors(made)) == ([], [(2, "circle", "s9")])


def test_a_thousand_errors_are_kept_and_all_are_counted(dep):
    made = imported(as_csv(*[row(number, unit="nowhere") for number in range(1_005)]), apply=False)

    assert (len(errors(made)), made.summary["error_count"]) == (1_000, 1_005)


def test_every_error_has_its_words():
    for code in READING | JUDGING:
        what, cure = in_words(code, detail="<b>{what}")
        assert (what[-1], cure[-1]) == (".", ".")


# --- Delegated ---


def test_rows_that_name_a_person_or_unit_outside_are_errors_of_a_delegated_import(dep):
    elsewhere = OrganisationFactory(code="elsewhere")
    MembershipFactory(organisation=elsewhere, person__staff_number="s1")
    MembershipFactory(organisation=elsewhere, person__staff_number="s50")
    PersonFactory(staff_number="s7", email="s7@example.gov.uk")  # an account without any post is nobody's to take
    inside = MembershipFactory(organisation=dep, person__staff_number="s4", person__email="old@example.gov.uk").person
    RoleGrantFactory(person=inside, role=Role.OPERATOR)
    rows = [row(1), row(2, unit="elsewhere"), row(3, manager="s50"), row(4), row(5, unit="team"), row(7)]

    made = imported(as_csv(*rows), scope=dep, leavers=True)

    assert errors(made) == [
        (2, "person_outside", "s1"), (3, "organisation_outside", "elsewhere"), (4, "manager_outside", "s50"),
        (5, "email_of_role_holder", "s4"), (7, "person_outside", "s7"),
    ]  # fmt: skip
    assert counts(made) == {"new": 1}
    assert list(User.objects.filter(is_active=False)) == []


def test_leavers_of_a_delegated_import_are_those_of_its_organisation_whose_roles_end_there(dep):
    elsewhere = OrganisationFactory(code="elsewhere")
    MembershipFactory(organisation=elsewhere, person__staff_number="s1")
    MembershipFactory(organisation=dep, person__staff_number="s2")
    boss = MembershipFactory(organisation=dep, person__staff_number="s3").person
    RoleGrantFactory(person=boss, role=Role.OPERATOR)
    viewer = MembershipFactory(organisation=dep, person__staff_number="s4").person
    RoleGrantFactory(person=viewer, role=Role.DEPARTMENT_VIEWER, organisation=dep)

    made = imported(as_csv(row(9)), scope=dep, leavers=True)

    assert counts(made) == {"new": 1, "ended": 2}
    assert set(User.objects.filter(is_active=False).values_list("staff_number", flat=True)) == {"s2", "s4"}


# --- Lost on the way ---


def work_until(made: PeopleImport, step: str, *, content: bytes, state: str = "applying", limits: Limits = BY_COMMAND):
    """Check the file, confirm it where that is asked for, and stop before this step."""
    while (made.state, made.step) != (state, step):
        if made.state == "checked":
            giving.confirm(made, by=None, now=NOON)
            made.refresh_from_db()
        else:
            running.advance(made, source=lambda: io.BytesIO(content), limits=limits, codes=CODES, now=NOON)


@pytest.mark.parametrize(("state", "step"), [(state, step) for state, steps in running.STEPS.items() for step in steps])
def test_rows_that_the_database_lost_at_any_step_are_read_again_and_nobody_leaves_for_it(dep, monkeypatch, state, step):
    monkeypatch.setattr(running, "PIECE", 2)
    imported(as_csv(*STAFF, row(9)))
    content = as_csv(*STAFF, row(4, unit="team", manager="s1"))
    made = giving.begin_command("staff.csv", organisation=None, has_leavers=True, on=TODAY, now=NOON)
    work_until(made, step, content=content, state=state)
    ImportRow.objects.all().delete()  # as a crash does to a table that is not logged

    work(made, content=content)
    if made.state == "checked":
        giving.confirm(made, by=None, now=NOON)
        work(made, content=content)

    assert (made.state, errors(made), counts(made)["ended"]) == ("applied", [], 1)
    assert list(User.objects.order_by("staff_number").values_list("staff_number", "is_active")) == [
        ("s1", True), ("s2", True), ("s3", True), ("s4", True), ("s9", False),
    ]  # fmt: skip
    assert line(4) == [("team", TODAY, None)]


def test_rows_that_are_read_again_have_the_numbers_of_the_file(dep, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 2)
    limits = Limits(size=1_000_000, rows=4, sheet_rows=4)
    content = as_csv(*STAFF, row(4, unit="nowhere"))
    made = giving.begin_command("staff.csv", organisation=None, has_leavers=False, on=TODAY, now=NOON)
    work_until(made, "judge", content=content, state="checking", limits=limits)
    ImportRow.objects.all().delete()

    work(made, content=content, limits=limits)

    assert (made.state, errors(made)) == ("checked", [(5, "no_organisation", "nowhere")])


def test_what_somebody_else_did_meanwhile_is_judged_anew(dep, monkeypatch):
    monkeypatch.setattr(running, "PIECE", 2)
    content = as_csv(*STAFF)
    made = giving.begin_command("staff.csv", organisation=None, has_leavers=False, on=TODAY, now=NOON)
    work_until(made, "people", content=content)
    PersonFactory(email="s3@example.gov.uk", staff_number="another")
    work(made, content=content)

    assert (made.state, errors(made)) == ("applied", [(4, "email_taken", "s3@example.gov.uk")])
    assert User.objects.filter(staff_number__in=["s1", "s2", "s3"]).count() == 2
