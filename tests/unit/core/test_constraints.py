"""What the tables of core refuse, whoever asks."""

import hashlib

import pytest
from django.db.models import F

from tests.factories.people import NOON, PersonFactory
from tests.unit.refusing import refused_by
from upskill.core import audit, blobs
from upskill.core.models import AuditEntry, Blob

pytestmark = pytest.mark.django_db

NO_CHANGE = "Cannot update or delete rows from core_auditentry table"


@pytest.fixture
def entry() -> AuditEntry:
    person = PersonFactory()
    return audit.record("person.added", subject=person, by=None, at=NOON, about=person)


def test_audit_entry_cannot_be_changed_one_by_one(entry):
    entry.event = "nothing.happened"

    with refused_by(NO_CHANGE):
        entry.save()

    assert AuditEntry.objects.get().event == "person.added"


def test_audit_entries_cannot_be_changed_in_bulk(entry):
    with refused_by(NO_CHANGE):
        AuditEntry.objects.update(about=None)

    assert AuditEntry.objects.get().about == entry.about


def test_audit_entry_cannot_be_deleted(entry):
    with refused_by(NO_CHANGE):
        entry.delete()

    assert AuditEntry.objects.count() == 1


def test_audit_entries_cannot_be_deleted_in_bulk(entry):
    with refused_by(NO_CHANGE):
        AuditEntry.objects.all()._raw_delete("default")

    assert list(AuditEntry.objects.all()) == [entry]


def test_person_with_an_audit_trail_cannot_be_deleted(entry):
    with pytest.raises(Exception, match="protected foreign keys"):
        entry.about.delete()

    assert AuditEntry.objects.get().about == entry.about


def test_blob_cannot_be_changed():
    sha256 = blobs.store(b"first")

    with refused_by("Cannot update rows from core_blob table"):
        Blob.objects.filter(pk=sha256).update(content=b"second")

    assert blobs.read(sha256) == b"first"


def test_blob_cannot_change_its_size_either():
    blobs.store(b"first")

    with refused_by("Cannot update rows from core_blob table"):
        Blob.objects.update(size=F("size") + 1)

    assert Blob.objects.get().size == 5


@pytest.mark.parametrize(
    "name",
    ["", "abc", "G" * 64, hashlib.sha256(b"x").hexdigest().upper(), hashlib.sha256(b"x").hexdigest()[:-1] + "\n"],
)
def test_blob_is_named_by_64_small_hex_digits(name):
    with refused_by("blob_sha256_is_hex"):
        Blob.objects.create(sha256=name, size=1, content=b"x")

    assert Blob.objects.count() == 0
