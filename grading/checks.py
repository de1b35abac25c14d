"""What gives points in an exercise, read from nbgrader's metadata in its source notebook."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode


class AuthorError(Exception):
    """The exercise itself is wrong. Never the learner's fault; the message is for its author."""


@dataclass(frozen=True, kw_only=True)
class CheckSpec:
    """One check: a cell that gives points."""

    check: str  # nbgrader's grade_id
    title: str
    max_points: float
    by_person: bool
    has_hidden: bool
    hidden_message: str = ""  # the author's neutral line; empty: the engine's own


def read_source(text: str) -> NotebookNode:
    """The author's notebook from JSON text. Raises AuthorError for anything that is no notebook of format 4."""
    try:
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
    except (ValueError, KeyError, AttributeError, RecursionError, nbformat.ValidationError) as problem:
        raise AuthorError(f"The exercise is not a notebook: {str(problem)[:200]}") from problem
    if notebook.nbformat != 4:
        raise AuthorError("The exercise is not a notebook of format 4. Open it in Jupyter and save it.")
    return notebook


def checks(source: NotebookNode) -> tuple[CheckSpec, ...]:
    """The checks in the order of the notebook. Raises AuthorError for cells that the engine cannot mark."""
    specs: list[CheckSpec] = []
    heading = ""
    for cell in source.cells:
        if cell.cell_type == "markdown":
            heading = _last_heading(cell.source) or heading
        metadata = nbgrader_metadata(cell)
        if gives_points(cell):
            specs.append(_spec(cell, metadata=metadata, heading=heading))
    repeated = {spec.check for spec in specs if sum(other.check == spec.check for other in specs) > 1}
    if repeated:
        raise AuthorError(f"The name {min(repeated)} is used twice. Give each cell its own name.")
    return tuple(specs)


def checks_sha256(source: NotebookNode) -> str:
    """A fingerprint of everything that decides points: the checks' full sources and points, in order."""
    parts = [
        [metadata["grade_id"], float(metadata["points"]), cell.cell_type, cell.source]
        for cell in source.cells
        if (metadata := nbgrader_metadata(cell)) and gives_points(cell)
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def nbgrader_metadata(cell: NotebookNode) -> dict[str, Any]:
    """nbgrader's metadata of a cell that takes part in marking; empty for every other cell."""
    metadata = cell.metadata.get("nbgrader", {})
    read = metadata.get  # asked for every cell, again and again: no loop
    takes_part = read("grade") or read("solution") or read("locked") or read("task")
    return metadata if takes_part and read("grade_id") else {}


def gives_points(cell: NotebookNode) -> bool:
    """Whether the cell is a check: a test, a written answer, or nbgrader's task, answered in cells below it."""
    metadata = nbgrader_metadata(cell)
    return bool(metadata.get("grade") or metadata.get("task"))


def is_answer(cell: NotebookNode) -> bool:
    """Whether learners write this cell."""
    return bool(nbgrader_metadata(cell).get("solution"))


def hidden_lines(source: str) -> range:
    """The line numbers, from 1, between the first BEGIN and the last END HIDDEN TESTS; empty without a region."""
    lines = source.split("\n")
    begins = [number for number, line in enumerate(lines, start=1) if "BEGIN HIDDEN TESTS" in line]
    ends = [number for number, line in enumerate(lines, start=1) if "END HIDDEN TESTS" in line]
    return range(begins[0], (ends or [len(lines)])[-1] + 1) if begins else range(0)


def _spec(cell: NotebookNode, *, metadata: dict[str, Any], heading: str) -> CheckSpec:
    own = cell.metadata.get("upskill", {})
    points = float(metadata.get("points", 0))
    if not 0 < points < 1000:
        raise AuthorError(f"{metadata['grade_id']} gives {points:g} points. Give a number above 0 and below 1,000.")
    return CheckSpec(
        check=metadata["grade_id"],
        title=own.get("title") or heading or _words(metadata["grade_id"]),
        max_points=points,
        by_person=bool(metadata.get("solution")) or cell.cell_type != "code",
        has_hidden="BEGIN HIDDEN TESTS" in cell.source,
        hidden_message=own.get("hidden_message", ""),
    )


def _last_heading(markdown: str) -> str:
    """The last heading, without its number and its points: "## 2. A gap (4 points)" gives "A gap"."""
    visible = re.split(r"^.*BEGIN (?:SOLUTION|MARK SCHEME)", markdown, maxsplit=1, flags=re.MULTILINE)[0]
    headings = re.findall(r"^#{1,6}[ \t]+(\S.*)$", visible, re.MULTILINE)
    if not headings:
        return ""
    words = _without_points(re.sub(r"^\d+[.)]\s*", "", headings[-1].rstrip().rstrip("#").rstrip()))
    return re.sub(r"[*_`]", "", words)[:200]


def _without_points(heading: str) -> str:
    """The heading without "(4 points)" at its end."""
    opened = heading.rfind("(")
    is_last = opened >= 0 and heading.find(")", opened) == len(heading) - 1
    return heading[:opened].rstrip() if is_last and re.search(r"\bpoints?\b", heading[opened:]) else heading


def _words(name: str) -> str:
    words = re.sub(r"[_-]+", " ", re.sub(r"^test[_-]", "", name)).strip() or name
    return words[0].upper() + words[1:]
