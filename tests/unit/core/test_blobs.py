"""Bytes stored once, by what they are."""

import hashlib

import pytest

from upskill.core import blobs
from upskill.core.models import Blob

pytestmark = pytest.mark.django_db


def test_store_names_bytes_by_their_sha256():
    content = bytes(range(256))

    sha256 = blobs.store(content)

    assert sha256 == hashlib.sha256(content).hexdigest()
    assert blobs.read(sha256) == content
    assert Blob.objects.get().size == 256


def test_store_keeps_equal_bytes_once():
    names = {blobs.store(b"same") for _ in range(3)}

    assert len(names) == 1
    assert Blob.objects.count() == 1


def test_store_takes_no_bytes_at_all():
    assert blobs.read(blobs.store(b"")) == b""


def test_read_of_unknown_bytes_is_refused():
    with pytest.raises(Blob.DoesNotExist):
        blobs.read("0" * 64)


def test_read_all_gives_each_file_its_bytes_in_one_query(django_assert_num_queries):
    files = {"a.csv": blobs.store(b"a"), "b.csv": blobs.store(b"b"), "again.csv": blobs.store(b"a")}

    with django_assert_num_queries(1):
        contents = blobs.read_all(files)

    assert contents == {"a.csv": b"a", "b.csv": b"b", "again.csv": b"a"}


def test_read_all_of_nothing_is_nothing():
    assert blobs.read_all({}) == {}
