"""Running and judging one case of a notebooks folder, through our engine and, where asked, through plain nbgrader."""

import math
import time
from dataclasses import dataclass
from typing import Any

import nbformat

from grading.acceptance import exercises, outputs, stock
from grading.acceptance.ground import Ground, Observed
from grading.acceptance.manifest import NotebookCase
from grading.acceptance.marks import Marking, marking_of, wrong_marks
from grading.acceptance.report import Result
from grading.acceptance.subject import Ask
from grading.protocol import Job, Limits, TrialJob, to_json

_TOTAL_SECONDS = 60  # for all cells of a case that names no bound
_SPARE_SECONDS = 15.0  # beyond that, to confine, read and answer
_STUCK_SECONDS = 60.0  # beyond the bound of the whole, until the engine counts as stuck
_RESULT_BYTES = 9_000_000
_ONLY_MARKS = ("cheat", "control", "fidelity")  # what the other classes show is looked at as well
_MAX_RSS_MB = 2.5 * 1024  # the limit on a learner's memory, and what the engine's own process needs


@dataclass(frozen=True, kw_only=True)
class Marked:
    """What came of one marking, and what the learner's code showed."""

    marking: Marking
    seconds: float  # of the marking alone
    result_bytes: int
    shown: tuple[str, ...] = ()  # what is wrong with what it showed


def run(case: NotebookCase, *, ground: Ground, beside_stock: bool) -> Result:
    """Mark the answer and judge the marks, the time and what was left behind."""
    data, source = case.file.read_bytes(), case.source.read_text(encoding="utf-8")
    busy = ground.arena.canaries.watch_ports_of(_source_text(data))
    limits = _limits(case)
    observed = ground.observe(lambda: _marked(case, data, source=source, limits=limits, ground=ground))
    problems = _problems(case, observed) + ground.aftermath(observed.living)
    marking = observed.answer.marking if observed.answer else Marking(outcome="lost")
    return Result(
        folder=case.file.parent.name,
        id=case.id,
        state=marking.outcome,
        seconds=observed.answer.seconds if observed.answer else observed.seconds,
        problems=tuple(problems),
        notes=tuple(_notes(case, data, busy=busy)),
        facts={**_facts(case, marking), "rss_mb": round(observed.rss_mb)},
        stock=_beside(case, data, source=source, token=ground.arena.token) if beside_stock else None,
    )


def _marked(case: NotebookCase, data: bytes, *, source: str, limits: Limits, ground: Ground) -> Marked:
    seconds = _bound(case) + _STUCK_SECONDS
    job = Job(job_id=case.id, source=source, answer="", limits=limits)
    begun = time.monotonic()
    told = ground.ask(Ask(job=job, answer=data), seconds=seconds)
    took = time.monotonic() - begun
    if told.verdict is None:
        return Marked(marking=Marking(outcome="failed", reason=told.fault), seconds=took, result_bytes=0)
    text = to_json(told.verdict)
    shown = ["the worker's secret was shown"] if ground.arena.token in text else []
    if case.kind not in _ONLY_MARKS:
        shown += _shown(data, limits=limits, ground=ground, seconds=seconds)
    return Marked(marking=marking_of(told.verdict), seconds=took, result_bytes=len(text), shown=tuple(shown))


def _shown(data: bytes, *, limits: Limits, ground: Ground, seconds: float) -> list[str]:
    """What is wrong with what the learner's cells and texts show, run once more for that."""
    drawn, text = [exercises.texts_as_outputs(data)], ""
    if code := "\n\n".join(exercises.code_cells(data, tests=False)):
        told = ground.ask(Ask(trial=TrialJob(code=code, limits=limits)), seconds=seconds)
        if told.trial is None:
            return [f"what it shows could not be looked at: {told.fault}"]
        drawn.append(told.trial.outputs)
        text = "\n".join([told.trial.stdout, outputs.everything(told.trial.outputs), told.trial.error])
    found = outputs.betrayed(text, secret=ground.arena.token)
    for shown in drawn:
        page = ground.ask(Ask(outputs=shown), seconds=seconds)
        found += [f"the page could not be drawn: {page.fault}"] if page.fault else []
        found += [f"active content: {item}" for item in outputs.active_content(page.page)[:4]]
    return found


def _problems(case: NotebookCase, observed: Observed[Marked]) -> list[str]:
    if observed.answer is None:
        return [observed.lost]
    found = wrong_marks(case, observed.answer.marking) + list(observed.answer.shown)
    if observed.answer.seconds > _bound(case):
        found.append(f"took {observed.answer.seconds:.1f} s, more than {_bound(case):g}")
    if observed.answer.result_bytes > _RESULT_BYTES:
        found.append(f"the verdict has {observed.answer.result_bytes} bytes")
    if observed.rss_mb > _MAX_RSS_MB:
        found.append(f"a process used {observed.rss_mb:.0f} MB of memory")
    return found


def _beside(case: NotebookCase, data: bytes, *, source: str, token: str) -> Result:
    """The same case through plain nbgrader."""
    came = stock.mark(data, source=source, cell_seconds=case.cell_seconds, seconds=_bound(case) + 60, secret=token)
    problems = wrong_marks(case, came.marking) + list(came.harm)
    if came.seconds > _bound(case):
        problems.append(f"took {came.seconds:.1f} s, more than {_bound(case):g}")
    return Result(
        folder=case.file.parent.name,
        id=case.id,
        state=came.marking.outcome,
        seconds=came.seconds,
        problems=tuple(problems),
        facts=_facts(case, came.marking),
    )


def _limits(case: NotebookCase) -> Limits:
    cell = math.ceil(case.cell_seconds)
    total = _TOTAL_SECONDS if case.max_wall_seconds is None else int(case.max_wall_seconds * 0.75)
    return Limits(cell_seconds=cell, total_seconds=max(cell, min(total, _TOTAL_SECONDS)))


def _bound(case: NotebookCase) -> float:
    return case.max_wall_seconds or _TOTAL_SECONDS + _SPARE_SECONDS


def _notes(case: NotebookCase, data: bytes, *, busy: list[int]) -> list[str]:
    notes = [f"must hold: {case.must_hold}"] if case.must_hold else []
    if case.valid_nbformat is not None and case.valid_nbformat != _is_valid(data):
        notes.append(f"valid_nbformat says {case.valid_nbformat}, which is not so")
    return notes + [f"port {port} is taken, so nobody listened there" for port in busy]


def _is_valid(data: bytes) -> bool:
    try:
        nbformat.validate(nbformat.reads(data.decode(), as_version=nbformat.NO_CONVERT))
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError, nbformat.ValidationError):
        return False
    return True


def _source_text(data: bytes) -> str:
    return "\n".join(exercises.code_cells(data))


def _facts(case: NotebookCase, marking: Marking) -> dict[str, Any]:
    return {
        "class": case.kind,
        "tries": case.tries,
        "right_outcome": case.right_outcome,
        "must_hold": case.must_hold,
        "points": marking.points,
        "expected": case.points,
    }
