"""What is marked over and over: four exercises with their right answers, as nbgrader source notebooks."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grading.bench import scripts
from grading.checks import checks, is_answer, nbgrader_metadata
from grading.protocol import Job
from grading.release import release
from grading.scripts import read_script

_N23 = Path(__file__).resolve().parents[2] / "courses/ai-ethics-in-practice/modules/bias-audits/audit-referrals"
_REGION = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)
_WORDS = "Those who are left out of the numbers have to be named."

Marks = dict[str, float | None]  # check -> points, None where a person decides


class AssignmentMissing(Exception):
    """An exercise is not where the bench looks for it; the message says where that is."""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """An exercise, one answer to it and the marks that the answer deserves."""

    name: str
    source: NotebookNode  # with solutions and hidden tests
    answers: dict[str, str]  # answer cell -> what the learner wrote
    marks: Marks
    files: dict[str, bytes] = field(default_factory=dict)
    last_cell: str = ""  # code that the learner added at the end

    def job(self) -> Job:
        """The answer as a job for the engine."""
        notebook = filled(release(self.source), answers=self.answers)
        if self.last_cell:
            notebook.cells.append(nbformat.v4.new_code_cell(self.last_cell))
        answer = json.dumps(notebook)
        return Job(job_id=self.name, source=nbformat.writes(self.source), answer=answer, files=self.files)

    def cells(self) -> list[str]:
        """The code that marking runs, cell by cell: the answer within the author's notebook, hidden tests included."""
        notebook = filled(self.source, answers=self.answers)
        return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def filled(notebook: NotebookNode, *, answers: dict[str, str]) -> NotebookNode:
    """A copy of the notebook with these answers in its answer cells."""
    copy: NotebookNode = nbformat.from_dict(json.loads(json.dumps(notebook)))
    for cell in copy.cells:
        if is_answer(cell):
            cell.source = answers[nbgrader_metadata(cell)["grade_id"]]
    return copy


def assignment(name: str) -> Assignment:
    """One of NAMES with its right answer. Raises AssignmentMissing."""
    return _MAKERS[name]()


def from_script(
    name: str, script: str, *, files: dict[str, bytes] | None = None, lost: frozenset[str] = frozenset()
) -> Assignment:
    """The exercise that a py:percent script describes, answered by its own solution, which loses the checks `lost`."""
    source = read_script(script, name=f"{name}.py")
    full = {spec.check: None if spec.by_person else spec.max_points for spec in checks(source)}
    return Assignment(
        name=name,
        source=source,
        answers=dict(_solutions(source)),
        marks={check: 0.0 if check in lost else points for check, points in full.items()},
        files=files or {},
    )


def _solutions(source: NotebookNode) -> Iterator[tuple[str, str]]:
    for cell in source.cells:
        if is_answer(cell):
            yield nbgrader_metadata(cell)["grade_id"], _REGION.sub("", cell.source) if _is_code(cell) else _WORDS


def _is_code(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "code")


def _n23() -> Assignment:
    try:
        script = (_N23 / "exercise.py").read_text(encoding="utf-8")
        data = (_N23 / "data" / "referrals.csv").read_bytes()
    except FileNotFoundError as problem:
        raise AssignmentMissing(f"There is no {problem.filename}. Run this from a checkout with its courses.") from None
    return from_script("n23", script, files={"referrals.csv": data})


_MAKERS: dict[str, Callable[[], Assignment]] = {
    "plain": lambda: from_script("plain", scripts.PLAIN),
    "pandas": lambda: from_script("pandas", scripts.PANDAS),
    "sklearn": lambda: from_script("sklearn", scripts.SKLEARN),
    "n23": _n23,
}
NAMES = tuple(_MAKERS)
