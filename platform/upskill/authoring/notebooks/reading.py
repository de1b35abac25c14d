"""An nbgrader notebook from a file that may hold anything."""

import stat
import warnings
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grading.checks import AuthorError, read_source
from upskill.catalogue.course_files.texts import UNPRINTABLE

from .refusals import CannotImport, in_cell

MOST_BYTES = 10 * 1024 * 1024
MOST_CELLS = 500
MOST_CHARACTERS = 500_000  # of all sources together
_SCHEMA = 3  # of nbgrader's metadata, since its version 0.6


def read_notebook(file: Path) -> NotebookNode:
    """The notebook, as far as nbgrader could take it: every cell has its metadata in one form. Raises CannotImport."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbformat warns of cells without ids, which older notebooks never have
        try:
            notebook = read_source(_text(file))
        except AuthorError as problem:
            cure = "Open it in Jupyter, save it, and import it again."
            raise CannotImport([f"{file} cannot be read as a notebook. {problem} {cure}"]) from problem
    if problems := _of_whole(notebook):
        raise CannotImport(problems)
    problems = [sentence for number, cell in enumerate(notebook.cells, 1) for sentence in _of_cell(number, cell)]
    if problems:
        raise CannotImport(problems)
    return notebook


def name_of(cell: NotebookNode) -> str:
    """nbgrader's name for the cell; empty for one that it does not know."""
    metadata = cell.metadata.get("nbgrader")
    name = metadata.get("grade_id") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else ""


def _text(file: Path) -> str:
    try:
        about = file.stat()
        if not stat.S_ISREG(about.st_mode):
            raise CannotImport([f"{file} is not a file. Name a notebook, such as problem1.ipynb."])
        if about.st_size > MOST_BYTES:
            raise CannotImport([f"{file} is larger than 10 MB. Clear all outputs in Jupyter, save it, and try again."])
        return file.read_bytes().decode("utf-8")
    except OSError as problem:
        raise CannotImport([f"{file} cannot be read: {problem.strerror}. Check the name."]) from problem
    except UnicodeDecodeError as problem:
        raise CannotImport([f"{file} is not UTF-8 text. Open it in Jupyter and save it."]) from problem


def _of_whole(notebook: NotebookNode) -> list[str]:
    """What is wrong with the notebook as a whole, before anybody looks at a cell."""
    language = _text_at(notebook.metadata, "kernelspec", "language") or _text_at(
        notebook.metadata, "language_info", "name"
    )
    own = notebook.metadata.get("upskill")
    if isinstance(own, dict) and own.get("released"):
        return ["This is the notebook that learners get: it holds no solutions. Import the one that its author wrote."]
    if language and language not in {"python", "python3"}:
        return [f"The notebook is written in {language}. Exercises are written in Python: translate it first."]
    if len(notebook.cells) > MOST_CELLS:
        return [f"The notebook has {len(notebook.cells)} cells. Split it into exercises of at most {MOST_CELLS} cells."]
    if sum(len(cell.source) for cell in notebook.cells) > MOST_CHARACTERS:
        return [f"The notebook has more than {MOST_CHARACTERS:,} characters. Split it into shorter exercises."]
    return []


def _of_cell(number: int, cell: NotebookNode) -> list[str]:
    """What no exercise can hold, or nbgrader itself would stumble over."""
    name, found = name_of(cell), []

    def note(problem: str, cure: str) -> None:
        found.append(in_cell(number, name, problem, cure))

    if cell.cell_type == "raw":
        note("An exercise has no raw cells.", "Make it Markdown or code, or delete it.")
    if cell.get("attachments"):
        pictures = ", ".join(sorted(cell.attachments))
        note(f"It has attached pictures ({pictures}).", "Say in words what they show, and delete the attachments.")
    if UNPRINTABLE.search(cell.source):
        note("It holds a character that cannot be shown.", "Delete it and type the line again.")
    if cell.source.startswith("%%"):
        note(
            f"It begins with {cell.source.split()[0]}.", "Take that line out: a script keeps no magic for a whole cell."
        )
    for problem, cure in _of_metadata(cell.metadata.get("nbgrader")):
        note(problem, cure)
    if name and ("### AUTOTEST" in cell.source or "### HASHED AUTOTEST" in cell.source):
        note("nbgrader writes its tests when it makes the student's version.", "Write them here, as assert lines.")
    return found


# Long because each malformed value gets a sentence of its own.
def _of_metadata(metadata: Any) -> list[tuple[str, str]]:
    """What is wrong with nbgrader's metadata of a cell, in which anything may stand."""
    if metadata is None:
        return []
    save = "Set its type again in nbgrader's toolbar, save, and import it again."
    if not isinstance(metadata, dict):
        return [("What nbgrader noted in it cannot be read.", save)]
    flags = [metadata.get(key, False) for key in ("grade", "solution", "locked", "task")]
    if not all(isinstance(flag, bool) for flag in flags):
        return [("What nbgrader noted in it cannot be read.", save)]
    if not any(flags):
        return []
    if metadata.get("schema_version") != _SCHEMA:
        return [("It was written by an older nbgrader.", "Run: nbgrader update FILE.ipynb")]
    if "checksum" in metadata:
        cure = "Import the one in nbgrader's folder source."
        return [("This is the version that nbgrader made for students, without solutions.", cure)]
    if not isinstance(metadata.get("grade_id"), str):
        return [("It has no name (grade_id).", save)]
    grade, solution, _, task = flags
    if task and (grade or solution):
        return [("It is nbgrader's task and something else at once.", save)]
    return _of_points(metadata.get("points")) if grade or task else []


def _of_points(points: Any) -> list[tuple[str, str]]:
    cure = "Give it more than 0 points and fewer than 1,000, with at most two decimals; or take its grade away."
    if isinstance(points, bool) or not isinstance(points, int | float):
        return [("It gives points, but nobody knows how many.", cure)]
    if not 0 < points < 1000 or round(points, 2) != points:
        return [(f"It gives {points:g} points.", cure)]
    return []


def _text_at(metadata: Any, *keys: str) -> str:
    """The text under these keys of a structure in which anything may stand."""
    for key in keys:
        metadata = metadata.get(key) if isinstance(metadata, dict) else None
    return metadata if isinstance(metadata, str) else ""
