"""certificate.json beside an exercise: what was tried, on which content, with which engine and libraries.

It names no day and no duration, so that the same content always has the same certificate. Whoever can change an
exercise can change its certificate: it spares marking again what has not changed, and is no proof against its author.
"""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import grading
from upskill.authoring.parity.answers import SOLUTION, UNTOUCHED
from upskill.authoring.parity.exercises import Exercise
from upskill.catalogue.course_files.fingerprint import fingerprint

from .exercise import Examined

FILE = "certificate.json"
EDITION = 1  # of the tricks and of what is asked of answers: raised, every exercise is tried again


@dataclass(frozen=True)
class Certificate:
    """What the gate found when an exercise passed it."""

    exercise: str
    sha256: str
    engine: str
    python: str
    libraries: dict[str, str]
    answers: dict[str, dict[str, Any]]  # name -> points, and the check that it loses
    guarded: list[str]  # the checks with hidden tests
    tricks: dict[str, int]  # kind -> how many were held; empty where no check has hidden tests

    @property
    def caught(self) -> int:
        """How many typical wrong answers lose exactly the check that they should."""
        return len(self.answers.keys() - {SOLUTION, UNTOUCHED})

    @property
    def held(self) -> int:
        """How many tricks got full marks of no check with hidden tests."""
        return sum(self.tricks.values())


def content_sha256(exercise: Exercise) -> str:
    """Names everything that decides whether an exercise passes: its notebook, limits, data and wrong answers."""
    content = exercise.content
    return fingerprint(
        {
            "edition": EDITION,
            "source": content.source,
            "limits": content.limits,
            "pass": str(content.pass_share),
            "hidden_messages": content.hidden_messages,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in content.files.items()},
            "wrong": {path.name: path.read_text(encoding="utf-8-sig") for path in _wrong(exercise)},
        }
    )


def certificate_of(examined: Examined) -> Certificate:
    """The certificate of an exercise that passed."""
    provenance = examined.known[0].verdicts[0].provenance
    kinds = Counter(str(each.trick.kind) for each in examined.tried) if examined.guarded else Counter()
    return Certificate(
        exercise=examined.exercise.name,
        sha256=content_sha256(examined.exercise),
        engine=provenance.engine_version,
        python=provenance.python,
        libraries=dict(sorted(provenance.libraries.items())),
        answers={
            each.name: {"points": each.points} | ({"loses": each.wrong.check} if each.wrong else {})
            for each in examined.known
        },
        guarded=list(examined.guarded),
        tricks=dict(kinds),
    )


def write(certificate: Certificate, *, folder: Path) -> None:
    """Put the certificate beside its exercise."""
    text = json.dumps(asdict(certificate), indent=2, ensure_ascii=False) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")


def matching(exercise: Exercise) -> Certificate | None:
    """The certificate of an exercise whose content, engine and libraries are still those it was given for."""
    found = _read(exercise.folder / FILE)
    if found is None or found.sha256 != content_sha256(exercise):
        return None
    is_same = found.engine == grading.__version__ and all(_has(name, at) for name, at in found.libraries.items())
    return found if is_same else None


def _read(file: Path) -> Certificate | None:
    """What a file says; None for one that is not there or that the gate did not write."""
    try:
        return Certificate(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _has(package: str, at: str) -> bool:
    try:
        return version(package) == at
    except PackageNotFoundError:
        return False


def _wrong(exercise: Exercise) -> list[Path]:
    return sorted((exercise.folder / "wrong").glob("*.py"))
