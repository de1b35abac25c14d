"""`python -m grading doctor`: whether answers can be marked on this host, and what to do where not."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from grading.engine import Engine, EngineFailed

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_NEEDED = ("nbgrader", "ipython", "ipykernel", "matplotlib-inline")
_LEARNERS = ("numpy", "pandas", "scikit-learn", "matplotlib")


def add(commands: "Commands") -> None:
    """Describe the command's arguments."""
    parser = commands.add_parser("doctor", help="look at this host: can answers be marked here?")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """The exit code is 0 when answers can be marked, 1 when not; each problem comes with its cure."""
    problems = [*_about_packages()]
    print(f"Python {platform.python_version()} on Linux {platform.release()}, {platform.machine()}")
    print(f"GRADER_ISOLATION: {os.environ.get('GRADER_ISOLATION') or 'not set: the best wall that can be proved'}")
    began = time.monotonic()
    try:
        with Engine() as marker:
            print(f"The engine starts in {time.monotonic() - began:.1f} seconds, mode {marker.isolation}")
    except EngineFailed as problem:
        problems.append(f"The engine does not start: {problem}")
    for sentence in problems:
        print(sentence, file=sys.stderr)
    return 1 if problems else 0


def _about_packages() -> Iterator[str]:
    for name in (*_NEEDED, *_LEARNERS):
        try:
            print(f"{name} {version(name)}")
        except PackageNotFoundError:
            what = "marking" if name in _NEEDED else "exercises that import it"
            yield f"{name} is not installed, so {what} will fail. Install what requirements/site.txt names."
