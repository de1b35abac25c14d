"""Points for one check. nbgrader's `determine_grade` decides, with its traps closed.

Left alone it gives full marks to a cell that never ran, none to a cell that printed a warning, and full marks for a
partial score that is negative or not a number.
"""

import copy
import math
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_task

from grading.checks import AuthorError, CheckSpec, hidden_lines
from grading.protocol import Cause, CheckResult, CheckStatus, Limits
from grading.runner import messages
from grading.runner.messages import Failure


@dataclass
class CellRun:
    """What happened to one cell. Everything false: it never ran."""

    finished: bool = False  # its side answered that it ran the cell, well or not
    line: int | None = None  # of the cell, at which it failed
    too_slow_after: float | None = None  # seconds
    python_ended: bool = False
    held: bool = False  # something tried to look like an answer


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The learner's cells that a check is about: those between it and the check before."""

    stubs: tuple[str, ...] = ()
    all_untouched: bool = False
    runs: tuple[CellRun, ...] = ()
    failures: tuple[Failure, ...] = field(default=())


def judge_written(cell: NotebookNode, *, spec: CheckSpec) -> CheckResult:
    """The result of a cell that a person marks: waiting, or nothing for an answer never written.

    The answer to a task is in other cells, so that a task always waits.
    """
    waiting = CheckResult(check=spec.check, status=CheckStatus.WAITING, points=None, max_points=spec.max_points)
    if is_task(cell):
        return waiting
    points, _ = determine_grade(cell)
    if points is None and cell.source.strip():
        return waiting
    return _failed(spec, messages.NO_ANSWER)


def judge_code(
    cell: NotebookNode, *, spec: CheckSpec, run: CellRun, answers: Answers, limits: Limits, neutral: str
) -> CheckResult:
    """The result of a test cell that was given to the judge. Raises AuthorError for a score that nobody can mean.

    `neutral` is the only line shown when the hidden part fails.
    """
    if run.python_ended:
        return _failed(spec, messages.python_ended(limits), cause=Cause.EXIT)
    if run.too_slow_after is not None:
        return _failed(spec, messages.too_slow(run.too_slow_after), cause=Cause.TIME)
    if not run.finished:
        return not_run(spec)
    if failure := first_failure(cell):
        return _explained(failure, line=run.line, cell=cell, spec=spec, answers=answers, neutral=neutral)
    return _scored(_points(cell, spec=spec), spec=spec)


def held(spec: CheckSpec, *, because: str) -> CheckResult:
    """The result of a check that a person decides, with the sentence that says why."""
    return CheckResult(
        check=spec.check,
        status=CheckStatus.WAITING,
        points=None,
        max_points=spec.max_points,
        message=because,
        cause=Cause.HELD,
    )


def _scored(points: float, *, spec: CheckSpec) -> CheckResult:
    if points == spec.max_points:
        return CheckResult(check=spec.check, status=CheckStatus.PASSED, points=points, max_points=spec.max_points)
    if points == 0:
        return _failed(spec, f"This check gave none of its {spec.max_points:g} points.")
    words = f"You earned {points:g} of {spec.max_points:g} points."
    return CheckResult(
        check=spec.check, status=CheckStatus.PARTIAL, points=points, max_points=spec.max_points, message=words
    )


def not_run(spec: CheckSpec, *, message: str = messages.STOPPED_EARLIER, cause: Cause = Cause.NONE) -> CheckResult:
    """The result of a check that never got its turn: no points."""
    return CheckResult(
        check=spec.check,
        status=CheckStatus.NOT_RUN,
        points=0.0,
        max_points=spec.max_points,
        message=message,
        cause=cause,
    )


def first_failure(cell: NotebookNode) -> Failure | None:
    """The exception that ended a code cell, if one did."""
    errors = (output for output in cell.get("outputs", []) if output.output_type == "error")
    error = next(errors, None)
    return Failure(name=str(error.ename), value=str(error.evalue)) if error else None


def _explained(
    failure: Failure, *, line: int | None, cell: NotebookNode, spec: CheckSpec, answers: Answers, neutral: str
) -> CheckResult:
    cause = messages.cause_of(failure)
    if answers.all_untouched:
        return _failed(spec, messages.untouched(answers.stubs[-1]), cause=cause)
    slow = [run.too_slow_after for run in answers.runs if run.too_slow_after is not None]
    if failure.name != "AssertionError" and slow:
        return _failed(spec, messages.too_slow(slow[0]), cause=Cause.TIME)
    if spec.has_hidden and (line is None or line in hidden_lines(cell.source)):
        return _failed(spec, neutral, hidden=True, cause=cause)
    if failure.name == "AssertionError":
        return _failed(spec, messages.assertion(failure, source=cell.source, line=line), cause=cause)
    if failure.name == "NameError" and answers.failures:  # the answer's own cell failed, so its name is missing
        failure = answers.failures[0]
    return _failed(spec, messages.exception(failure), cause=cause)


def _points(cell: NotebookNode, *, spec: CheckSpec) -> float:
    cell = copy.deepcopy(cell)
    cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    results = (output for output in cell.outputs if output.output_type == "execute_result")
    result = next(results, None)
    score = _number(result["data"].get("text/plain", "")) if result else None
    if score is not None and not 0 <= score <= spec.max_points:  # also true of a NaN
        raise AuthorError(f"The check {spec.check} gave {score} points. It may give 0 to {spec.max_points:g}.")
    try:
        return float(determine_grade(cell)[0])
    except (KeyError, ValueError) as problem:
        raise AuthorError(f"The result of the check {spec.check} cannot be read as points.") from problem


def _number(text: object) -> float | None:
    try:
        return float("".join(text) if isinstance(text, list) else str(text))
    except ValueError:
        return None
    except OverflowError:
        return math.inf


def _failed(spec: CheckSpec, message: str, *, hidden: bool = False, cause: Cause = Cause.NONE) -> CheckResult:
    return CheckResult(
        check=spec.check,
        status=CheckStatus.FAILED,
        points=0.0,
        max_points=spec.max_points,
        message=message,
        hidden=hidden,
        cause=cause,
    )
