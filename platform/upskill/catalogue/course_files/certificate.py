"""certificate.json beside an exercise, as the gate writes it: what was tried, on which content, by which engine.

It names no day and no duration, so that the same content always has the same certificate. Whoever can change an
exercise can change its certificate: it is no proof against its author (decision 0033).
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from .fingerprint import fingerprint
from .mistakes import Mistake
from .shape import Checked, ExerciseContent

FILE = "certificate.json"
LARGEST_BYTES = 256 * 1024
SOLUTION, UNTOUCHED = "solution", "untouched"  # what the two answers are called that every exercise has
_FORM = 1  # of the digest below
_CURE = (
    "Run manage.py check_course and load the course again: until then it can be practised, and not be handed in. "
    "An operator may load it with --unchecked."
)


_HOLDABLE = r"\A[^\x00-\x1f\x7f\ud800-\udfff]*\Z"  # by the database, and on a page
_TEXT = {"type": "string", "maxLength": 200, "pattern": _HOLDABLE}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 1_000_000}


def _by_name(values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "propertyNames": _TEXT, "additionalProperties": values, "maxProperties": 200}


_ANSWER = {
    "type": "object",
    "properties": {"points": {"type": "number", "minimum": 0, "maximum": 1_000_000}, "loses": _TEXT},
    "required": ["points"],
    "additionalProperties": False,
}
_BROWSER = {
    "type": ["object", "null"],
    "properties": {"pyodide": _TEXT, "checks": _COUNT},
    "required": ["pyodide", "checks"],
    "additionalProperties": False,
}
_KEYS: dict[str, Any] = {
    "exercise": _TEXT,
    "sha256": _TEXT,
    "engine": _TEXT,
    "python": _TEXT,
    "libraries": _by_name(_TEXT),
    "answers": _by_name(_ANSWER),
    "guarded": {"type": "array", "items": _TEXT, "maxItems": 200},
    "tricks": _by_name(_COUNT),
    "edition": _COUNT,
    "browser": _BROWSER,
}
_LATER = {"edition", "browser"}  # the first certificates have none of these
_SHAPE = Draft202012Validator(
    {
        "type": "object",
        "properties": _KEYS,
        "required": [key for key in _KEYS if key not in _LATER],
        "additionalProperties": False,
    }
)


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
    edition: int = 1  # of the tricks and of what is asked of answers
    browser: dict[str, Any] | None = None  # where it was compared: Pyodide, and how many results were equal

    @property
    def caught(self) -> int:
        """How many typical wrong answers lose exactly the check that they should."""
        return len(self.answers.keys() - {SOLUTION, UNTOUCHED})

    @property
    def held(self) -> int:
        """How many tricks got full marks of no check with hidden tests."""
        return sum(self.tricks.values())


def content_sha256(exercise: ExerciseContent, *, folder: Path) -> str:
    """Names everything that decides whether an exercise passes: its notebook, limits, data and wrong answers."""
    return fingerprint(
        {
            "edition": _FORM,
            "source": exercise.source,
            "limits": exercise.limits,
            "pass": str(exercise.pass_share),
            "hidden_messages": exercise.hidden_messages,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in exercise.files.items()},
            "wrong": {path.name: path.read_text(encoding="utf-8-sig") for path in sorted(folder.glob("wrong/*.py"))},
        }
    )


def read_certificate(folder: Path) -> Certificate | None:
    """The certificate in an exercise's folder; None where there is none, or the gate did not write it."""
    facts = _facts(folder / FILE)
    return Certificate(**facts) if facts else None


def checked(exercise: ExerciseContent, *, folder: Path) -> Checked:
    """Whether the certificate beside an exercise is of this very content, whatever engine and libraries it names."""
    file = folder / FILE
    if not file.is_file():
        return Checked({}, Mistake(file, 1, "The exercise has no certificate.", _CURE))
    facts = _facts(file)
    if facts is None:
        return Checked({}, Mistake(file, 1, "This is no certificate as check_course writes it.", _CURE))
    if facts["sha256"] != content_sha256(exercise, folder=folder):
        return Checked({}, Mistake(file, 1, "The certificate is of other content than the exercise has now.", _CURE))
    return Checked(facts)


def _facts(file: Path) -> dict[str, Any] | None:
    try:
        if file.stat().st_size > LARGEST_BYTES:
            return None
        facts: Any = json.loads(file.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError):
        return None
    return facts if _SHAPE.is_valid(facts) else None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number that JSON has.")
