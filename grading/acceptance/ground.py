"""Where cases run: the arena, the worker in it, and what must hold after every case whatever it tried."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from grading.acceptance import exercises, outputs
from grading.acceptance.arena import Arena
from grading.acceptance.processes import Household, Key, Meter
from grading.acceptance.subject import Ask, Told
from grading.acceptance.trees import fingerprint
from grading.acceptance.worker import Worker, WorkerLost
from grading.protocol import Limits, Outcome, TrialJob

_MOST_ASKED = 120  # of one engine, which would replace its processes after more of it: never within a case, then
_PLAIN_SECONDS = 120.0  # for a plain answer, the start of an engine included
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Observed(Generic[T]):
    """What a case answered and used, seen from outside."""

    answer: T | None
    lost: str  # why there is no answer
    seconds: float
    cpu_seconds: float
    rss_mb: float
    disk_mb: float
    living: set[Key]  # at the moment when it ended


class Ground:
    """Runs one case after another, each on clean ground."""

    def __init__(self, arena: Arena, worker: Worker) -> None:
        """Starts the engine and learns what is its own. Raises SandboxRefused or WorkerLost."""
        self.arena, self.worker = arena, worker
        self.isolation = ""  # what the engine says of its wall
        self._asked = 0
        worker.start()
        self.household = Household(helpers=self._helpers)
        self.unclean_from_the_start = self._meet_learner() or self.plain_run()
        self.household.learn(self.plain_run)
        self._tree = fingerprint(whole=False)
        self._whole_tree = fingerprint(whole=True)

    def observe(self, work: Callable[[], T]) -> Observed[T]:
        """Do the work of one case and watch it."""
        self._freshen()
        answer, lost = None, ""
        begun = time.monotonic()
        with Meter(leave_out=self._helpers()) as meter:
            try:
                answer = work()
            except WorkerLost as problem:
                lost = str(problem)
            seconds = time.monotonic() - begun
        return Observed(
            answer=answer,
            lost=lost,
            seconds=seconds,
            cpu_seconds=meter.cpu_seconds,
            rss_mb=meter.peak_rss_mb,
            disk_mb=meter.peak_disk_mb,
            living=self.household.living(),
        )

    def ask(self, ask: Ask, *, seconds: float) -> Told:
        """The engine's reply. Raises WorkerLost."""
        self._asked += 1
        return self.worker.ask(ask, seconds=seconds)

    def aftermath(self, living: set[Key], *, whole_tree: bool = False) -> list[str]:
        """What a case has done beyond its own answer, put right again; the next submission has run by then."""
        harm = self.arena.harm()
        unclean: list[str] = []

        def run_plain() -> None:
            if (problem := self.plain_run()) and not unclean:
                unclean.append(f"the next submission did not run clean: {problem}")

        left = self.household.left(living, run_plain=run_plain)
        harm += (
            [f"{len(left)} processes were left behind" if len(left) > 1 else "a process was left behind"]
            if left
            else []
        )
        harm += self.changed_trees(whole=whole_tree)
        harm += [late for late in self.arena.harm() if late not in harm]
        self.arena.repair()
        return harm + unclean

    def last_words(self) -> list[str]:
        """What is wrong with the whole run: the engine failed before any case, or files changed in a deeper place."""
        start = self.unclean_from_the_start
        complaint = [f"even at the start, before any case: {start}"] if start else []
        return complaint + self.changed_trees(whole=True)

    def changed_trees(self, *, whole: bool) -> list[str]:
        """The watched folders that are not as they were when last looked at."""
        before = self._whole_tree if whole else self._tree
        now = fingerprint(whole=whole)
        if whole:
            self._whole_tree = now
        self._tree = fingerprint(whole=False)
        return [f"{name} changed" for name in now if now[name] != before[name]]

    def plain_run(self) -> str:
        """Mark ordinary right answers, one for each kind of pair that an engine may keep ready, so that none is left.

        Empty when each gets its point, else what happened instead.
        """
        problems = (self._plain_run(library) for library in exercises.LIBRARIES)
        return next(filter(None, problems), "")

    def _plain_run(self, library: str) -> str:
        answer, check = exercises.plain_answer(poison=self.arena.poison, library=library)
        job = exercises.job(check=check, limits=Limits(cell_seconds=20, total_seconds=40))
        try:
            told = self.ask(Ask(job=job, answer=answer), seconds=_PLAIN_SECONDS)
        except WorkerLost as problem:
            return str(problem)
        if told.verdict is None:
            return told.fault
        self.isolation = told.verdict.provenance.isolation or self.isolation
        if told.verdict.outcome is not Outcome.MARKED:
            return f"{told.verdict.outcome}: {told.verdict.reason}"
        result = told.verdict.checks[0]
        return "" if result.points == result.max_points else f"{result.status}: {result.message}"

    def _freshen(self) -> None:
        """An engine that has marked much begins anew now, between two cases."""
        if self._asked >= _MOST_ASKED:
            self._asked = 0
            self.worker.stop()
            self.household.learn(self.plain_run)

    def _helpers(self) -> set[int]:
        return {self.worker.pid, self.arena.victim}

    def _meet_learner(self) -> str:
        """Run code of our own, which says which user it is; a complaint when we could not see what an attack prints."""
        code = "import os\nprint(os.getuid())\nprint('ESCAPED only to show that it would be seen')"
        told = self.ask(Ask(trial=TrialJob(code=code)), seconds=_PLAIN_SECONDS)
        if told.trial is None:
            return told.fault
        uid = told.trial.stdout.partition("\n")[0].strip()
        if os.geteuid() == 0 and uid.isdigit():
            self.arena.meet_learner(int(uid))
        return "" if outputs.escapes(told.trial.stdout) else "what code prints does not reach this tool"
