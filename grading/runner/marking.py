"""Marking one answer on one pair: every cell in order, each on the side where it belongs, every result at once.

Cells that give points go to the judge's side, all others to the learner's. Only what the judge's side reports earns
points; what the learner's side tells explains why they were not earned.
"""

import time
from typing import Protocol

from nbformat import NotebookNode

from grading.answers import is_own
from grading.channel.frames import TooLarge
from grading.channel.testcell import TestReport, TestStatus
from grading.checks import AuthorError, CheckSpec, is_answer, nbgrader_metadata
from grading.exercise import Exercise
from grading.protocol import Cause, CheckResult, Job
from grading.runner import judge, messages
from grading.runner.judge import Answers, CellRun
from grading.runner.pair import JudgeGone, LearnerGone, Pair
from grading.runner.sides import CellTold, packed, written_prelude

_START_SECONDS = 60  # to confine itself and lay out files on a busy machine
_TRUTHS = ("True", "False", "np.True_", "np.False_")  # nbgrader takes none of them for points


class _Stopped(Exception):
    """No further cell can run. Says why, to the learner."""

    def __init__(self, message: str, cause: Cause) -> None:
        super().__init__(message)
        self.message, self.cause = message, cause


class Sides(Protocol):
    """Where the cells of one answer run: a `Pair` that has begun, or another Python (see `grading.elsewhere`)."""

    def run_cell(self, source: str, *, cell: str, seconds: float) -> tuple[CellTold, bool]:
        """As `Pair.run_cell`."""

    def run_test(self, source: str, *, seconds: float) -> tuple[TestReport, bool]:
        """As `Pair.run_test`."""


class Marking:
    """One answer, from its first cell to the result of every check."""

    def __init__(self, job: Job, *, exercise: Exercise, notebook: NotebookNode, sides: Sides) -> None:
        self._job, self._exercise, self._notebook, self._sides = job, exercise, notebook, sides
        self._specs = {spec.check: spec for spec in exercise.specs if not spec.by_person}
        self._runs: dict[int, CellRun] = {}
        self._learner_began = False
        self._deadline = 0.0
        self.results: dict[str, CheckResult] = {}
        self._held_because = messages.HELD
        self.is_doubtful = False  # the judge's side did what it never should: the warm process deserves a fresh start

    def run(self) -> None:
        """Run the notebook; afterwards `results` has every check that the engine decides. Raises AuthorError."""
        self._deadline = time.monotonic() + self._job.limits.total_seconds
        try:
            for index, cell in enumerate(self._notebook.cells):
                if cell.cell_type == "code":
                    self._run_cell(index, cell)
        except _Stopped as stop:
            self._give_up(stop)

    def _spec(self, cell: NotebookNode) -> CheckSpec | None:
        return self._specs.get(nbgrader_metadata(cell).get("grade_id", ""))

    def _run_cell(self, index: int, cell: NotebookNode) -> None:
        if time.monotonic() >= self._deadline:
            raise _Stopped(messages.too_slow(self._job.limits.total_seconds), Cause.TIME)
        run = self._runs[index] = CellRun()
        spec = self._spec(cell)
        try:
            stop = self._run_test(cell, run=run) if spec else self._run_learner(index, cell, run=run)
        except JudgeGone as gone:
            run.held, self.is_doubtful = True, not gone.late
            self._held_because = messages.TOO_LONG if gone.late else messages.HELD
            stop = _Stopped(self._held_because, Cause.HELD)
        if spec:
            self._note(index, cell, spec=spec, run=run)
        if stop:
            raise stop
        self._learner_began = self._learner_began or is_answer(cell) or is_own(cell)
        if not self._learner_began:
            _refuse_broken_exercise(cell, run)

    def _run_learner(self, index: int, cell: NotebookNode, *, run: CellRun) -> _Stopped | None:
        allowed = self._allowed()
        try:
            told, late = self._sides.run_cell(cell.source, cell=cell.get("id", str(index)), seconds=allowed)
        except LearnerGone as gone:
            run.too_slow_after = self._named(allowed) if gone.late else None
            run.python_ended = not gone.late
            return self._ended(run)
        run.finished = True
        run.too_slow_after = self._named(allowed) if late else None
        if not told.ok:
            cell.outputs = [_error(told.name, told.value)]
        return None

    def _run_test(self, cell: NotebookNode, *, run: CellRun) -> _Stopped | None:
        allowed = self._allowed()
        report, late = self._sides.run_test(cell.source, seconds=allowed)
        run.finished, run.line, run.held = True, report.line, report.status is TestStatus.HOLD
        run.too_slow_after = self._named(allowed) if late else None
        cell.outputs = _outputs(report)
        if report.status is TestStatus.UNSUPPORTED:
            raise AuthorError(f"The test {nbgrader_metadata(cell)['grade_id']} cannot be judged: {report.reason}")
        if report.status is not TestStatus.STOPPED:
            return None
        run.python_ended = not late
        return self._ended(run)

    def _ended(self, run: CellRun) -> _Stopped:
        """Why no later cell can run, now that the learner's side has ended during this one."""
        if run.too_slow_after is not None:
            return _Stopped(messages.too_slow(run.too_slow_after), Cause.TIME)
        return _Stopped(messages.python_ended(self._job.limits), Cause.EXIT)

    def _note(self, index: int, cell: NotebookNode, *, spec: CheckSpec, run: CellRun) -> None:
        if run.held:
            self.results[spec.check] = judge.held(spec, because=self._held_because)
            return
        self.results[spec.check] = judge.judge_code(
            cell,
            spec=spec,
            run=run,
            answers=self._answers(index),
            limits=self._job.limits,
            neutral=self._job.hidden_messages.get(spec.check) or spec.hidden_message or messages.HIDDEN,
        )

    def _give_up(self, stop: _Stopped) -> None:
        """A result for each check that gets no turn. The first says why, unless a check before it has said so."""
        told = {result.message for result in self.results.values()}
        for spec in self._specs.values():
            if spec.check in self.results:
                continue
            if stop.cause is Cause.HELD:
                self.results[spec.check] = judge.held(spec, because=stop.message)
            else:
                message = messages.STOPPED_EARLIER if stop.message in told else stop.message
                told.add(stop.message)
                self.results[spec.check] = judge.not_run(spec, message=message, cause=stop.cause)

    def _answers(self, index: int) -> Answers:
        """The answer cells between a check and the check before it, or else the nearest answer cell above."""
        found: list[int] = []
        for above in range(index - 1, -1, -1):
            cell = self._notebook.cells[above]
            if cell.cell_type == "code" and is_answer(cell):
                found.insert(0, above)
            elif nbgrader_metadata(cell).get("grade") and found:
                break
        cells = [self._notebook.cells[position] for position in found]
        stubs = tuple(self._exercise.stubs[nbgrader_metadata(cell)["grade_id"]] for cell in cells)
        return Answers(
            stubs=stubs,
            all_untouched=bool(cells) and all(_untouched(cell, stub) for cell, stub in zip(cells, stubs, strict=True)),
            runs=tuple(self._runs[position] for position in found if position in self._runs),
            failures=tuple(failure for cell in cells if (failure := judge.first_failure(cell))),
        )

    def _allowed(self) -> float:
        return max(min(self._job.limits.cell_seconds, self._deadline - time.monotonic()), 0.1)

    def _named(self, allowed: float) -> float:
        """The limit that was hit, as the learner should read it."""
        limits = self._job.limits
        return limits.cell_seconds if allowed >= limits.cell_seconds else limits.total_seconds


def begin(pair: Pair, *, job: Job, exercise: Exercise, notebook: NotebookNode) -> None:
    """Give both sides what they need before the first cell. Raises AuthorError, SandboxRefused, Late and SideGone."""
    names, contents = packed(job.files)
    common = {"op": "begin", "files": names, "seed": job.seed}
    orders = {**common, "output_bytes": job.limits.output_kb << 10, "is_seen": False}
    try:
        pair.learner.send(orders, contents, seconds=_START_SECONDS)
    except TooLarge as problem:
        raise AuthorError(f"The files beside the notebook are too large to be laid out: {problem}") from problem
    tests = {spec.check for spec in exercise.specs if not spec.by_person}
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    sources = [cell.source for cell in code if nbgrader_metadata(cell).get("grade_id", "") not in tests]
    orders = {**common, "prelude": written_prelude(exercise.prelude), "sources": sources}
    pair.judge.send(orders, contents, seconds=_START_SECONDS)
    pair.learner.receive(seconds=_START_SECONDS)
    told = pair.judge.receive(seconds=_START_SECONDS)
    if reason := told.head.get("failed"):
        raise AuthorError(f"The exercise's own cells fail at the judge: {reason}")


def _outputs(report: TestReport) -> list[NotebookNode]:
    """What nbgrader would find in the cell, for its own rule of points."""
    if report.status is TestStatus.FAILED:
        return [_error(report.error, report.message)]
    if not report.value_text:
        return []
    is_number = report.score is not None and not report.value_text.startswith(_TRUTHS)
    text = repr(report.score) if is_number else report.value_text
    shown = NotebookNode({"text/plain": text})
    return [NotebookNode(output_type="execute_result", data=shown, metadata=NotebookNode(), execution_count=1)]


def _error(name: str, value: str) -> NotebookNode:
    return NotebookNode(output_type="error", ename=name, evalue=value, traceback=[])


def _refuse_broken_exercise(cell: NotebookNode, run: CellRun) -> None:
    """What goes wrong before the learner's first cell is not the learner's doing."""
    failure = judge.first_failure(cell)
    if failure is None and run.too_slow_after is None:
        return
    words = f"{failure.name}: {failure.value}" if failure else "it did not finish"
    raise AuthorError(f"The exercise's own cell {cell.get('id', '')} fails before the learner's first: {words[:300]}")


def _untouched(cell: NotebookNode, stub: str) -> bool:
    return cell.source.strip() in ("", stub.strip())
