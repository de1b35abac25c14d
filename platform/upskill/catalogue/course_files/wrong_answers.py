"""Typical wrong answers: an exercise's tests must catch each one, with words that name the mistake.

    # expect: test_gap | A group with exactly min_n claims stays in | 10

    # %% task="gap"
    def gap(rates, metric, min_n=30): ...

The first line names the check that fails, words of the message that the learner reads, and the points that are left.
Each cell replaces the task of that name in the reference solution.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from grading.notebooks import CheckSpec

from .mistakes import Notes
from .texts import Folder

_EXPECT = re.compile(r"# expect: *([\w-]+) *\| *([^|]*\S) *\| *(\d+(?:\.\d+)?) *$")
_CELL = re.compile(r'# %% task="([\w-]+)" *$')
_SHAPE = "Write: # expect: name_of_the_check | words of its message | points that are left"


@dataclass(frozen=True)
class WrongAnswer:
    """One typical wrong answer. `tasks`: name of the task -> the code that replaces its solution."""

    name: str
    check: str
    words: str
    points: float
    tasks: dict[str, str]
    lines: dict[str, int]  # name of the task -> line of its cell


def read_wrong_answer(text: str, *, file: Path, notes: Notes) -> WrongAnswer | None:
    """The wrong answer in `text`, or None with its mistakes noted."""
    first, *rest = text.split("\n")
    expected = _EXPECT.match(first.rstrip())
    if not expected:
        notes.add(file, line=1, problem="The first line does not say what the tests should find.", cure=_SHAPE)
    tasks: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    current: list[str] | None = None
    for number, line in enumerate(rest, 2):
        if cell := _CELL.match(line.rstrip()):
            lines[cell[1]] = number
            current = tasks[cell[1]] = []
        elif current is not None:
            current.append(line)
        elif line.strip():
            cure = 'Begin each replaced task with a line # %% task="name".'
            notes.add(file, line=number, problem="This line belongs to no task.", cure=cure)
    if not tasks:
        notes.add(file, line=1, problem="No task is replaced.", cure='Add a line # %% task="name" and the wrong code.')
    if not (expected and tasks):
        return None
    codes = {name: "\n".join(code).strip("\n") for name, code in tasks.items()}
    return WrongAnswer(file.stem, expected[1], expected[2], float(expected[3]), codes, lines)


def check_wrong_answers(place: Path, *, source: NotebookNode, specs: tuple[CheckSpec, ...], folder: Folder) -> None:
    """Note each wrong answer that is malformed, or names a task, check or sum that the exercise does not have."""
    tasks = {
        cell.metadata.nbgrader.grade_id
        for cell in source.cells
        if cell.metadata.get("nbgrader", {}).get("solution") and not cell.metadata.nbgrader.grade
    }
    points = {spec.check: spec.max_points for spec in specs if not spec.by_person}
    for file in sorted(place.glob("*.py")):
        text = folder.text(file, why="")
        answer = read_wrong_answer(text, file=file, notes=folder.notes) if text is not None else None
        if answer is None:
            continue
        for task in answer.tasks.keys() - tasks:
            cure = f"Use one of: {', '.join(sorted(tasks))}."
            folder.notes.add(file, line=answer.lines[task], problem=f"There is no task '{task}'.", cure=cure)
        if answer.check not in points:
            cure = f"Use one of: {', '.join(sorted(points))}."
            folder.notes.add(file, line=1, problem=f"There is no check '{answer.check}' with tests.", cure=cure)
        elif answer.points >= sum(points.values()):
            problem = f"A wrong answer cannot keep all {sum(points.values()):g} points."
            folder.notes.add(file, line=1, problem=problem, cure="Give the points that are left after the check fails.")
