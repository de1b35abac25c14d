"""Several marking engines at once, each on one answer at a time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from queue import SimpleQueue

from grading.engine import Engine, EngineFailed
from grading.protocol import Job, Outcome, Trial, TrialJob, Verdict

AT_ONCE = 2
Told = Callable[[int], None]  # how many answers are marked


class Engines:
    """Marks answers on whichever of these engines is free. The engines stay the caller's."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = list(engines)
        self._free: SimpleQueue[Engine] = SimpleQueue()
        for engine in self._engines:
            self._free.put(engine)

    def mark_all(self, jobs: Sequence[Job], *, told: Told = lambda _: None) -> list[Verdict]:
        """The verdicts, in the order of the jobs. Calls `told` as the first of them are done, one by one.

        Raises EngineFailed where the engine itself fails with the same job twice.
        """
        with ThreadPoolExecutor(len(self._engines)) as pool:
            verdicts = []
            for number, verdict in enumerate(pool.map(self._mark, jobs), 1):
                verdicts.append(verdict)
                told(number)
            return verdicts

    def trial(self, job: TrialJob) -> Trial:
        """What becomes of code that runs as a learner's would. Raises EngineFailed where the engine fails twice."""
        with suppress(EngineFailed):
            return self._engines[0].trial(job)
        try:
            return self._engines[0].trial(job)
        except EngineFailed as problem:
            raise _failed_twice("a trial", reason=str(problem)) from problem

    def _mark(self, job: Job) -> Verdict:
        engine = self._free.get()
        try:
            verdict = engine.mark(job)
            if _is_engines_fault(verdict):  # a full machine or a process that died says nothing about the exercise
                verdict = engine.mark(job)
        finally:
            self._free.put(engine)
        if _is_engines_fault(verdict):
            raise _failed_twice(f"'{job.job_id}'", reason=verdict.reason)
        return verdict


def _is_engines_fault(verdict: Verdict) -> bool:
    return verdict.outcome is Outcome.FAILED_OURS and not verdict.by_author


def _failed_twice(what: str, *, reason: str) -> EngineFailed:
    cure = "Check the course again, and tell whoever runs this machine if it stays so."
    return EngineFailed(f"The marking engine failed twice with {what}: {reason} No course is to blame. {cure}")


@contextmanager
def started(count: int = AT_ONCE) -> Iterator[Engines]:
    """So many engines, which start with their first answer and end with the block."""
    with ExitStack() as stack:
        engines = [Engine() for _ in range(count)]
        for engine in engines:
            stack.callback(engine.close)
        yield Engines(engines)
