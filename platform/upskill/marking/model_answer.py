"""The author's own answer to an exercise, as a learner would hand it in."""

from collections.abc import Mapping

import nbformat

from grading.checks import is_answer, nbgrader_metadata
from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs

FREE_TEXT = "Nobody wrote this: the service checks itself."
_NOTHING: Mapping[str, str] = {}


def model_answer(exercise: ExerciseVersion, *, release: bytes) -> bytes:
    """The released notebook with the author's solution in each cell for answers; words of ours where a person marks.

    One read of a blob. Learners must never get it: only `manage.py smoke` asks.
    """
    return answered(blobs.read(exercise.source_sha256).decode(), release=release.decode()).encode()


def answered(source: str, *, release: str, instead: Mapping[str, str] = _NOTHING) -> str:
    """The release with the solutions of the source; `instead` holds other code by the name of the task."""
    solutions = {**solutions_of(nbformat.reads(source, as_version=4)), **instead}
    notebook = nbformat.reads(release, as_version=4)
    for cell in notebook.cells:
        if is_answer(cell):
            cell.source = solutions[_name(cell)] if cell.cell_type == "code" else FREE_TEXT
    text: str = nbformat.writes(notebook)
    return text


def solutions_of(author: nbformat.NotebookNode) -> dict[str, str]:
    """The solution of each task of the author's notebook, by the task's name."""
    return {_name(cell): without_marks(cell.source) for cell in author.cells if is_answer(cell)}


def _name(cell: nbformat.NotebookNode) -> str:
    return str(nbgrader_metadata(cell)["grade_id"])


def without_marks(source: str) -> str:
    """A solution without the lines that say where it begins and ends."""
    return "\n".join(line for line in source.split("\n") if "BEGIN SOLUTION" not in line and "END SOLUTION" not in line)
