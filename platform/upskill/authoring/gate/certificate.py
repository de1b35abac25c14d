"""The certificate of an exercise that passed: made, written beside it, and held against what is here now."""

import json
from collections import Counter
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import grading
from upskill.authoring.parity.exercises import Exercise
from upskill.authoring.whole_folders import replace_whole
from upskill.catalogue.course_files.certificate import FILE, Certificate, content_sha256, read_certificate

from .exercise import Examined

EDITION = 1  # of the tricks and of what is asked of answers: raised, every exercise is tried again


def certificate_of(examined: Examined, *, browser: dict[str, Any] | None = None) -> Certificate:
    """The certificate of an exercise that passed; with `browser` where it was compared and nothing differed."""
    provenance = examined.known[0].verdicts[0].provenance
    kinds = Counter(str(each.trick.kind) for each in examined.tried) if examined.guarded else Counter()
    exercise = examined.exercise
    return Certificate(
        exercise=exercise.name,
        sha256=content_sha256(exercise.content, folder=exercise.folder),
        engine=provenance.engine_version,
        python=provenance.python,
        libraries=dict(sorted(provenance.libraries.items())),
        answers={
            each.name: {"points": each.points} | ({"loses": each.wrong.check} if each.wrong else {})
            for each in examined.known
        },
        guarded=list(examined.guarded),
        tricks=dict(kinds),
        edition=EDITION,
        browser=browser,
    )


def write(certificate: Certificate, *, folder: Path) -> None:
    """Put the certificate beside its exercise, whole, in place of an earlier one or of a link. Raises OSError."""
    text = json.dumps(asdict(certificate), indent=2, ensure_ascii=False) + "\n"
    replace_whole(folder / FILE, text.encode())


def matching(exercise: Exercise) -> Certificate | None:
    """The certificate of an exercise whose content, engine, libraries and tricks are still those it was given for."""
    found = read_certificate(exercise.folder)
    if found is None or found.sha256 != content_sha256(exercise.content, folder=exercise.folder):
        return None
    is_same = (found.engine, found.edition) == (grading.__version__, EDITION)
    return found if is_same and all(_has(name, at) for name, at in found.libraries.items()) else None


def _has(package: str, at: str) -> bool:
    try:
        return version(package) == at
    except PackageNotFoundError:
        return False
