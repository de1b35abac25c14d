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


def test_about_is_what_concerns_one_person_newest_first(django_assert_num_queries):
    alice, terry = PersonFactory(), PersonFactory()
    for event, minutes in (("person.added", 0), ("submission.viewed", 5), ("mark.overridden", 3)):
        audit.record(event, subject=alice, by=terry, at=NOON + dt.timedelta(minutes=minutes), about=alice)
    audit.record("submission.viewed", subject=alice, by=alice, at=NOON, about=terry)
    audit.record("course.published", subject=alice, by=alice, at=NOON)

    with django_assert_num_queries(1):
        trail = [(entry.event, entry.by) for entry in audit.about(alice)]

    assert trail == [("submission.viewed", terry), ("mark.overridden", terry), ("person.added", terry)]
