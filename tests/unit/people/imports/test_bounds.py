"""What a file of staff records may not do: close the wrong account, open one, show levels, or hold up the others."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from tests.factories.people import FIRST_DAY, NOON, MembershipFactory, OrganisationFactory, PersonFactory
from upskill.core import outbox
from upskill.core.models import AuditEntry, OutboxMail
from upskill.people import leaving, services
from upskill.people.imports import giving, running
from upskill.people.imports.files import BY_COMMAND
from upskill.people.models import Membership, User

from .files import CODES, as_csv, counts, errors, imported, row, work

pytestmark = pytest.mark.django_db
TODAY, MARCH = NOON.date(), dt.date(2026, 3, 1)


@pytest.fixture
def dep():
    department = OrganisationFactory(code="dep", name="Department")
    OrganisationFactory(code="team", parent=department)
    return department


def line(number: int) -> list[tuple]:
    held = Membership.objects.filter(person__staff_number=f"s{number}", is_main=True).order_by("valid_from")
    return list(held.values_list("organisation__code", "valid_from", "valid_to"))


# --- Who has left ---


@pytest.mark.parametrize("cell", ["=1+1", "A" * 300, "A\u202eB"])
def test_nobody_has_left_whose_row_has_an_error_or_names_them_by_their_address_alone(dep, cell):
    imported(as_csv(row(1), row(2), row(3), row(4)))
    broken, renumbered = row(1), row(2)
    broken[5], renumbered[0] = cell, "2"
    lost = [cell, *row(4)[1:]]

    made = imported(as_csv(broken, renumbered, lost), leavers=True)

    assert (len(errors(made)), counts(made)) == (3, {"ended": 1})
    assert list(User.objects.filter(is_active=False).values_list("staff_number", flat=True)) == ["s3"]


def test_whoever_came_after_the_file_was_given_has_not_left(dep):
    imported(as_csv(row(1), row(2)))
    content = as_csv(row(1))
    made = imported(content, apply=False, leavers=True)
    later = MembershipFactory(
        organisation=dep, person__staff_number="s3", person__joined_at=NOON + dt.timedelta(days=2)
    ).person

    giving.confirm(made, by=None, now=NOON + dt.timedelta(days=6))
    work(made, content=content)

    later.refresh_from_db()
    assert (counts(made), later.is_active) == ({"same": 1, "ended": 1}, True)


def test_post_that_has_not_begun_puts_nobody_in_the_hands_of_its_organisation(dep):
    elsewhere = OrganisationFactory(code="elsewhere")
    coming, going = (
        MembershipFactory(organisation=here, valid_to=TODAY + dt.timedelta(days=9), person__staff_number=number).person
        for here, number in ((elsewhere, "s1"), (dep, "s2"))
    )
    MembershipFactory(organisation=dep, person=coming, valid_from=TODAY + dt.timedelta(days=9))
    MembershipFactory(organisation=elsewhere, person=going, valid_from=TODAY + dt.timedelta(days=9))

    made = imported(as_csv(row(9)), scope=dep, leavers=True)

    assert (counts(made), User.objects.filter(is_active=False).count()) == ({"new": 1}, 0)


def test_account_that_was_suspended_before_its_person_left_stays_closed(dep):
    imported(as_csv(row(1, day="2026-01-01")))
    alice = User.objects.get()
    services.suspend(alice, by=PersonFactory(), now=NOON - dt.timedelta(days=9))
    leaving.leave(alice, on=MARCH, by=None, now=NOON)

    imported(as_csv(row(1)))

    alice.refresh_from_db()
    assert (alice.is_active, line(1)[-1][2]) == (False, None)


# --- Whose account and whose levels ---


@pytest.mark.parametrize("is_head", [True, False])
def test_address_of_a_head_or_a_line_manager_is_not_an_administrators_to_change(dep, is_head):
    boss = MembershipFactory(organisation=dep, person__staff_number="s1", person__full_name="Person 1").person
    if is_head:
        OrganisationFactory(parent=dep, head=boss)
    else:
        MembershipFactory(line_manager=boss, valid_to=TODAY + dt.timedelta(days=1))
    address = boss.email

    made = imported(as_csv(row(1)), scope=dep)
    boss.refresh_from_db()
    delegated = (errors(made), boss.email)
    imported(as_csv(row(1)))

    boss.refresh_from_db()
    assert (delegated, boss.email) == (([(2, "email_of_role_holder", "s1")], address), "s1@example.gov.uk")


def test_old_address_is_told_of_a_new_one_that_an_administrator_gives(dep):
    alice = MembershipFactory(organisation=dep, person__staff_number="s1", person__email="old@example.gov.uk").person

    imported(as_csv(row(1), row(2)), scope=dep)
    alice.refresh_from_db()
    sent = outbox.send_due(now=NOON)

    assert (alice.email, sent, [each.to for each in mail.outbox]) == (
        "s1@example.gov.uk", 1, [["old@example.gov.uk"]],
    )  # fmt: skip
    assert list(OutboxMail.objects.values_list("to", "address")) == [(alice.pk, "")]
    assert "somebody else may be able to sign in as you" in mail.outbox[0].body


def test_nobody_makes_themselves_a_line_manager_by_a_file(dep):
    ada = MembershipFactory(organisation=dep, person__staff_number="s1", person__email="s1@example.gov.uk").person
    MembershipFactory(organisation=dep, person__staff_number="s2", person__email="s2@example.gov.uk", line_manager=ada)
    rows = as_csv(row(1), row(2, manager="s1"), row(3, manager="s1"), row(4, manager="s2"))

    made = imported(rows, scope=dep, by=ada, apply=False)

    assert errors(made) == [(4, "manager_yourself", "s1")]
    User.objects.filter(pk=ada.pk).update(staff_number=None)  # so that their own row takes the account over
    assert errors(imported(rows, scope=dep, by=ada, apply=False)) == [(4, "manager_yourself", "s1")]


def test_past_and_coming_days_elsewhere_are_not_a_delegated_administrators_to_write(dep):
    elsewhere, ahead = OrganisationFactory(code="elsewhere"), TODAY + dt.timedelta(days=30)
    alice = MembershipFactory(
        organisation=elsewhere, valid_to=MARCH, person__staff_number="s1", person__email="s1@example.gov.uk"
    ).person
    MembershipFactory(organisation=dep, person=alice, valid_from=MARCH, valid_to=ahead)
    MembershipFactory(organisation=elsewhere, person=alice, valid_from=ahead)
    before = line(1)

    for day in (FIRST_DAY, ahead):
        made = imported(as_csv(row(1, unit="team", day=day.isoformat())), scope=dep)
        assert (errors(made), line(1)) == ([(2, "day_outside", "s1")], before)
    imported(as_csv(row(1, unit="team", day="2026-06-01")), scope=dep)

    june = dt.date(2026, 6, 1)
    assert line(1)[1:3] == [("dep", MARCH, june), ("team", june, ahead)]


# --- Those behind it ---


def test_import_whose_piece_fails_again_and_again_is_given_up_and_those_behind_it_go_on(dep):
    ada = PersonFactory()

    def given(organisation):
        return giving.give(
            as_csv(row(1)), filename="staff.csv", organisation=organisation, has_leavers=False, by=ada, now=NOON
        )

    first, second = given(dep), given(None)
    begun = [(running.begin(first, now=NOON), running.next_given() == first) for _lost_with_its_process in range(3)]

    assert begun == [(True, True)] * 3
    assert (running.begin(first, now=NOON), running.next_given()) == (False, second)
    first.refresh_from_db()
    assert (first.state, first.content, "could not be checked" in first.summary["refused"]) == ("refused", None, True)
    assert AuditEntry.objects.filter(event="import.refused").count() == 1


def test_piece_that_is_done_forgets_how_often_it_was_tried(dep):
    content = as_csv(row(1))
    made = giving.begin_command("staff.csv", organisation=dep, has_leavers=False, on=TODAY, now=NOON)
    step: dict[str, Any] = {"source": lambda: io.BytesIO(content), "limits": BY_COMMAND, "codes": CODES, "now": NOON}

    for _two_pieces in range(2):
        for _lost_twice in range(3):
            assert running.begin(made, now=NOON)
        running.advance(made, **step)

    assert (made.step, "begun" in made.summary) == ("compare", False)


def test_row_that_the_database_always_refuses_ends_the_import_and_not_the_service(dep):
    made = imported(as_csv(row(1)), apply=False)
    giving.confirm(made, by=None, now=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE people_user ADD CONSTRAINT never CHECK (staff_number IS DISTINCT FROM 's1') NOT VALID"
        )

    work(made, content=as_csv(row(1)))

    assert (made.state, made.summary["given_up"]) == ("refused", True)
    assert "What was done stays" in made.summary["refused"]
