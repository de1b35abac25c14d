"""Honest work through the engine, compared cell by cell with what nbgrader gives or, in its known traps, should."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.acceptance.fields import Fields, FolderProblem, existing, read_json
from grading.acceptance.marks import Marking, marking_of
from grading.acceptance.subject import Ask
from grading.acceptance.worker import OUR_ENGINE, Worker, WorkerLost
from grading.protocol import Job, Limits

_LIMITS = Limits(cell_seconds=30, total_seconds=120)
_STUCK_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What one submission should get."""

    name: str
    what: str
    file: Path
    points: dict[str, float]
    waits: tuple[str, ...]
    max_points: dict[str, float]
    stock: dict[str, float]
    traps: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One folder."""

    name: str
    source: str
    files: dict[str, bytes]
    submissions: tuple[Expected, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One submission marked and compared. It agrees when no cell differs."""

    assignment: str
    name: str
    what: str
    differ: tuple[str, ...]
    points: dict[str, float | None] = field(default_factory=dict)
    traps: dict[str, str] = field(default_factory=dict)  # cells where stock nbgrader is not followed, with the reason

    @property
    def agrees(self) -> bool:
        """Whether every cell got what it should."""
        return not self.differ


@dataclass
class Comparison:
    """All submissions of one run, in order."""

    compared: list[Compared] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # what the folders say and this tool does not use

    def summary(self) -> str:
        """ "N of M agree"."""
        return f"{sum(one.agrees for one in self.compared)} of {len(self.compared)} agree"

    def to_json(self) -> str:
        """Everything, for programs."""
        submissions = [
            {
                "assignment": one.assignment,
                "submission": one.name,
                "what": one.what,
                "agrees": one.agrees,
                "differ": list(one.differ),
                "points": one.points,
                "traps": one.traps,
            }
            for one in self.compared
        ]
        agree = sum(one.agrees for one in self.compared)
        return json.dumps(
            {"agree": agree, "of": len(submissions), "submissions": submissions, "not_used": self.problems}, indent=1
        )


def read_assignments(path: Path) -> tuple[Assignment, ...]:
    """Every assignment at or below `path`. Raises FolderProblem when there is none or one cannot be read."""
    if not path.is_dir():
        raise FolderProblem(f"{path} is not a folder.")
    found = sorted(file.parent for file in path.rglob("expected.json"))
    if not found:
        raise FolderProblem(f"There is no expected.json in {path} or below it.")
    return tuple(read_assignment(folder) for folder in found)


def read_assignment(folder: Path) -> Assignment:
    """One assignment. Raises FolderProblem with one sentence for a file that is missing or makes no sense."""
    expected = Fields(read_json(folder / "expected.json"), where=f"{folder.name}/expected.json")
    problems: list[str] = []
    submissions = tuple(_expected(expected, name, folder=folder, problems=problems) for name in expected.names())
    if not submissions:
        raise FolderProblem(f"{folder / 'expected.json'} names no submission.")
    known = {one.file for one in submissions}
    strangers = sorted(path.name for path in (folder / "submissions").glob("*.ipynb") if path not in known)
    problems += [f"{expected.where} says nothing of submissions/{name}." for name in strangers]
    existing(folder / "released.ipynb")
    files = _files(folder / "data")
    _check_data(folder, files=files)
    source = existing(folder / "source.ipynb").read_text(encoding="utf-8")
    return Assignment(name=folder.name, source=source, files=files, submissions=submissions, problems=tuple(problems))


def conform(
    path: Path, *, subject: str = OUR_ENGINE, say: Callable[[Compared], None] = lambda compared: None
) -> Comparison:
    """Mark every submission at or below `path`. Calls `say` after each. Raises FolderProblem and SandboxRefused."""
    assignments = read_assignments(path)
    comparison = Comparison(problems=[problem for one in assignments for problem in one.problems])
    with tempfile.TemporaryDirectory(prefix="upskill-conform-") as folder:
        worker = Worker(subject=subject, environment={}, folder=Path(folder))
        try:
            worker.start()
            for assignment in assignments:
                for submission in assignment.submissions:
                    compared = _compared(assignment, submission, worker=worker)
                    comparison.compared.append(compared)
                    say(compared)
        finally:
            worker.stop()
    return comparison


def line(compared: Compared) -> str:
    """One line for a submission, then one for each cell that differs."""
    word = "agrees" if compared.agrees else "DIFFERS"
    lines = [f"{compared.assignment}/{compared.name:30} {word:7}  {compared.what}".rstrip()]
    return "\n".join([*lines, *(f"    {cell}" for cell in compared.differ)])


def _compared(assignment: Assignment, submission: Expected, *, worker: Worker) -> Compared:
    job = Job(job_id=submission.name, source=assignment.source, answer="", files=assignment.files, limits=_LIMITS)
    try:
        told = worker.ask(Ask(job=job, answer=submission.file.read_bytes()), seconds=_STUCK_SECONDS)
        fault = told.fault
    except WorkerLost as problem:
        told, fault = None, str(problem)
    marking = marking_of(told.verdict) if told and told.verdict else Marking(outcome="failed", reason=fault)
    return Compared(
        assignment=assignment.name,
        name=submission.name,
        what=submission.what,
        differ=tuple(differing(submission, marking)),
        points=marking.points,
        traps=submission.traps,
    )


def differing(submission: Expected, marking: Marking) -> list[str]:
    """A line for each cell whose mark is not what it should be."""
    if marking.outcome != "marked":
        return [f"every cell: {marking.outcome}: {marking.reason}"]
    expected: dict[str, float | None] = {**submission.points, **dict.fromkeys(submission.waits)}
    lines = []
    for cell in [*expected, *(name for name in marking.points if name not in expected)]:
        if cell not in marking.points:
            lines.append(f"{cell}: no mark instead of {_said(expected[cell])}")
        elif cell not in expected:
            lines.append(f"{cell}: {_said(marking.points[cell])}, but expected.json says nothing of it")
        elif not _equal(marking.points[cell], expected[cell]):
            beside = f" (stock nbgrader {submission.stock[cell]:g})" if cell in submission.stock else ""
            lines.append(f"{cell}: {_said(marking.points[cell])} instead of {_said(expected[cell])}{beside}")
    for cell, most in submission.max_points.items():
        if cell in marking.max_points and not _equal(marking.max_points[cell], most):
            lines.append(f"{cell}: out of {marking.max_points[cell]:g} instead of {most:g}")
    return lines


def _expected(table: Fields, name: str, *, folder: Path, problems: list[str]) -> Expected:
    fields = table.inside(name)
    stock = fields.points("stock") or {}
    points = fields.points("expected")
    if points is None and not stock:
        raise FolderProblem(f"{table.where}: {name} has no expected points.")
    traps = fields.inside("traps")
    for for_people in ("why", "stock_outcome"):
        fields.raw(for_people)
    found = Expected(
        name=name,
        what=fields.text("what"),
        file=existing(folder / "submissions" / f"{name}.ipynb"),
        points=stock if points is None else points,  # they differ only in the traps
        waits=fields.words("waits_for_a_person"),
        max_points=fields.points("max") or {},
        stock=stock,
        traps={cell: str(traps.raw(cell)) for cell in traps.names()},
    )
    problems += fields.problems()
    return found


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _check_data(folder: Path, *, files: dict[str, bytes]) -> None:
    """Hold the data files that meta.json lists, where there is one, against those in the folder."""
    if not (folder / "meta.json").exists():
        return
    meta = Fields(read_json(folder / "meta.json"), where=f"{folder.name}/meta.json")
    listed: Any = meta.raw("data") or []
    names = [item.get("path") or item.get("name") if isinstance(item, dict) else item for item in listed]
    missing = [name for name in names if isinstance(name, str) and name.removeprefix("data/") not in files]
    if missing:
        raise FolderProblem(f"{meta.where} names the data file {missing[0]}, which is missing.")


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < 1e-9


def _said(points: float | None) -> str:
    return "waits for a person" if points is None else f"{points:g}"
