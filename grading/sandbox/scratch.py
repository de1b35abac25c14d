"""A folder for each child to write to, where no mount namespace gives it one. Bounded by whoever watches it."""

import contextlib
import fcntl
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "upskill-learner-"
FOLDERS = ("work", "tmp", "home")  # inside each child's folder
_TOO_MANY = 1 << 20  # more entries than any limit: counting stops there


@dataclass(frozen=True)
class Used:
    """What a folder holds."""

    bytes: int
    entries: int


def make_parent() -> Path:
    """A folder for the folders of many children, whose names only its owner can list.

    It is this process's until it ends: the folders of those that ended without removing theirs are removed first.
    """
    _remove_orphans(Path(tempfile.gettempdir()))
    while True:
        parent = Path(tempfile.mkdtemp(prefix=_PREFIX))
        with contextlib.suppress(FileNotFoundError):  # another process may take it for an orphan until it is locked
            parent.chmod(0o711)
            fcntl.flock(os.open(parent, os.O_RDONLY | os.O_CLOEXEC), fcntl.LOCK_EX)
            if parent.exists():
                return parent


def _remove_orphans(folder: Path) -> None:
    for parent in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, or somebody else removes it just now
            lock = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if os.fstat(lock).st_uid == os.geteuid():
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    remove_parent(parent)
            finally:
                os.close(lock)


def make(parent: Path) -> Path:
    """A folder for one child, with a name nobody can guess."""
    return Path(tempfile.mkdtemp(dir=parent))


def used(folder: Path, *, at_most: int = _TOO_MANY) -> Used:
    """What a child has written so far, counted from outside while it goes on. Links are never followed.

    Counting stops beyond `at_most` entries, and takes a folder that cannot be opened (or lies too deep) for full.
    """
    size = entries = 0
    waiting = [folder]
    while waiting and entries <= at_most:
        try:
            with os.scandir(waiting.pop()) as listed:
                for entry in listed:
                    entries += 1
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
        except FileNotFoundError:
            continue  # removed in the meantime
        except OSError:
            return Used(size, at_most + 1)
    return Used(size, entries)


def remove(folder: Path) -> None:
    """Remove a folder and whatever a child left in it, however deep and however protected. The child must be gone.

    Folders inside are moved to the top before they are emptied, so depth costs nothing; links are never followed.
    """
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        while inner := _empty(top, into=top):
            for name in inner:
                os.chmod(name, 0o700, dir_fd=top)
                place = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=top)
                try:
                    _empty(place, into=top)
                finally:
                    os.close(place)
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)
    folder.rmdir()


def remove_parent(parent: Path) -> None:
    """Remove the folder of `make_parent` with all that is left in it."""
    for folder in list(parent.iterdir()):
        remove(folder)
    shutil.rmtree(parent)


def _empty(place: int, *, into: int) -> list[str]:
    """Remove the files of an open folder and move its folders to another, or leave them if that is the same."""
    folders = []
    for name in os.listdir(place):
        if not stat.S_ISDIR(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=place)
        elif place == into:
            folders.append(name)
        else:
            os.chmod(name, 0o700, dir_fd=place)  # or it cannot be moved
            os.rename(name, secrets.token_hex(16), src_dir_fd=place, dst_dir_fd=into)
    return folders
