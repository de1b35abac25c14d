"""One slot's supervisor: a proven wall, warm processes behind it, and one job at a time from text to verdict."""

import gc
import platform
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Self

from nbformat import NotebookNode

from grading import __version__
from grading.answers import TOO_MUCH, AnswerRefused, merge, read_answer, written_below
from grading.channel.frames import TooLarge
from grading.checks import AuthorError, nbgrader_metadata
from grading.exercise import Exercise, read_exercise
from grading.protocol import CheckResult, Job, Limits, Outcome, Provenance, Trial, TrialJob, Verdict, from_json
from grading.release import import_nbgrader
from grading.runner import judge, messages
from grading.runner.marking import Marking, begin
from grading.runner.orders import Ended, Recycled
from grading.runner.pair import Late, Pair, SideGone
from grading.runner.trial import try_out
from grading.runner.warm import WarmFailed
from grading.runner.warm_set import WarmSet
from grading.runner.warmth import needed
from grading.sandbox.prove import choose
from grading.sandbox.slots import SandboxRefused, take_slot

LIBRARIES = ("nbgrader", "ipython", "numpy", "pandas", "scikit-learn", "matplotlib")
_MOST_REASON = 1000  # characters
_MOST_JOBS = 200  # of one slot's warm processes
_PROOF_SECONDS = 600  # for which a proof of the wall is believed


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


class Supervisor:
    """Marks answers behind a wall that was proved within the last ten minutes."""

    def __init__(self, isolation: str, *, owner: socket.socket) -> None:
        """`isolation` as GRADER_ISOLATION gives it. Raises SandboxRefused where no wall can be proved, WarmFailed."""
        self._isolation, self._owner = isolation, owner
        self._used: Pair | None = None
        self._limits = Limits()
        self.recycled = dict.fromkeys(Recycled, 0)
        import_nbgrader()
        gc.freeze()  # what is imported stays: the collector need not look at it while somebody waits
        self._slot = take_slot()  # held until this process ends
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._warm.close()

    def _start(self) -> None:
        """A wall proved now, and a warm process behind it, others to follow. Raises SandboxRefused, WarmFailed."""
        self._prove()
        self._warm = WarmSet(self.proof.mode, slot=self._slot)
        self._jobs, self._is_doubtful = 0, False

    def _prove(self) -> None:
        self.proof = choose(self._isolation, uids=self._slot.uids if self._slot else None)
        self._proved_at = time.monotonic()

    def _stay_proved(self) -> None:
        """No job is taken behind a wall whose proof is old. Raises SandboxRefused, WarmFailed."""
        if time.monotonic() - self._proved_at < _PROOF_SECONDS:
            return
        before = self.proof.mode
        self._prove()
        if self.proof.mode is not before:
            self._renew(Recycled.WALL)

    def _stay_fit(self) -> None:
        """No job is taken by a warm process that is doubted or old, nor behind a wall whose proof is old."""
        if self._is_doubtful or self._jobs >= _MOST_JOBS:
            self._renew(Recycled.DOUBT if self._is_doubtful else Recycled.JOBS)
        self._stay_proved()

    def _renew(self, cause: Recycled) -> None:
        """Fresh warm processes. Raises SandboxRefused, WarmFailed."""
        self.recycled[cause] += 1
        self._used = None
        self._warm.close()
        self._start()

    def mark(self, text: str) -> Verdict:
        """The verdict on the job that `text` holds. Raises OwnerGone."""
        job = from_json(Job, text)
        try:
            return self._marked(job)
        except AnswerRefused as refusal:
            return Verdict(job_id=job.job_id, outcome=Outcome.REFUSED, reason=refusal.message)
        except TooLarge:  # what the learner wrote, and nothing of it has been sent
            return Verdict(job_id=job.job_id, outcome=Outcome.REFUSED, reason=TOO_MUCH)
        except AuthorError as problem:
            return self._failed(job, str(problem), by_author=True)
        except (SandboxRefused, WarmFailed, SideGone, Late) as problem:
            self._renew(Recycled.FAULT)
            return self._failed(job, f"The marking process had to start anew: {problem or type(problem).__name__}")

    def trial(self, text: str) -> Trial:
        """What becomes of code on a learner's side. Raises OwnerGone, SandboxRefused, WarmFailed, SideGone, Late."""
        job = from_json(TrialJob, text)
        pair = self._take(job.limits, code=[job.code], files=job.files)
        self._used = None  # try_out ends it
        trial = try_out(job, pair=pair, end=lambda: self._ended(pair))
        return replace(trial, mode=self.proof.mode)

    def use_the_time(self) -> None:
        """While no job comes, once a second: what `make_ready` does, and one more warm process."""
        try:
            self._warm.start_another()
        except WarmFailed:
            self._renew(Recycled.FAULT)
        self.make_ready()

    def make_ready(self) -> None:
        """Between two jobs: clean up, prove the wall anew when it is due, and have the next pairs forked ahead."""
        try:
            self._clean()
            self._stay_fit()
            self._warm.fork_ahead(self._limits)
        except WarmFailed:
            self._renew(Recycled.FAULT)

    def _marked(self, job: Job) -> Verdict:
        watch = Stopwatch()
        exercise = read_exercise(job.source)
        answer = read_answer(job.answer.encode("utf-8", "replace"), source=exercise.released, allow_unchanged=True)
        notebook = merge(exercise.prepared, answer=answer)
        watch.lap("prepare")
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        pair = self._take(job.limits, code=code, files=job.files)
        watch.lap("fork")
        begin(pair, job=job, exercise=exercise, notebook=notebook)
        marking = Marking(job, exercise=exercise, notebook=notebook, sides=pair)
        marking.run()
        self._warm.check_alive()  # or both sides ended for its sake, and not for the learner's
        watch.lap("cells")
        self._is_doubtful = marking.is_doubtful
        return _verdict(
            job,
            exercise=exercise,
            notebook=notebook,
            results=marking.results,
            free_text=written_below(answer, source=exercise.released),
            provenance=self._provenance(exercise, job=job, watch=watch),
        )

    def _take(self, limits: Limits, *, code: list[str], files: Mapping[str, bytes]) -> Pair:
        """A pair whose warm process has imported what the code names, beside the notebook and in it."""
        beside = [text.decode("utf-8", "replace") for name, text in files.items() if name.endswith(".py")]
        warmth = needed([*code, *beside])
        self._clean()
        self._stay_fit()
        self._jobs += 1
        self._limits = limits
        try:
            self._used = self._warm.take(limits, warmth=warmth)
        except WarmFailed:  # before anything of the job has run
            self._renew(Recycled.FAULT)
            self._used = self._warm.take(limits, warmth=warmth)
        self._used.watch(self._owner)
        return self._used

    def _ended(self, pair: Pair) -> Ended:
        self._warm.end(pair)
        return self._warm.ended()

    def _clean(self) -> None:
        """Have the last pair ended; nothing of it is left when the next one is made."""
        if self._used is not None:
            pair, self._used = self._used, None
            self._warm.end(pair)

    def _provenance(self, exercise: Exercise, *, job: Job, watch: Stopwatch) -> Provenance:
        return Provenance(
            tests_sha256=exercise.tests_sha256,
            engine_version=__version__,
            libraries=_libraries(),
            python=platform.python_version(),
            isolation=self.proof.mode,
            seed=job.seed,
            timings_ms=watch.phases,
        )

    def _failed(self, job: Job, reason: str, *, by_author: bool = False) -> Verdict:
        provenance = Provenance(engine_version=__version__, isolation=self.proof.mode, seed=job.seed)
        words = messages.plain(reason, limit=_MOST_REASON)
        return Verdict(
            job_id=job.job_id,
            outcome=Outcome.FAILED_OURS,
            reason=words,
            provenance=provenance,
            by_author=by_author,
        )


def _verdict(
    job: Job,
    *,
    exercise: Exercise,
    notebook: NotebookNode,
    results: dict[str, CheckResult],
    free_text: dict[str, str],
    provenance: Provenance,
) -> Verdict:
    cells = {nbgrader_metadata(cell).get("grade_id"): cell for cell in notebook.cells}
    written = {spec.check: cells[spec.check] for spec in exercise.specs if spec.by_person}
    checks = tuple(
        judge.judge_written(written[spec.check], spec=spec) if spec.by_person else results[spec.check]
        for spec in exercise.specs
    )
    return Verdict(
        job_id=job.job_id,
        outcome=Outcome.MARKED,
        checks=checks,
        provenance=provenance,
        free_text={**{name: cell.source for name, cell in written.items()}, **free_text},
    )


@cache
def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found
