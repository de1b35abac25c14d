"""Marks by the engine's rules what another Python did with the cells: the browser's, for one.

Points, causes and words come about as the engine's do. But whatever runs the cells is believed, and learner and tests
share it: no mark that counts may come from here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from grading.answers import merge, read_answer
from grading.channel.reports import TestReport, TestStatus
from grading.checks import AuthorError
from grading.exercise import read_exercise
from grading.protocol import Job, Outcome, Verdict
from grading.runner.marking import Marking
from grading.runner.pair import LearnerGone
from grading.runner.sides import CellTold


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What became of one cell."""

    error: str = ""  # name of the exception's class, where one ended it
    message: str = ""  # of that exception
    line: int | None = None  # of the cell, from 1, at which it failed
    value: str = ""  # repr of the last expression; empty for None
    score: float | None = None  # the same, where it is a number
    is_late: bool = False  # it was stopped for its time
    has_ended: bool = False  # that Python runs no more


Run = Callable[[str, float], Ran]  # the cell's source, and the seconds that it may take


def mark_elsewhere(job: Job, *, run: Run) -> Verdict:
    """The verdict where `run` runs every cell, in order. Checks that a person marks are left out of it.

    Raises AnswerRefused.
    """
    exercise = read_exercise(job.source)
    answer = read_answer(job.answer.encode("utf-8", "replace"), source=exercise.released, allow_unchanged=True)
    notebook = merge(exercise.prepared, answer=answer)
    marking = Marking(job, exercise=exercise, notebook=notebook, sides=_Elsewhere(run))
    try:
        marking.run()
    except AuthorError as problem:
        return Verdict(job_id=job.job_id, outcome=Outcome.FAILED_OURS, reason=str(problem), by_author=True)
    results = tuple(marking.results[spec.check] for spec in exercise.specs if not spec.by_person)
    return Verdict(job_id=job.job_id, outcome=Outcome.MARKED, checks=results)


class _Elsewhere:
    """Both sides in one Python."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def run_cell(self, source: str, *, cell: str, seconds: float) -> tuple[CellTold, bool]:
        ran = self._run(source, seconds)
        if ran.has_ended:
            raise LearnerGone(late=ran.is_late)
        return CellTold(ok=not ran.error, name=ran.error, value=ran.message), ran.is_late

    def run_test(self, source: str, *, seconds: float) -> tuple[TestReport, bool]:
        ran = self._run(source, seconds)
        if ran.has_ended:
            return TestReport(status=TestStatus.STOPPED), ran.is_late
        if ran.error:
            failed = TestReport(status=TestStatus.FAILED, error=ran.error, message=ran.message, line=ran.line)
            return failed, ran.is_late
        return TestReport(status=TestStatus.PASSED, value_text=ran.value, score=ran.score), ran.is_late
