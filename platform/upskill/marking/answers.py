"""What a learner handed in, read with the engine's own reader. Runs none of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import nbformat
from django.utils.translation import gettext as _

from grading.answers import MAX_CELL_CHARACTERS, MAX_CELLS, AnswerRefused, read_answer
from grading.checks import is_answer
from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs
from upskill.core.rules import NotNow
from upskill.learning.models import Submission

__all__ = [
    "MAX_CELLS",
    "MAX_CELL_CHARACTERS",
    "AnswerCell",
    "AnswerRefused",
    "OtherCells",
    "answer_cells",
    "asked_cells",
    "check_answer",
    "check_cells",
    "open_cells",
]


class OtherCells(NotNow):
    """Learners do not write in some of these cells: they belong to another version, or to the author."""


@dataclass(frozen=True)
class AnswerCell:
    """One cell that the learner wrote. `name` is the author's for it, empty for a cell that the learner added.

    `check` is the slug of the check that gives its points, empty where none does; `is_text`: it is no code.
    """

    name: str
    source: str
    check: str = ""
    is_text: bool = False


def check_answer(exercise: ExerciseVersion, *, content: bytes) -> None:
    """Nothing, if the file is an answer to this exercise. Raises AnswerRefused with one sentence and the cure."""
    read_answer(content, source=_notebook(exercise.release_sha256))


def answer_cells(submission: Submission) -> list[AnswerCell]:
    """What the learner wrote, cell by cell: the cells made for answers, and whatever they added. Two reads of blobs.

    Raises AnswerRefused for a file that the engine refuses too.
    """
    released = _notebook(submission.exercise.release_sha256)
    answer = read_answer(blobs.read(submission.blob_id), source=released, allow_unchanged=True)
    known = {cell.source.strip() for cell in released.cells}
    names = {name: is_answer(cell) for cell in released.cells if (name := _name(cell))}
    checks = _checks(released)
    return [
        AnswerCell(_name(cell), cell.source, checks.get(_name(cell), ""), is_text=cell.cell_type == "markdown")
        for cell in answer.cells
        if names.get(_name(cell), cell.source.strip() not in known | {""})
    ]


def asked_cells(exercise: ExerciseVersion) -> frozenset[str]:
    """The names of the cells in which this version asks for work. At most one read of a blob."""
    return _asked_cells(exercise.release_sha256)


@lru_cache(maxsize=256)
def _asked_cells(release_sha256: str) -> frozenset[str]:
    return frozenset(_name(cell) for cell in _notebook(release_sha256).cells if is_answer(cell))


def open_cells(exercise: ExerciseVersion) -> frozenset[str]:
    """The ids of the cells that learners write in: those for answers, and code that is not locked. At most one read."""
    return _open_cells(exercise.release_sha256)


def check_cells(exercise: ExerciseVersion, *, cells: Iterable[str]) -> None:
    """Nothing, if learners write in all these cells. Raises OtherCells."""
    if not open_cells(exercise).issuperset(cells):
        raise OtherCells(_("Some of these cells are not for your text. Load the exercise again, then save it."))


@lru_cache(maxsize=256)
def _open_cells(release_sha256: str) -> frozenset[str]:
    cells = _notebook(release_sha256).cells
    return frozenset(str(cell.id) for cell in cells if is_answer(cell) or _is_free_code(cell))


def _is_free_code(cell: nbformat.NotebookNode) -> bool:
    return cell.cell_type == "code" and not cell.metadata.get("nbgrader")


def _checks(released: nbformat.NotebookNode) -> dict[str, str]:
    """Name of an answer's cell -> the check that gives its points: the cell itself, or the first one after it."""
    found, answer = {}, ""
    for cell in released.cells:
        answer = _name(cell) if is_answer(cell) else answer
        if answer and cell.metadata.get("nbgrader", {}).get("grade"):
            found[answer], answer = _name(cell), ""
    return found


def _name(cell: nbformat.NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _notebook(sha256: str) -> nbformat.NotebookNode:
    return nbformat.reads(blobs.read(sha256).decode(), as_version=4)
