"""What learners receive, and what runs when they hand it back: both made by nbgrader's own preprocessors.

nbgrader reads and writes a gradebook database on the way. `Record` stands in for it: a dictionary that answers the two
look-ups that restoring cells makes.
"""

import copy
import logging
import types
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from nbformat import NotebookNode

from grading.checks import AuthorError, nbgrader_metadata

_QUIET = logging.getLogger("grading.release")  # nbgrader warns of each test that it puts back, which is every one
_QUIET.setLevel(logging.ERROR)
CODE_STUB = '# Write your code here\nraise NotImplementedError("Write this, then run the cell below.")'


@dataclass(frozen=True)
class Record:
    """The author's cells by grade_id, as nbgrader's OverwriteCells asks for them."""

    cells: dict[str, types.SimpleNamespace] = field(default_factory=dict)

    def find_source_cell(self, name: str, *_: object) -> types.SimpleNamespace:
        """The author's source, type, lock and checksum."""
        return self.cells[name]

    def find_graded_cell(self, name: str, *_: object) -> types.SimpleNamespace:
        """The author's points."""
        return self.cells[name]


@dataclass(frozen=True)
class Prepared:
    """An exercise made ready: what learners receive, and what marking puts back into it."""

    released: NotebookNode
    record: Record


def prepare(source: NotebookNode) -> Prepared:
    """The exercise made ready, which takes nbgrader a tenth of a second: keep it. Raises AuthorError.

    Also checks once that nbgrader accepts the released notebook with its tests put back.
    """
    prepared = _prepared(source)
    _run([_nbgrader().CheckCellMetadata()], restored(prepared.released, record=prepared.record))
    return prepared


def release(source: NotebookNode) -> NotebookNode:
    """The notebook that learners download: no solution, hidden test or mark scheme. Raises AuthorError."""
    return _prepared(source).released


def is_released(notebook: NotebookNode) -> bool:
    """Whether `release` has made this notebook."""
    return bool(notebook.metadata.get("upskill", {}).get("released"))


def restored(answered: NotebookNode, *, record: Record) -> NotebookNode:
    """The answered release with the author's full tests back in its locked cells."""
    steps = _nbgrader()
    notebook = NotebookNode({**answered, "cells": [_with_own_metadata(cell) for cell in answered.cells]})
    overwrite = steps.OverwriteCells(log=_QUIET)
    overwrite.gradebook, overwrite.notebook_id, overwrite.assignment_id = record, "", ""
    # OverwriteCells.preprocess opens a database; its parent runs the same cells without one.
    steps.base.NbGraderPreprocessor.preprocess(overwrite, notebook, {})
    return notebook


def _with_own_metadata(cell: NotebookNode) -> NotebookNode:
    """A copy of the cell, as deep as anybody writes into it before the next answer."""
    own = {name: NotebookNode(value) if isinstance(value, dict) else value for name, value in cell.metadata.items()}
    outputs = {"outputs": list(cell.outputs)} if "outputs" in cell else {}
    return NotebookNode({**cell, **outputs, "metadata": NotebookNode(own)})


def _prepared(source: NotebookNode) -> Prepared:
    steps = _nbgrader()
    notebook = copy.deepcopy(source)
    author = [
        steps.LockCells(),
        _clear_solutions(source),
        steps.ClearOutput(),
        steps.CheckCellMetadata(),
        steps.ComputeChecksums(),
    ]
    notebook = _run(author, notebook)
    record = Record({name: _recorded(cell) for name, cell in _named(notebook)})
    learner = [steps.ClearHiddenTests(), steps.ClearMarkScheme(), steps.ComputeChecksums(), steps.CheckCellMetadata()]
    notebook = _run(learner, notebook)
    for cell in notebook.cells:
        cell.metadata.pop("upskill", None)
    notebook.metadata.setdefault("upskill", NotebookNode())["released"] = True
    return Prepared(notebook, record)


def _run(steps: Iterable[Any], notebook: NotebookNode) -> NotebookNode:
    resources: dict[str, object] = {}
    for step in steps:
        try:
            notebook, resources = step.preprocess(notebook, resources)
        except _refusals() as problem:
            raise AuthorError(f"nbgrader cannot use the exercise: {problem}") from problem
    return notebook


def _named(notebook: NotebookNode) -> list[tuple[str, NotebookNode]]:
    return [(metadata["grade_id"], cell) for cell in notebook.cells if (metadata := nbgrader_metadata(cell))]


def _recorded(cell: NotebookNode) -> types.SimpleNamespace:
    metadata = cell.metadata["nbgrader"]
    return types.SimpleNamespace(
        name=metadata["grade_id"],
        cell_type=cell.cell_type,
        source=cell.source,
        locked=bool(metadata["locked"]) and not metadata["solution"],
        checksum=metadata.get("checksum"),
        max_score=float(metadata.get("points", 0)),
    )


def _clear_solutions(source: NotebookNode) -> Any:
    """With plain words where a script of ours says what stays; as nbgrader does it for a notebook made elsewhere."""
    if not source.metadata.get("upskill"):
        return _nbgrader().ClearSolutions()
    return _nbgrader().ClearSolutions(code_stub={"python": CODE_STUB}, text_stub="")


def import_nbgrader() -> None:
    """Import nbgrader now, and not with the first exercise."""
    _nbgrader()


@cache
def _nbgrader() -> Any:
    # Imported at first use: it brings jupyter-server along, two to five seconds that a web process need not spend.
    from nbgrader import preprocessors

    return preprocessors


@cache
def _refusals() -> tuple[type[Exception], ...]:
    from nbgrader.nbgraderformat import common  # at first use, for the same reason

    return RuntimeError, ValueError, common.ValidationError, common.SchemaMismatchError
