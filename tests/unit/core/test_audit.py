"""The audit trail: who did what, when, to whose record."""

import datetime as dt

import pytest

from tests.factories.people import NOON, OrganisationFactory, PersonFactory
from tests.unit.refusing import act_that_fails
from upskill.core import audit
from upskill.core.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_entry_names_actor_subject_moment_and_details():
    operator, alice, unit = PersonFactory(), PersonFactory(), OrganisationFactory(code="dwp")

    audit.record("person.placed", subject=unit, by=operator, at=NOON, about=alice, path="dwp/")

    assert list(
        AuditEntry.objects.values_list("event", "by", "about", "subject_kind", "subject_id", "at", "details")
    ) == [("person.placed", operator.pk, alice.pk, "people.organisation", str(unit.pk), NOON, {"path": "dwp/"})]


def test_entry_of_the_service_itself_has_no_actor():
    alice = PersonFactory()

    entry = audit.record("evidence.added", subject=alice, by=None, at=NOON)

    assert (entry.by, entry.about, entry.details) == (None, None, {})
    assert str(entry) == f"evidence.added on people.user {alice.pk}"


def test_entry_goes_with_the_act_that_fails():
    alice = PersonFactory()

    with act_that_fails():
        audit.record("person.added", subject=alice, by=None, at=NOON)

    assert AuditEntry.objects.count() == 0


def test_one_look_at_several_records_is_an_entry_about_each(django_assert_num_queries):
    manager, alice, bob = PersonFactory(), PersonFactory(), PersonFactory()

    with django_assert_num_queries(1):
        audit.record_about_each("record.seen", people=[alice, bob], by=manager, at=NOON, page="team")

    assert list(AuditEntry.objects.order_by("pk").values_list("event", "by", "about", "subject_id", "details")) == [
        ("record.seen", manager.pk, alice.pk, str(alice.pk), {"page": "team"}),
        ("record.seen", manager.pk, bob.pk, str(bob.pk), {"page": "team"}),
    ]


def test_what_is_about_a_person_comes_newest_first_and_is_about_nobody_else():
    alice, bob, mary = PersonFactory(), PersonFactory(), PersonFactory()
    for hour, event in enumerate(["mark.given", "levels.viewed", "mark.overridden"]):
        audit.record(event, subject=alice, by=mary, at=NOON + dt.timedelta(hours=hour), about=alice)
    audit.record("levels.viewed", subject=bob, by=mary, at=NOON, about=bob)
    audit.record("course.published", subject=bob, by=alice, at=NOON)

    assert [entry.event for entry in audit.about(alice)] == ["mark.overridden", "levels.viewed", "mark.given"]


def test_two_things_of_one_moment_come_in_the_order_in_which_they_were_written():
    alice = PersonFactory()
    for event in ("submission.received", "job.queued"):
        audit.record(event, subject=alice, by=None, at=NOON, about=alice)

    assert [entry.event for entry in audit.about(alice)] == ["job.queued", "submission.received"]


def test_looks_are_those_of_other_people_and_change_nothing():
    alice, mary = PersonFactory(), PersonFactory()
    for event, by in [
        ("levels.viewed", mary), ("submission.viewed", mary), ("levels.exported", None), ("submission.viewed", alice),
        ("mark.given", None), ("mark.overridden", mary), ("person.reviewed", mary),
    ]:  # fmt: skip
        audit.record(event, subject=alice, by=by, at=NOON, about=alice)

    found = [(entry.event, entry.by) for entry in audit.looks_at(alice)]

    assert found == [("levels.exported", None), ("submission.viewed", mary), ("levels.viewed", mary)]


def test_reading_who_did_it_costs_one_query_however_many(django_assert_num_queries):
    alice = PersonFactory()
    for _ in range(3):
        audit.record("levels.viewed", subject=alice, by=PersonFactory(), at=NOON, about=alice)

    with django_assert_num_queries(1):
        names = {entry.by.full_name for entry in audit.looks_at(alice) if entry.by}

    assert len(names) == 3
