"""Several marking engines at once, each on one answer at a time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue

from grading.engine import Engine
from grading.protocol import Job, Trial, TrialJob, Verdict

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
        """The verdicts, in the order of the jobs. Calls `told` as the first of them are done, one by one."""
        with ThreadPoolExecutor(len(self._engines)) as pool:
            verdicts = []
            for number, verdict in enumerate(pool.map(self._mark, jobs), 1):
                verdicts.append(verdict)
                told(number)
            return verdicts

    def trial(self, job: TrialJob) -> Trial:
        """What becomes of code that runs as a learner's would. Raises EngineFailed."""
        return self._engines[0].trial(job)

    def _mark(self, job: Job) -> Verdict:
        engine = self._free.get()
        try:
            return engine.mark(job)
        finally:
            self._free.put(engine)


@contextmanager
def started(count: int = AT_ONCE) -> Iterator[Engines]:
    """So many engines, which start with their first answer and end with the block."""
    with ExitStack() as stack:
        engines = [Engine() for _ in range(count)]
        for engine in engines:
            stack.callback(engine.close)
        yield Engines(engines)
