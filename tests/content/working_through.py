"""An exercise as a learner meets it: its notebook, run from top to bottom beside its data."""

import contextlib
import io
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grading.checks import hidden_lines
from tests.content.library import COURSES, course
from upskill.catalogue.course_files.mistakes import Notes
from upskill.catalogue.course_files.shape import ExerciseContent
from upskill.catalogue.course_files.wrong_answers import WrongAnswer, read_wrong_answer


@dataclass(frozen=True)
class Marked:
    """Points by check, and for each lost check the message that a learner reads."""

    points: dict[str, float]
    messages: dict[str, str]


@dataclass(frozen=True)
class Exercise:
    """An exercise of the library, with its folder and its typical wrong answers."""

    content: ExerciseContent
    folder: Path

    @property
    def wrong_files(self) -> list[Path]:
        """The files of its wrong answers, in the order of their names."""
        return sorted((self.folder / "wrong").glob("*.py"))

    def cells(self) -> list[Any]:
        """The cells of the author's notebook."""
        return list(nbformat.reads(self.content.source, as_version=4).cells)

    def tasks(self) -> list[str]:
        """The names of the cells that learners write."""
        tags = [cell.metadata.get("nbgrader", {}) for cell in self.cells()]
        return [tag["grade_id"] for tag in tags if tag.get("solution") and not tag.get("grade")]

    def marked(self, *, replaced: dict[str, str]) -> Marked:
        """What the author's notebook earns with the code of these tasks replaced. Runs it here, beside its data."""
        names: dict[str, object] = {}
        points, messages = {}, {}
        with contextlib.chdir(self.folder / "data"):
            for cell in self.cells():
                tag = cell.metadata.get("nbgrader", {})
                error = _error_of(cell, source=replaced.get(tag.get("grade_id", ""), cell.source), names=names)
                if tag.get("grade"):
                    points[tag.grade_id] = 0.0 if error else float(tag.points)
                if error and tag.get("grade"):
                    messages[tag.grade_id] = _for_learners(error, cell=cell)
        return Marked(points, messages)


def exercise(course_id: str, *, module: str, slug: str) -> Exercise:
    """The exercise of this name in the library that ships."""
    modules = {each.slug: each for each in course(course_id).modules}
    content = next(it for it in modules[module].items if it.slug == slug).exercise
    assert content is not None
    return Exercise(content, COURSES / course_id / "modules" / module / slug)


def read_wrong(path: Path) -> WrongAnswer:
    """The wrong answer in this file, which must have no mistake of form."""
    notes = Notes()
    answer = read_wrong_answer(path.read_text(), file=path, notes=notes)
    assert notes.mistakes == []
    assert answer is not None
    return answer


def _error_of(cell: Any, *, source: str, names: dict[str, object]) -> Exception | None:
    """What running the cell raises; nothing for text."""
    if cell.cell_type != "code":
        return None
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, "cell", "exec"), names)  # noqa: S102, the cells of our own exercise
    except Exception as error:  # noqa: BLE001, an answer may raise anything
        return error
    return None


def _for_learners(error: Exception, *, cell: Any) -> str:
    """The message of a failed test; for a hidden one the author's neutral line."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next(frame.lineno for frame in frames if frame.filename == "cell")
    return str(cell.metadata.upskill.hidden_message if line in hidden_lines(cell.source) else error)
