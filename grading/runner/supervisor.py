"""One slot's supervisor: a proven wall, a warm process behind it, and one job at a time from text to verdict."""

import platform
import socket
import time
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
from grading.runner import judge, messages
from grading.runner.marking import Marking
from grading.runner.orders import Ended, Recycled
from grading.runner.pair import Late, Pair, SideGone
from grading.runner.trial import try_out
from grading.runner.warm import Zygote, ZygoteFailed
from grading.sandbox.prove import choose
from grading.sandbox.slots import SandboxRefused, take_pair

LIBRARIES = ("nbgrader", "ipython", "numpy", "pandas", "scikit-learn", "matplotlib")
_MOST_REASON = 1000  # characters
_MOST_JOBS = 200  # of one warm process
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
        """`isolation` as GRADER_ISOLATION gives it. Raises SandboxRefused where no wall can be proved, ZygoteFailed."""
        self._isolation, self._owner = isolation, owner
        self._used: Pair | None = None
        self._limits = Limits()
        self.recycled = dict.fromkeys(Recycled, 0)
        self._slots = take_pair()  # held until this process ends
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zygote.close()

    def _start(self) -> None:
        """A wall proved now, and a warm process behind it. Raises SandboxRefused, ZygoteFailed."""
        self._prove()
        self._zygote = Zygote(self.proof.mode, uids=self._uids())
        self._jobs, self._is_doubtful = 0, False

    def _prove(self) -> None:
        self.proof = choose(self._isolation, uids=self._uids())
        self._proved_at = time.monotonic()

    def _uids(self) -> tuple[int, int] | None:
        return (self._slots[0].uid, self._slots[1].uid) if self._slots else None

    def stay_proved(self) -> None:
        """No job is taken behind a wall whose proof is old. Raises SandboxRefused, ZygoteFailed."""
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
        self.stay_proved()

    def _renew(self, cause: Recycled) -> None:
        """A fresh warm process. Raises SandboxRefused, ZygoteFailed."""
        self.recycled[cause] += 1
        self._used = None
        self._zygote.close()
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
            return self._failed(job, str(problem))
        except (SandboxRefused, ZygoteFailed, SideGone, Late) as problem:
            self._renew(Recycled.FAULT)
            return self._failed(job, f"The marking process had to start anew: {problem or type(problem).__name__}")

    def trial(self, text: str) -> Trial:
        """What becomes of code on a learner's side. Raises OwnerGone, SandboxRefused, ZygoteFailed, SideGone, Late."""
        job = from_json(TrialJob, text)
        pair = self._take(job.limits)
        self._used = None  # try_out ends it
        trial = try_out(job, pair=pair, end=lambda: self._ended(pair))
        return replace(trial, mode=self.proof.mode)

    def make_ready(self) -> None:
        """Use the time between jobs: clean up, prove the wall anew when it is due, and fork the next pair ahead."""
        try:
            self._clean()
            self._stay_fit()
            self._zygote.fork_ahead(self._limits)
        except ZygoteFailed:
            self._renew(Recycled.FAULT)

    def _marked(self, job: Job) -> Verdict:
        watch = Stopwatch()
        exercise = read_exercise(job.source)
        answer = read_answer(job.answer.encode("utf-8", "replace"), source=exercise.released, allow_unchanged=True)
        notebook = merge(exercise.prepared, answer=answer)
        watch.lap("prepare")
        pair = self._take(job.limits)
        watch.lap("fork")
        marking = Marking(job, exercise=exercise, notebook=notebook, pair=pair)
        marking.run()
        self._zygote.check_alive()  # or both sides ended for its sake, and not for the learner's
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

    def _take(self, limits: Limits) -> Pair:
        self._clean()
        self._stay_fit()
        self._jobs += 1
        self._limits = limits
        try:
            self._used = self._zygote.take(limits)
        except ZygoteFailed:  # before anything of the job has run
            self._renew(Recycled.FAULT)
            self._used = self._zygote.take(limits)
        self._used.watch(self._owner)
        return self._used

    def _ended(self, pair: Pair) -> Ended:
        self._zygote.end(pair)
        return self._zygote.ended()

    def _clean(self) -> None:
        """Have the last pair ended; nothing of it is left when the next one is made."""
        if self._used is not None:
            pair, self._used = self._used, None
            self._zygote.end(pair)

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

    def _failed(self, job: Job, reason: str) -> Verdict:
        provenance = Provenance(engine_version=__version__, isolation=self.proof.mode, seed=job.seed)
        words = messages.plain(reason, limit=_MOST_REASON)
        return Verdict(job_id=job.job_id, outcome=Outcome.FAILED_OURS, reason=words, provenance=provenance)


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
