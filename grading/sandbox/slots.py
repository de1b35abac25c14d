"""Two user ids without rights for each engine at work, so that what runs for one cannot reach what runs for another."""

import fcntl
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

FIRST_UID = 64100
SLOTS = 32  # engines of one machine
WAITING_PAIRS = 2  # of a slot, with the user ids of the one in use
LAST_UID = FIRST_UID + 2 * SLOTS - 1


class SandboxRefused(Exception):
    """Learner code cannot be run here as it must be; the message tells the operator why and what to do."""


@dataclass(frozen=True)
class Slot:
    """Two user ids that no other engine of this machine uses while `lock` is open."""

    number: int
    lock: int

    @property
    def uids(self) -> tuple[int, int]:
        """The user ids of a learner's side and a judge's."""
        return FIRST_UID + 2 * self.number, FIRST_UID + 2 * self.number + 1


def take_slot(folder: Path | None = None, *, slots: int = SLOTS) -> Slot | None:
    """A free slot, held until this process ends; None where this process is not root and cannot change its user.

    Engines that share `folder` never share a slot; by default all engines of this machine do.
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
            return Slot(number, lock)
    raise SandboxRefused(f"All {slots} slots of this machine are taken. Run fewer workers.")
