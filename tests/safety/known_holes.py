"""Asks pip-audit whether a locked package has a known hole: python -m tests.safety.known_holes

Exit status 1 names each hole. 3 says why nothing could be known: without a database that knows our packages, silence
would look like safety.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from tests.repository.tree import ROOT

LOCKS = ["requirements/site.txt", "requirements/embedded.txt", "requirements/test.txt"]
FOUND, NOT_RUN = 1, 3
SECONDS = 300


@dataclass(frozen=True)
class Answer:
    """What is known: each hole in a line, and how many packages the database knew."""

    holes: list[str]
    known: int
    asked: int


def read(text: str) -> Answer:
    """pip-audit's answer. Raises ValueError for anything else."""
    packages = json.loads(text)["dependencies"]
    known = [package for package in packages if "skip_reason" not in package]
    holes = [_line(package, hole) for package in known for hole in package["vulns"]]
    return Answer(holes, known=len(known), asked=len(packages))


def _line(package: dict[str, Any], hole: dict[str, Any]) -> str:
    mended = ", ".join(hole["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}"


def told(answer: Answer) -> tuple[int, str]:
    """Exit status and words. A package that the database does not know is no proof of anything."""
    if answer.holes:
        return FOUND, "\n".join(answer.holes)
    if answer.known < answer.asked or not answer.asked:
        unknown = answer.asked - answer.known
        return NOT_RUN, f"not run: the database of known holes knew nothing of {unknown} of {answer.asked} packages."
    return 0, f"{answer.known} packages, no known hole"


def main() -> int:
    """The exit status; what is known is printed."""
    locks = [word for lock in LOCKS for word in ("--requirement", lock)]
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner",
        "off",
        *locks,
    ]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS)
        status, words = told(read(done.stdout))
    except (ValueError, KeyError, subprocess.TimeoutExpired) as problem:
        status, words = NOT_RUN, f"not run: pip-audit gave no answer ({type(problem).__name__}). Is there a network?"
    print(words)
    return status


if __name__ == "__main__":
    sys.exit(main())
