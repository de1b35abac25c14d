"""Where the files of Python for the browser lie on this machine, and whether they are all there."""

import fcntl
import os
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from . import manifest

PREFIX = "/browser-runtime/"  # of their addresses
UNFINISHED = ".part"  # of the name of a build that is put together


class State(StrEnum):
    """Whether pages can start Python."""

    THERE = "there"
    COMING = "coming"  # somebody fetches it now
    MISSING = "missing"
    OFF = "off"  # this site does without


def state() -> State:
    """Looked at anew each time: it may have come since."""
    if settings.BROWSER_RUNTIME_DIR is None:
        return State.OFF
    if _is_there(folder()):
        return State.THERE
    return State.COMING if _is_fetched_now(settings.BROWSER_RUNTIME_DIR) else State.MISSING


def folder() -> Path:
    """The folder of the build that this version of the site wants. It exists once it is whole. Not where it is OFF."""
    return folder_of(manifest.read(), Path(settings.BROWSER_RUNTIME_DIR or ""))


def folder_of(build: manifest.Manifest, place: Path) -> Path:
    """The folder of a build among those in `place`."""
    return place / build.build


def lock_of(place: Path) -> Path:
    """Held by whoever fetches into `place`."""
    return place / "fetching.lock"


def _is_there(folder: Path) -> bool:
    """Whether there is such a folder that we may look into."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def _is_fetched_now(place: Path) -> bool:
    try:
        descriptor = os.open(lock_of(place), os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
