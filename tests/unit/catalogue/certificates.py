"""Certificates of the small course's exercise, as the gate would write them for its content."""

import json
from pathlib import Path
from typing import Any

from tests.factories.catalogue import CERTIFICATE
from tests.unit.catalogue.small_course import BASICS, write_library
from upskill.catalogue.course_files.certificate import content_sha256
from upskill.catalogue.course_files.library import read_library

DOUBLE = f"{BASICS}/double"


def certify(root: Path, **other: Any) -> dict[str, Any]:
    """Written beside the exercise of the course below `root`: a certificate of its content, but for `other` facts."""
    [course] = read_library([root]).courses
    [exercise] = [item.exercise for module in course.modules for item in module.items if item.exercise]
    facts = CERTIFICATE | {"sha256": content_sha256(exercise, folder=root / DOUBLE)} | other
    (root / DOUBLE / "certificate.json").write_text(json.dumps(facts))
    return facts


def write_certified(root: Path, files: dict[str, str] | None = None, **other: Any) -> Path:
    """The small course, or these files, below `root`, with a certificate."""
    write_library(root, files=files)
    certify(root, **other)
    return root
