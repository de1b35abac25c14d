"""A user id without rights for each runner at work, so that runners cannot reach into each other's jobs."""

import fcntl
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

FIRST_UID = 64100
SLOTS = 64


class SandboxRefused(Exception):
    """Learner code cannot be run here as it must be; the message tells the operator why and what to do."""


@dataclass(frozen=True)
class Slot:
    """A user id that no other runner of this machine uses while `lock` is open."""

    uid: int
    lock: int


def take_slot(folder: Path | None = None, *, slots: int = SLOTS) -> Slot | None:
    """A free slot, held until this process ends; None where this process is not root and cannot change its user.

    Runners that share `folder` never share a slot; by default all runners of this machine do.
    """
    if os.geteuid() != 0:
        return None
    folder = folder or Path(tempfile.gettempdir()) / "upskill-slots"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != 0 or folder.is_symlink():
        raise SandboxRefused(f"{folder} belongs to another user. Delete it, then start again.")
    for number in range(slots):
        lock = os.open(folder / str(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return Slot(FIRST_UID + number, lock)
    raise SandboxRefused(f"All {slots} slots of this machine are taken. Run fewer workers.")


def take_pair(folder: Path | None = None, *, slots: int = SLOTS) -> tuple[Slot, Slot] | None:
    """Two free slots, for the learner's side and the judge's; otherwise like `take_slot`."""
    first = take_slot(folder, slots=slots)
    if first is None:
        return None
    try:
        second = take_slot(folder, slots=slots)
    except SandboxRefused:
        os.close(first.lock)
        raise
    assert second is not None  # noqa: S101 (root a moment ago)
    return first, second
