"""The child's side of one job: confine, read, merge, run, judge, and say each result as soon as it is known."""

import os
import platform
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from nbformat import NotebookNode

from grading import __version__
from grading.answers import AnswerRefused, is_own, merge, read_answer, written_below
from grading.checks import AuthorError, CheckSpec, checks, checks_sha256, is_answer, nbgrader_metadata, read_source
from grading.protocol import Cause, CheckResult, Job, Limits, Outcome, Provenance, Verdict, from_json, to_json
from grading.release import prepare
from grading.runner import judge, messages
from grading.runner.cells import NotebookStopped, WatchedExecute, failing_line
from grading.runner.events import EventKind, Timings
from grading.runner.judge import Answers, CellRun
from grading.sandbox import confine
from grading.sandbox.slots import SandboxRefused, Slot

LIBRARIES = ("nbgrader", "nbclient", "ipykernel", "ipython", "numpy", "pandas")
Say = Callable[[EventKind, str], None]


@dataclass
class Stopwatch:
    """Milliseconds per phase, from one call to the next."""

    since: float = field(default_factory=time.monotonic)
    phases: dict[str, int] = field(default_factory=dict)

    def lap(self, phase: str) -> None:
        """Give the time since the last call to `phase`."""
        now = time.monotonic()
        self.phases[phase] = round((now - self.since) * 1000)
        self.since = now


def run_job(
    job_fd: int, *, limits: Limits, seed: int, scratch: Path, slot: Slot | None, own_processes: bool, say: Say
) -> None:
    """Do one job in this process, which is the job's own. Always ends by saying finished, refused or failed."""
    watch = Stopwatch()
    try:
        isolation = confine.enter(
            scratch,
            limits=limits,
            slot=slot,
            own_processes=own_processes,
            seed=seed,
            data_bytes=os.fstat(job_fd).st_size,
        )
        watch.lap("confine")
        with open(job_fd, "rb") as stream:
            job = from_json(Job, stream.read().decode("ascii"))
        _lay_out_files(job.files)
        _mark(job, isolation=isolation, watch=watch, say=say)
        say(EventKind.FINISHED, to_json(Timings(phases=watch.phases)))
    except AnswerRefused as refusal:
        say(EventKind.REFUSED, refusal.message)
    except (AuthorError, SandboxRefused) as problem:
        say(EventKind.FAILED, str(problem))
    except Exception as problem:  # noqa: BLE001 (this process begins here: every other fault is ours)
        say(EventKind.FAILED, _told(problem))


def _told(problem: Exception) -> str:
    """What went wrong and where, for operators and the log. The exception's own words may quote the learner: only those
    of the system and of imports, which name files, are repeated.
    """
    frames = traceback.extract_tb(problem.__traceback__)
    words = f": {problem}" if isinstance(problem, OSError | ImportError) else ""
    last = frames[-1]
    first_line = f"{type(problem).__name__} in {last.name}, {Path(last.filename).name}:{last.lineno}{words}"
    return first_line.replace("\n", " ")[:500] + "\n" + "".join(traceback.format_list(frames))[-4000:]


def _lay_out_files(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _mark(job: Job, *, isolation: str, watch: Stopwatch, say: Say) -> None:
    source = read_source(job.source)
    specs = checks(source)
    prepared = prepare(source)
    released = prepared.released
    answer = read_answer(job.answer.encode("utf-8", "replace"), source=released, allow_unchanged=True)
    notebook = merge(prepared, answer=answer)
    written = {spec.check: _cell_of(notebook, spec) for spec in specs if spec.by_person}
    planned = [
        judge.judge_written(written[spec.check], spec=spec) if spec.by_person else judge.not_run(spec, message="")
        for spec in specs
    ]
    plan = Verdict(
        job_id=job.job_id,
        outcome=Outcome.MARKED,
        checks=tuple(planned),
        provenance=_provenance(source, isolation=isolation, seed=job.seed),
        free_text={
            **{name: cell.source for name, cell in written.items()},
            **written_below(answer, source=released),
        },
    )
    say(EventKind.PLAN, to_json(plan))
    watch.lap("prepare")
    _Marking(job, notebook=notebook, released=released, specs=specs, say=say, watch=watch).run()
    watch.lap("cells")


def _cell_of(notebook: NotebookNode, spec: CheckSpec) -> NotebookNode:
    return next(cell for cell in notebook.cells if nbgrader_metadata(cell).get("grade_id") == spec.check)


def _provenance(source: NotebookNode, *, isolation: str, seed: int) -> Provenance:
    return Provenance(
        tests_sha256=checks_sha256(source),
        engine_version=__version__,
        libraries={name: version(name) for name in LIBRARIES},
        python=platform.python_version(),
        isolation=isolation,
        seed=seed,
    )


class _Marking:
    """Runs the merged notebook and says the result of each check right after its cell."""

    def __init__(
        self,
        job: Job,
        *,
        notebook: NotebookNode,
        released: NotebookNode,
        specs: tuple[CheckSpec, ...],
        say: Say,
        watch: Stopwatch,
    ) -> None:
        self.job, self.notebook, self.say, self.watch = job, notebook, say, watch
        self.specs = {spec.check: spec for spec in specs if not spec.by_person}
        self.stubs = {nbgrader_metadata(cell)["grade_id"]: cell.source for cell in released.cells if is_answer(cell)}
        self.open = dict(self.specs)  # checks without a result
        self.runs: dict[int, CellRun] = {}
        self.told: set[str] = set()
        self.learner_began = False

    def run(self) -> None:
        """Run every cell; checks that get no turn are said to have had none."""
        execute = WatchedExecute(limits=self.job.limits, on_start=self._started, on_cell=self._cell_done)
        try:
            execute.preprocess(self.notebook, {"metadata": {"path": str(Path.cwd())}})
        except NotebookStopped as stop:
            for spec in list(self.open.values()):
                told = str(stop) in self.told
                self._say_result(judge.not_run(spec) if told else judge.not_run(spec, message=str(stop)))

    def _started(self) -> None:
        self.watch.lap("start_kernel")
        self.say(EventKind.STARTED, "")

    def _cell_done(self, index: int, run: CellRun) -> None:
        self.runs[index] = run
        cell = self.notebook.cells[index]
        run.line = failing_line(cell)
        self.learner_began = self.learner_began or is_answer(cell) or is_own(cell)
        if not self.learner_began:
            _refuse_broken_exercise(cell, run)
        spec = self.open.pop(nbgrader_metadata(cell).get("grade_id", ""), None)
        if spec is None:
            return
        result = judge.judge_code(
            cell,
            spec=spec,
            run=run,
            answers=self._answers(index),
            limits=self.job.limits,
            neutral=self.job.hidden_messages.get(spec.check) or spec.hidden_message or messages.HIDDEN,
        )
        self._say_result(result)

    def _say_result(self, result: CheckResult) -> None:
        self.told.add(result.message)
        self.say(EventKind.CHECK, to_json(replace(result, cause=Cause.NONE)))  # this engine does not tell them

    def _answers(self, index: int) -> Answers:
        """The answer cells between a check and the check before it, or else the nearest answer cell above."""
        found: list[int] = []
        for above in range(index - 1, -1, -1):
            cell = self.notebook.cells[above]
            if cell.cell_type == "code" and is_answer(cell):
                found.insert(0, above)
            elif nbgrader_metadata(cell).get("grade") and found:
                break
        cells = [self.notebook.cells[position] for position in found]
        stubs = tuple(self.stubs[nbgrader_metadata(cell)["grade_id"]] for cell in cells)
        return Answers(
            stubs=stubs,
            all_untouched=bool(cells) and all(_untouched(cell, stub) for cell, stub in zip(cells, stubs, strict=True)),
            runs=tuple(self.runs[position] for position in found if position in self.runs),
            failures=tuple(failure for cell in cells if (failure := judge.first_failure(cell))),
        )


def _refuse_broken_exercise(cell: NotebookNode, run: CellRun) -> None:
    """What goes wrong before the learner's first cell is not the learner's doing."""
    failure = judge.first_failure(cell)
    if failure is None and run.too_slow_after is None and not run.python_ended:
        return
    words = f"{failure.name}: {failure.value}" if failure else "it did not finish"
    raise AuthorError(f"The exercise's own cell {cell.get('id', '')} fails before the learner's first: {words[:300]}")


def _untouched(cell: NotebookNode, stub: str) -> bool:
    return cell.source.strip() in ("", stub.strip())
