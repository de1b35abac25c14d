"""Where the files of Python for the browser lie on this machine, and whether they are all there."""

from enum import StrEnum
from pathlib import Path

from django.conf import settings

from . import manifest


class State(StrEnum):
    """Whether pages can start Python."""

    THERE = "there"
    COMING = "coming"  # somebody began to fetch it
    MISSING = "missing"
    OFF = "off"  # this site does without


def state() -> State:
    """Looked at anew each time: it may have come since."""
    if settings.BROWSER_RUNTIME_DIR is None:
        return State.OFF
    if folder().is_dir():
        return State.THERE
    return State.COMING if unfinished().is_dir() else State.MISSING


def folder() -> Path:
    """The folder of the build that this version of the site wants. It exists once it is whole. Not where it is OFF."""
    return Path(settings.BROWSER_RUNTIME_DIR or "", manifest.read().build)


def unfinished() -> Path:
    """Where that build is put together."""
    return folder().with_suffix(".part")
