"""Skipping preparation that would change nothing: what was last seen is kept by name."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from .models import Stamp


def digest_of(paths: Iterable[Path]) -> str:
    """The digest of the names and contents of these files, and of every file in these folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in [path, *sorted(path.rglob("*"))]:
            if "__pycache__" in file.parts:
                continue
            content = hashlib.sha256(file.read_bytes()).digest() if file.is_file() else b""
            digest.update(f"{file}\0".encode() + content)
    return digest.hexdigest()


def is_unchanged(name: str, *, digest: str) -> bool:
    """True if the same digest was kept for `name` last. One query."""
    return Stamp.objects.filter(name=name, digest=digest).exists()


def keep(name: str, *, digest: str) -> None:
    """Remember this digest for `name`, once what it stands for is done."""
    Stamp.objects.update_or_create(name=name, defaults={"digest": digest})
