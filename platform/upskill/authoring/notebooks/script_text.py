"""exercise.py from the cells of a notebook: py:percent with our short tags."""

import re
from dataclasses import dataclass, field
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from grading.scripts import ANSWER_PLACEHOLDER

from .kept import PROJECT, WHOLE
from .reading import name_of
from .refusals import CannotImport, in_cell

_HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---
"""
_MARKER = re.compile(r"^[ \t]*# %%.*\n", re.MULTILINE)  # indented where the first line of the cell is
_BEGIN, _END = "=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ==="
_SOLUTION, _END_SOLUTION = "\n### BEGIN SOLUTION\n", "\n### END SOLUTION"


@dataclass(frozen=True)
class Piece:
    """A cell of the script. `origin` is the number of the notebook's cell that it comes from, from 1."""

    origin: int
    cell_type: str
    source: str
    tags: dict[str, str] = field(default_factory=dict)
    form: str = ""
    between: str = ""


def pieces_of(number: int, cell: NotebookNode) -> list[Piece]:
    """The cells of the script that one cell of a notebook becomes; two for a task. Raises CannotImport."""
    metadata: dict[str, Any] = cell.metadata.get("nbgrader") or {}
    name = metadata.get("grade_id", "")
    if metadata.get("task"):
        return _project(number, cell, tags={"manual": name, "points": _points(metadata)})
    if not (metadata.get("grade") or metadata.get("solution")):
        return [Piece(number, cell.cell_type, cell.source)]
    if not metadata.get("grade"):
        if cell.cell_type != "code":
            problem = "Learners write text here, and nothing gives points for it."
            raise CannotImport([in_cell(number, name, problem, "Make it nbgrader's “Manually graded answer”.")])
        return [Piece(number, "code", cell.source, {"task": name})]
    tags = {"manual" if metadata.get("solution") else "test": name, "points": _points(metadata), **_own_tags(cell)}
    if "manual" in tags and cell.cell_type == "markdown":
        return [_written(number, cell, tags=tags)]
    return [Piece(number, cell.cell_type, cell.source, tags)]


def script_of(pieces: list[Piece]) -> str:
    """The text of exercise.py."""
    return "\n".join([_HEADER, *(_cell_text(piece) for piece in pieces)])


def stands_alone(piece: Piece) -> bool:
    """Whether a script with this cell alone has this cell alone."""
    lines = script_of([piece]).splitlines()
    found = jupytext.reads("\n".join(lines), fmt="py:percent").cells
    markers = [line for line in lines if line.startswith("# %%")]
    return len(markers) == 1 and [cell.cell_type for cell in found] == [piece.cell_type]


def own_metadata(cell: NotebookNode) -> dict[str, str]:
    """The title and the line for learners that our own exports carry; empty where they are not just these two."""
    own = cell.metadata.get("upskill")
    known = isinstance(own, dict) and own.keys() <= {"title", "hidden_message"}
    return dict(own) if known and all(isinstance(value, str) for value in own.values()) else {}


def _own_tags(cell: NotebookNode) -> dict[str, str]:
    return own_metadata(cell)


def _points(metadata: dict[str, Any]) -> str:
    return f"{metadata['points']:.2f}".rstrip("0").rstrip(".")


def _written(number: int, cell: NotebookNode, *, tags: dict[str, str]) -> Piece:
    """A written answer. Without a region nbgrader clears all of the cell: all of it is the model answer."""
    source = cell.source
    if "BEGIN SOLUTION" not in source:
        if "MARK SCHEME" in source:
            problem = "A mark scheme stands in a written answer, where nbgrader does not look for one."
            cure = "Write ### BEGIN SOLUTION above it and ### END SOLUTION below it."
            raise CannotImport([in_cell(number, name_of(cell), problem, cure)])
        return Piece(number, "markdown", _with_scheme(source), tags, form=WHOLE)
    words, _, rest = source.partition(_SOLUTION)
    scheme = rest.removesuffix(_END_SOLUTION)
    is_ours = (
        scheme != rest and scheme.startswith(_BEGIN) and "SOLUTION" not in words + scheme and words == words.rstrip()
    )
    return Piece(number, "markdown", f"{words}\n\n{scheme}" if is_ours and words else source, tags)


def _project(number: int, cell: NotebookNode, *, tags: dict[str, str]) -> list[Piece]:
    """nbgrader's task: what is to be done, and a cell to answer it in, which nbgrader leaves to learners to make."""
    lines = cell.source.split("\n")
    begins = [at for at, line in enumerate(lines) if "BEGIN MARK SCHEME" in line]
    ends = [at for at, line in enumerate(lines) if "END MARK SCHEME" in line]
    if not begins and not ends:
        return [
            Piece(number, "markdown", cell.source),
            Piece(number, "markdown", ANSWER_PLACEHOLDER, tags, form=PROJECT),
        ]
    if len(begins) != 1 or len(ends) != 1 or begins > ends or "\n".join(lines[ends[0] + 1 :]).strip() or not begins[0]:
        cure = "Write one mark scheme, below everything else in the cell."
        raise CannotImport([in_cell(number, name_of(cell), "The mark scheme of this task stands amid its text.", cure)])
    asked = "\n".join(lines[: begins[0]])
    words = asked.rstrip("\n")
    scheme = "\n".join(lines[begins[0] : ends[0] + 1])
    between = asked[len(words) :] + "\n"
    return [
        Piece(number, "markdown", words),
        Piece(number, "markdown", f"{ANSWER_PLACEHOLDER}\n\n{scheme}", tags, form=PROJECT, between=between),
    ]


def _with_scheme(words: str) -> str:
    return f"{ANSWER_PLACEHOLDER}\n\n{_BEGIN}\n{words}\n{_END}"


def _cell_text(piece: Piece) -> str:
    """The lines of one cell, as jupytext writes them, below a marker with our tags."""
    new = nbformat.v4.new_markdown_cell if piece.cell_type == "markdown" else nbformat.v4.new_code_cell
    text = jupytext.writes(nbformat.v4.new_notebook(cells=[new(piece.source)]), fmt="py:percent")
    _, body = _MARKER.split(text, maxsplit=1)
    return f"{_marker(piece)}\n{body}"


def _marker(piece: Piece) -> str:
    kind = " [markdown]" if piece.cell_type == "markdown" else ""
    tags = [f"{key}={value}" if key == "points" else f"{key}={_quoted(value)}" for key, value in piece.tags.items()]
    return " ".join([f"# %%{kind}", *tags])


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
