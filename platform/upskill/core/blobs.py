"""Bytes stored once, by their SHA-256."""

import hashlib

from .models import Blob


def store(content: bytes) -> str:
    """The SHA-256 under which `content` is now stored. Safe to repeat; one row however often."""
    sha256 = hashlib.sha256(content).hexdigest()
    Blob.objects.bulk_create([Blob(sha256=sha256, size=len(content), content=content)], ignore_conflicts=True)
    return sha256


def read(sha256: str) -> bytes:
    """The bytes stored under `sha256`."""
    return bytes(Blob.objects.values_list("content", flat=True).get(pk=sha256))


def read_all(names: dict[str, str]) -> dict[str, bytes]:
    """File name -> bytes, for a mapping of file name -> SHA-256. One query."""
    found = {blob.pk: bytes(blob.content) for blob in Blob.objects.filter(pk__in=names.values())}
    return {name: found[sha256] for name, sha256 in names.items()}
