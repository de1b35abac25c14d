"""Who is running: locks on files, which the kernel drops the moment their holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Taken(Exception):
    """Somebody else holds the lock."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock `path` alone, waiting for it as long as it takes."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def alone_at_once(path: Path, *, note: str = "") -> Iterator[None]:
    """Hold the lock `path` alone and leave `note` in its file. Refuses with Taken when anybody holds it."""
    handle = _open(path)
    try:
        _try(handle, fcntl.LOCK_EX)
        os.truncate(handle, 0)
        os.write(handle, note.encode())
        yield
    finally:
        os.close(handle)


class Share:
    """A place among those who hold the lock `path` together. Waits while somebody holds it alone."""

    def __init__(self, path: Path) -> None:
        self._handle = _open(path)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def give_up(self) -> None:
        """Leave the place."""
        os.close(self._handle)


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock `path`, alone or together."""
    try:
        with alone_at_once(path):
            return True
    except Taken:
        return False


def holder(path: Path) -> int | None:
    """The process id that the living holder of `path` wrote into it; None when nobody holds the lock or wrote yet."""
    handle = _open(path)
    try:
        _try(handle, fcntl.LOCK_SH)
    except Taken:
        text = path.read_text().strip()
        return int(text) if text.isdigit() else None
    finally:
        os.close(handle)
    return None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try(handle: int, kind: int) -> None:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise Taken from held
