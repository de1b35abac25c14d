"""One run of the bench, part by part."""

import os
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from grading.bench.assignments import NAMES, Assignment, assignment
from grading.bench.contest import SETTLE_SECONDS, Contest, MarkBook, Say, marked
from grading.bench.forkfloor import ForkFloor
from grading.bench.measured import Measured, Memory, Turn, machine
from grading.bench.peers import Peers
from grading.bench.probes import Probe, probes
from grading.bench.processes import children_of, most_pair_mb
from grading.engine import Engine
from grading.protocol import Job, Verdict
from grading.runner.warmth import needed

PROBES, SLOTS = "probes", "slots"
PARTS = (*NAMES, PROBES, SLOTS)
_SECONDS_PER_ROUND = 0.5  # of keeping two slots busy
_STAY = "import time\ntime.sleep(0.5)"  # keeps the pair there, with all that it holds, while its memory is read


def measure(*, rounds: int, peer_rounds: int, parts: Collection[str], say: Say) -> Measured:
    """Measure these of PARTS. Progress goes to `say`.

    Raises AssignmentMissing, ChildFailed when a competitor cannot mark, EngineFailed and SandboxRefused when the
    engine cannot start.
    """
    load = os.getloadavg()[0]
    book = MarkBook()
    chosen = [assignment(name) for name in NAMES if name in parts]
    turns = _turns(chosen, rounds=rounds, peer_rounds=min(peer_rounds, rounds), book=book, say=say) if chosen else {}
    memory = _memory(chosen, book=book, say=say) if chosen else {}
    costs = _costs(rounds=rounds, book=book, say=say) if PROBES in parts else {}
    rate = _jobs_per_second(rounds * _SECONDS_PER_ROUND, book=book, say=say) if SLOTS in parts else None
    return Measured(
        isolation=book.isolation,
        machine=machine(load),
        wrong=tuple(book.wrong),
        turns=turns,
        memory=memory,
        probes=costs,
        jobs_per_second=rate,
    )


def _turns(
    assignments: list[Assignment], *, rounds: int, peer_rounds: int, book: MarkBook, say: Say
) -> dict[str, list[Turn]]:
    with ExitStack() as stack:
        engine = stack.enter_context(Engine())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        floor = stack.enter_context(ForkFloor(_made(folder / "fork")))
        for name in NAMES:  # all of them: one bare process forks for every exercise
            floor.prepare(assignment(name))
        peers = None
        if peer_rounds:
            say("nbgrader publishes the exercises")
            peers = stack.enter_context(Peers(_made(folder / "nbgrader")))
            peers.prepare(assignments)
        contest = Contest(assignments, engine=engine, floor=floor, peers=peers, book=book)
        return contest.turns(rounds=rounds, peer_rounds=peer_rounds, say=say)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _memory(assignments: list[Assignment], *, book: MarkBook, say: Say) -> dict[str, Memory]:
    say("memory of a pair")
    others = children_of(os.getpid())
    with Engine() as engine:
        (process,) = children_of(os.getpid()) - others
        return {each.name: _memory_of(each, engine=engine, process=process, book=book) for each in assignments}


def _memory_of(each: Assignment, *, engine: Engine, process: int, book: MarkBook) -> Memory:
    """With the engine idle before: what a pair held at the end of its work, and what the next one holds unused."""
    verdicts: list[Verdict] = []
    job = replace(each, last_cell=_STAY).job()
    warmth = needed(each.cells())
    working = most_pair_mb(process, warmth=warmth, during=lambda: verdicts.append(engine.mark(job)))
    book.verdict(verdicts[0], expected=each.marks)
    time.sleep(SETTLE_SECONDS)  # in which the used pair ends
    return Memory(working=working, waiting=most_pair_mb(process, warmth=warmth, during=lambda: time.sleep(1)))


def _costs(*, rounds: int, book: MarkBook, say: Say) -> dict[str, list[float]]:
    say("what single things cost")
    found = probes()
    costs: dict[str, list[float]] = {probe.name: [] for probe in found}
    with Engine() as engine:
        for number in range(rounds + 1):
            for probe in found:
                cost = _cost(probe, engine=engine, book=book, begins=number % 2)
                if number:  # the first time everything is new
                    costs[probe.name].append(cost)
    return costs


def _cost(probe: Probe, *, engine: Engine, book: MarkBook, begins: int) -> float:
    """Seconds that the probe took more than the exercise beside it, each with a pair ready; `begins` says which first.

    0 for the exercise beside it, 1 for the probe.
    """
    both = (probe.beside, probe.marked)
    seconds = [0.0, 0.0]
    for which in (begins, 1 - begins):
        time.sleep(SETTLE_SECONDS)
        seconds[which], verdict = marked(engine, both[which].job())
        book.verdict(verdict, expected=both[which].marks)
    return seconds[1] - seconds[0]


def _jobs_per_second(seconds: float, *, book: MarkBook, say: Say) -> float:
    say("two slots at work")
    each = assignment("pandas")
    job = each.job()
    with Engine() as one, Engine() as two, ThreadPoolExecutor(2) as pool:
        for engine in (one, two):
            book.verdict(engine.mark(job), expected=each.marks)
        slots = list(pool.map(lambda engine: _busy(engine, job=job, seconds=seconds), (one, two)))
    for _, verdicts in slots:
        for verdict in verdicts:
            book.verdict(verdict, expected=each.marks)
    return sum(rate for rate, _ in slots)


def _busy(engine: Engine, *, job: Job, seconds: float) -> tuple[float, list[Verdict]]:
    """Mark back to back for that long: the jobs a second, and their verdicts."""
    verdicts: list[Verdict] = []
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        verdicts.append(engine.mark(job))
    return len(verdicts) / passed, verdicts
