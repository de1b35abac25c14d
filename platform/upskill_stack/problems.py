"""What can go wrong with the local stack: one sentence each, with its cure."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StackProblem(Exception):
    """The stack can not start or go on. The text says what happened and what to do next."""


@contextmanager
def in_plain_words(folder: Path) -> Iterator[None]:
    """Turn the operating system's refusals to write into `folder` into a StackProblem."""
    try:
        yield
    except OSError as refusal:
        raise StackProblem(_sentence(refusal, folder)) from refusal


def _sentence(refusal: OSError, folder: Path) -> str:
    place = refusal.filename or folder
    if refusal.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    if refusal.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"Upskill may not write to {place}. Make the data folder {folder} your own (chown), "
            "or set UPSKILL_DATA to a folder of your own, and start again."
        )
    if refusal.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"{place} is a file where a folder is needed. Move it away, or set UPSKILL_DATA to another folder."
    reason = refusal.strerror or refusal
    return f"{place} can not be used: {reason}. Put that right, or set UPSKILL_DATA to another folder."


def disk_full(folder: Path) -> str:
    """Say that the disk under `folder` is full."""
    return (
        f"The disk that holds {folder} is full. Free some space, or set UPSKILL_DATA to a folder on another disk, "
        "and start again."
    )


def tail(log: Path, *, lines: int = 15) -> str:
    """Return the last lines of a log, or nothing when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
