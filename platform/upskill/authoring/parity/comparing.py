"""One exercise in both Pythons: every answer that its author knows, check by check."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import nbformat

from grading.channel.magics import without_magics
from grading.elsewhere import mark_elsewhere
from grading.engine import Engine, EngineFailed
from grading.protocol import Cause, CheckResult, CheckStatus, Job, Limits, Outcome, Verdict
from upskill.catalogue.course_files.mistakes import CourseError

from .answers import Answer, answers_of
from .browser_python import BrowserPython, BrowserPythonBroken, Runtime
from .exercises import Exercise
from .needs import CannotCompare

SLOWER = 5  # times the limits that the browser's Python gets: WebAssembly takes so much longer where it is slow


class EngineCannotMark(Exception):
    """The engine gave no mark, so that there is nothing to compare with. The message says why."""


REFUSALS = (CannotCompare, BrowserPythonBroken, EngineCannotMark, EngineFailed, CourseError)


@dataclass(frozen=True)
class Compared:
    """One check of one answer, as both have it. The browser's has no points where nothing could be marked there."""

    answer: str
    engine: CheckResult
    browser: CheckResult

    @property
    def check(self) -> str:
        """The check's name."""
        return self.engine.check

    @property
    def differs(self) -> bool:
        """Whether the two give other points, or take them for another reason."""
        return (self.engine.points, self.engine.cause) != (self.browser.points, self.browser.cause)

    @property
    def has_other_words(self) -> bool:
        """Whether a learner reads something else, though nothing differs. How much time there was is no matter."""
        return not self.differs and self.engine.cause is not Cause.TIME and self.engine.message != self.browser.message


def shown(points: float | None) -> str:
    """Points as a table has them: such as 4, or no mark."""
    return "no mark" if points is None else f"{points:g}"


def compared(exercise: Exercise, *, engine: Engine, runtime: Runtime) -> Iterator[Compared]:
    """Each check of each answer, as soon as that answer is done; ten to twenty seconds each.

    Checks that a person marks are left out. Raises EngineCannotMark, BrowserPythonBroken, CourseError.
    """
    for answer in answers_of(exercise.content, folder=exercise.folder):
        job = _job(exercise, answer=answer)
        ours = engine.mark(job)
        if ours.outcome is not Outcome.MARKED:
            raise EngineCannotMark(f"The marking engine cannot mark {answer.name} of {exercise.name}: {ours.reason}")
        theirs = _in_the_browser(job, runtime=runtime)
        yield from _side_by_side(answer, exercise=exercise, engine=ours, browser=theirs)


def _job(exercise: Exercise, *, answer: Answer) -> Job:
    content = exercise.content
    return Job(
        job_id=f"{exercise.name} {answer.name}",
        source=content.source,
        answer=answer.notebook,
        files=content.files,
        limits=Limits(**content.limits),
        hidden_messages=content.hidden_messages,
    )


def _in_the_browser(job: Job, *, runtime: Runtime) -> Verdict:
    limits = replace(
        job.limits, cell_seconds=job.limits.cell_seconds * SLOWER, total_seconds=job.limits.total_seconds * SLOWER
    )
    job = replace(job, limits=limits)
    with BrowserPython(runtime, cells=_code(job), files=job.files, limits=limits) as python:
        return mark_elsewhere(job, run=python.run)


def _code(job: Job) -> list[str]:
    """The code of exercise and answer, as plain Python as it gets: whose imports say which packages are needed."""
    notebooks = (nbformat.reads(text, as_version=4) for text in (job.source, job.answer))
    return [without_magics(cell.source) for each in notebooks for cell in each.cells if cell.cell_type == "code"]


def _side_by_side(answer: Answer, *, exercise: Exercise, engine: Verdict, browser: Verdict) -> Iterator[Compared]:
    by_person = {check.slug for check in exercise.content.checks if check.by_person}
    theirs = {result.check: result for result in browser.checks}
    for ours in engine.checks:
        if ours.check not in by_person:
            yield Compared(answer.name, ours, theirs.get(ours.check) or _unmarked(ours, because=browser.reason))


def _unmarked(result: CheckResult, *, because: str) -> CheckResult:
    return replace(result, status=CheckStatus.NOT_RUN, points=None, message=because, hidden=False, cause=Cause.NONE)
