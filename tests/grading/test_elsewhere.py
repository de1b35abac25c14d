"""Marks from what another Python did with the cells: the engine's own, whoever ran them."""

import ast
import traceback

import pytest

from grading.elsewhere import Ran, mark_elsewhere
from grading.protocol import Cause, CheckStatus, Outcome
from tests.grading.answering import RIGHT, answered, exercise, job, points, result_of

SOURCE = exercise("doubling")
NAMES = ["test_double", "test_long_words", "test_share"]
ANSWERS = {
    "right": RIGHT,
    "wrong": {**RIGHT, "double": "def double(x):\n    return x + 2"},
    "wrong where it is hidden": {**RIGHT, "double": "def double(x):\n    return abs(2 * x)"},
    "raises": {**RIGHT, "double": "def double(x):\n    return x / 0"},
    "cannot be read": {**RIGHT, "double": "def double(x)\n    return 2 * x"},
    "untouched": {},
}


class PlainPython:
    """Runs cells in this process, one after another, as a Python of the simplest kind."""

    def __init__(self) -> None:
        self.names: dict[str, object] = {}

    def __call__(self, source: str, seconds: float) -> Ran:
        try:
            return self._ran(source)
        except Exception as problem:  # noqa: BLE001, an answer may raise anything
            steps = traceback.extract_tb(problem.__traceback__)
            lines = [step.lineno for step in steps if step.filename == source]
            return Ran(error=type(problem).__name__, message=str(problem), line=lines[-1] if lines else None)

    def _ran(self, source: str) -> Ran:
        tree = ast.parse(source)
        last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        tree.body = [step for step in tree.body if step is not last]
        exec(compile(tree, source, "exec"), self.names)  # noqa: S102
        value = eval(compile(ast.Expression(last.value), source, "eval"), self.names) if last else None  # noqa: S307
        score = float(value) if isinstance(value, int | float) else None
        return Ran(value="" if value is None else repr(value), score=score)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_results_are_those_that_the_engine_gives(engine, answer):
    asked = job(SOURCE, answer=answered(SOURCE, **answer))

    verdict = mark_elsewhere(asked, run=PlainPython())

    assert (verdict.job_id, verdict.outcome) == (asked.job_id, Outcome.MARKED)
    assert list(verdict.checks) == [result for result in engine.mark(asked).checks if result.check in NAMES]


def after(cell: str, told: Ran):
    """A Python that says `told` of the first cell with `cell` in it, and runs the others."""
    python = PlainPython()

    def run(source: str, seconds: float) -> Ran:
        return told if cell in source else python(source, seconds)

    return run


def test_a_test_that_was_stopped_for_its_time_gives_none_of_its_points_and_the_next_one_runs():
    late = after("assert double(2)", Ran(error="KeyboardInterrupt", is_late=True))

    verdict = mark_elsewhere(job(SOURCE, answer=answered(SOURCE, **RIGHT)), run=late)

    assert points(verdict) == {"test_double": 0.0, "test_long_words": 3.0, "test_share": 2.0}
    assert result_of(verdict, check="test_double").cause is Cause.TIME


@pytest.mark.parametrize(("is_late", "cause"), [(True, Cause.TIME), (False, Cause.EXIT)])
@pytest.mark.parametrize("cell", ["def double(x)", "assert double(2)"])
def test_where_that_python_ends_no_later_check_runs(cell, is_late, cause):
    ended = after(cell, Ran(has_ended=True, is_late=is_late))

    verdict = mark_elsewhere(job(SOURCE, answer=answered(SOURCE, **RIGHT)), run=ended)

    assert points(verdict) == dict.fromkeys(NAMES, 0.0)
    assert verdict.checks[0].cause is cause
    assert {result.status for result in verdict.checks[1:]} == {CheckStatus.NOT_RUN}


def test_an_exercise_that_fails_there_before_the_learners_first_cell_gets_no_mark():
    without = after("BASE = 2", Ran(error="ModuleNotFoundError", message="No module named 'base'"))

    verdict = mark_elsewhere(job(SOURCE, answer=answered(SOURCE, **RIGHT)), run=without)

    assert (verdict.outcome, verdict.by_author, verdict.checks) == (Outcome.FAILED_OURS, True, ())
    assert verdict.reason.endswith("fails before the learner's first: ModuleNotFoundError: No module named 'base'")


def test_each_cell_gets_the_seconds_of_the_exercise():
    given = set()

    def run(source: str, seconds: float) -> Ran:
        given.add(seconds)
        return Ran()

    mark_elsewhere(job(SOURCE, answer=answered(SOURCE, **RIGHT)), run=run)

    assert given == {8}
