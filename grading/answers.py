"""What a learner hands in: read with suspicion, refused with one sentence, and taken cell by cell.

Nothing here runs an answer. Of the learner's file only source text is ever used; its metadata, outputs, points and
test cells are ignored.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from grading.checks import is_answer, nbgrader_metadata
from grading.release import Prepared, is_released, release, restored

MAX_BYTES = 10 * 1000 * 1000
MAX_BRACKETS = 500_000  # bounds the memory of the parsed file at a few times its size
MAX_CELLS = 500
MAX_EXTRA_CELLS = 100
MAX_CELL_CHARACTERS = 200_000
_OWN = "own-"
_NOT_A_NOTEBOOK = "This file is not a notebook. Upload the file that Jupyter saved, ending in .ipynb."
_AGAIN = "Download the exercise again, copy your work into it and upload that file."


TOO_MUCH = "This file holds too much to read. Clear all outputs, save it and upload it again."


class AnswerRefused(Exception):
    """The upload is no answer to this exercise. `message` says what happened and what to do; `code` names the case."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass
class _Taken:
    """What an answer contributes, by the position of the author's cell."""

    answers: dict[int, str] = field(default_factory=dict)
    own_cells: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # code run after that cell
    own_words: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # the same and text between


def read_answer(data: bytes, *, source: NotebookNode, allow_unchanged: bool = False) -> NotebookNode:
    """The learner's notebook, reduced to cell types, names and source text. Raises AnswerRefused with the cure.

    `source` is the exercise or, sparing the caller the import of nbgrader, its release. Costs at most a second and
    some twenty times the file's size in memory, whatever the file holds.
    """
    released = _release_of(source)
    answer = _reduced(_parsed(data))
    _refuse_other_exercise(answer, released=released)
    taken = _taken(answer, released=released)
    if not taken.answers:
        raise AnswerRefused("no_answer_cells", f"This notebook has none of the cells for your answers. {_AGAIN}")
    if sum(map(len, taken.own_cells.values())) > MAX_EXTRA_CELLS:
        raise AnswerRefused(
            "too_many_cells",
            f"You added more than {MAX_EXTRA_CELLS} cells to this notebook. Delete some, save it and upload it again.",
        )
    if not allow_unchanged and is_unchanged(answer, source=released):
        raise AnswerRefused(
            "unchanged",
            "There are no answers in this notebook yet. Write in the cells for your answers, then hand it"
            " in again. In Jupyter, save it first.",
        )
    return answer


def is_unchanged(answer: NotebookNode, *, source: NotebookNode) -> bool:
    """Whether every answer cell still holds what the release gave, and the learner added no code."""
    released = _release_of(source)
    taken = _taken(answer, released=released)
    same = all(_same(released.cells[index].source, text) for index, text in taken.answers.items())
    return same and not any(taken.own_cells.values())


def merge(prepared: Prepared, *, answer: NotebookNode) -> NotebookNode:
    """The notebook to run: the author's, with the learner's text in the answer cells and their own code cells kept.

    A cell of the learner's own runs after the cell that it followed. So does their changed version of an example cell:
    the author's runs first. `answer` comes from `read_answer`.
    """
    released = prepared.released
    taken = _taken(answer, released=released)
    cells = [_own_cell(text, number=f"0-{n}") for n, text in enumerate(taken.own_cells[-1])]
    for index, cell in enumerate(released.cells):
        cells.append(NotebookNode({**cell, "source": taken.answers.get(index, cell.source)}))
        cells += [_own_cell(text, number=f"{index + 1}-{n}") for n, text in enumerate(taken.own_cells[index])]
    return restored(NotebookNode({**released, "cells": cells}), record=prepared.record)


def written_below(answer: NotebookNode, *, source: NotebookNode) -> dict[str, str]:
    """What the learner wrote in cells of their own below each of nbgrader's task cells, by the task's name."""
    released = _release_of(source)
    cells = ((index, nbgrader_metadata(cell)) for index, cell in enumerate(released.cells))
    tasks = {index: metadata["grade_id"] for index, metadata in cells if metadata.get("task")}
    words = _taken(answer, released=released).own_words if tasks else {}
    return {name: "\n\n".join(words[index]) for index, name in tasks.items()}


def is_own(cell: NotebookNode) -> bool:
    """Whether a cell of a merged notebook is the learner's own, beside those that the exercise asks for."""
    return str(cell.get("id", "")).startswith(_OWN)


def _release_of(source: NotebookNode) -> NotebookNode:
    return source if is_released(source) else release(source)


def _own_cell(text: str, *, number: str) -> NotebookNode:
    cell: NotebookNode = nbformat.v4.new_code_cell(text, id=f"{_OWN}{number}")
    return cell


# Long because each way in which a file is no notebook gets a sentence of its own.
def _parsed(data: bytes) -> dict[str, Any]:
    """The file as JSON, within bounds."""
    if len(data) > MAX_BYTES:
        raise AnswerRefused(
            "too_large",
            f"This file is larger than {MAX_BYTES // 1_000_000} MB. Clear all outputs, save it and upload it again.",
        )
    if data.count(b"{") + data.count(b"[") > MAX_BRACKETS:
        raise AnswerRefused("too_complex", TOO_MUCH)
    parsed = _from_json(data)
    if not isinstance(parsed, dict) or "nbformat" not in parsed:
        raise AnswerRefused("not_a_notebook", _NOT_A_NOTEBOOK)
    return parsed


def _from_json(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise AnswerRefused(
            "not_utf8",
            "This file is not a notebook, or not saved as UTF-8 text. Upload the .ipynb file that Jupyter saved.",
        ) from problem
    except RecursionError as problem:
        raise AnswerRefused("too_deep", f"This file is nested too deeply to be a notebook. {_AGAIN}") from problem
    except ValueError as problem:
        raise AnswerRefused("not_json", _NOT_A_NOTEBOOK) from problem


def _reduced(parsed: dict[str, Any]) -> NotebookNode:
    """Only what an answer may contribute, every type checked."""
    if parsed["nbformat"] != 4 or isinstance(parsed["nbformat"], bool):
        raise AnswerRefused(
            "wrong_format", "This notebook is not in format 4. Open it in a newer Jupyter, save it and upload it again."
        )
    cells, metadata = parsed.get("cells"), parsed.get("metadata", {})
    if not isinstance(cells, list) or not isinstance(metadata, dict):
        raise AnswerRefused("damaged", f"This notebook is damaged: it has no list of cells. {_AGAIN}")
    if len(cells) > MAX_CELLS:
        raise AnswerRefused(
            "too_many_cells",
            f"This notebook has more than {MAX_CELLS} cells. Delete the cells you do not need and upload it again.",
        )
    own = metadata.get("upskill")
    exercise = own.get("exercise") if isinstance(own, dict) else None
    return NotebookNode(
        nbformat=4,
        nbformat_minor=5,
        metadata=NotebookNode(upskill=NotebookNode(exercise=exercise if isinstance(exercise, str) else "")),
        cells=[_reduced_cell(cell, number=number) for number, cell in enumerate(cells, start=1)],
    )


def _reduced_cell(cell: object, *, number: int) -> NotebookNode:
    damaged = AnswerRefused("damaged", f"This notebook is damaged in cell {number}. {_AGAIN}")
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise damaged
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise damaged
    if len(source) > MAX_CELL_CHARACTERS:
        raise AnswerRefused(
            "cell_too_long",
            f"Cell {number} is longer than {MAX_CELL_CHARACTERS:,} characters. Shorten it and upload it again.",
        )
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return NotebookNode(
        cell_type=cell["cell_type"],
        id=cell["id"] if isinstance(cell.get("id"), str) else "",
        metadata=NotebookNode(nbgrader=NotebookNode(grade_id=name)) if isinstance(name, str) else NotebookNode(),
        source=_clean(source),
    )


def _clean(text: str) -> str:
    """Text that every database and every encoder takes: no NUL, no half of a character pair, one kind of line end."""
    return text.replace("\0", "").replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


def _refuse_other_exercise(answer: NotebookNode, *, released: NotebookNode) -> None:
    theirs, ours = answer.metadata.upskill.exercise, released.metadata.get("upskill", {}).get("exercise", "")
    same = theirs.rpartition("/")[2] if "/" not in ours else theirs  # a script outside of a course knows its folder
    if theirs and ours and same != ours:
        name = f" ({theirs})" if re.fullmatch(r"[\w./-]{1,120}", theirs, re.ASCII) else ""
        raise AnswerRefused(
            "other_exercise", f"This notebook belongs to another exercise{name}. Hand in the one for this exercise."
        )


def _taken(answer: NotebookNode, *, released: NotebookNode) -> _Taken:
    """Which text goes where. Every rule about matching a learner's cells is in this function and the next two."""
    known = _known(released)
    matches = [(cell, known.match(cell)) for cell in answer.cells]
    copies: dict[int, list[NotebookNode]] = defaultdict(list)
    for cell, index in matches:
        if index is not None and is_answer(released.cells[index]):
            copies[index].append(cell)
    chosen = {index: _chosen(cells, stub=released.cells[index].source) for index, cells in copies.items()}
    taken = _Taken(
        {index: _text(copies[index], chosen=cell, stub=released.cells[index]) for index, cell in chosen.items()}
    )
    place = -1
    for cell, index in matches:
        if index is not None and (index not in chosen or cell is chosen[index]):
            place = index
        if index is None and cell.source.strip():
            taken.own_words[place].append(cell.source)
        if cell.cell_type == "code" and _is_own(cell, index=index, chosen=chosen, released=released):
            taken.own_cells[place].append(cell.source)
    return taken


@dataclass(frozen=True)
class _Known:
    """The author's cells by what a learner's may share with them; of several the first one's position."""

    by_name: dict[str, int]
    by_id: dict[str, int]
    plain_by_id: dict[str, int]  # those without a name
    plain_by_text: dict[str, int]

    def match(self, cell: NotebookNode) -> int | None:
        """The author's cell that this is: by nbgrader's name, else by id, else a plain cell of equal text."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        by_name = self.by_name.get(name) if name is not None else None
        by_id = (self.by_id if name is None else self.plain_by_id).get(cell.id)
        places = [place for place in (by_name, by_id) if place is not None]
        return min(places) if places else self.plain_by_text.get(cell.source.strip())


def _known(released: NotebookNode) -> _Known:
    known = _Known({}, {}, {}, {})
    for index, cell in enumerate(released.cells):
        if cell.get("id"):
            known.by_id.setdefault(cell.id, index)
        if name := nbgrader_metadata(cell).get("grade_id"):
            known.by_name.setdefault(name, index)
            continue
        if cell.get("id"):
            known.plain_by_id.setdefault(cell.id, index)
        known.plain_by_text.setdefault(cell.source.strip(), index)
    return known


def _is_own(cell: NotebookNode, *, index: int | None, chosen: dict[int, NotebookNode], released: NotebookNode) -> bool:
    """Whether a code cell is the learner's own work, to be kept beside the author's cells."""
    if not cell.source.strip():
        return False
    if index is None:
        return True
    known = released.cells[index]
    if is_answer(known):  # a second copy of an answer cell, as splitting a cell makes
        return known.cell_type == "code" and cell is not chosen[index] and not _same(cell.source, known.source)
    return not nbgrader_metadata(known) and not _same(cell.source, known.source)


def _chosen(cells: list[NotebookNode], *, stub: str) -> NotebookNode:
    """Of several copies of an answer cell the last that was changed, as nbgrader takes the last."""
    changed = [cell for cell in cells if not _same(cell.source, stub)]
    return (changed or cells)[-1]


def _text(copies: list[NotebookNode], *, chosen: NotebookNode, stub: NotebookNode) -> str:
    """The chosen copy's text; for written answers the text of all changed copies."""
    changed = [cell.source for cell in copies if not _same(cell.source, stub.source)]
    if stub.cell_type == "markdown" and changed:
        return "\n\n".join(changed)
    source: str = chosen.source
    return source


def _same(one: str, other: str) -> bool:
    return one.strip() == other.strip()
