"""What the engine promises about speed and memory, held against one run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from grading.bench.measured import Measured, Memory, Turn
from grading.bench.probes import FAILING, TITLES

FORK_SHARE = 1.3
READY_MS, ON_DEMAND_MS, FAILING_MS = 20.0, 50.0, 40.0
JOBS_PER_SECOND, WORKING_MB, WAITING_MB = 18.0, 64.0, 25.0
TIMES_API = {"plain": 60.0, "pandas": 20.0, "sklearn": 11.0, "n23": 12.0}
TIMES_COMMAND = {"plain": 200.0, "pandas": 40.0, "sklearn": 25.0, "n23": 30.0}
Summary = Callable[[Iterable[float]], float]  # of the engine's turns: their median or the slowest


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promise and what the run found. The median decides; the worst is the engine's slowest turn, to be seen."""

    name: str
    limit: float
    unit: str
    median: float
    worst: float
    at_least: bool = False  # the limit is the least that is allowed, and not the most

    @property
    def kept(self) -> bool:
        """Whether the median is within the limit."""
        return self.median >= self.limit if self.at_least else self.median <= self.limit


def promises(measured: Measured) -> list[Promise]:
    """Every promise that the run has a figure for."""
    return [
        *(promise for name, turns in measured.turns.items() for promise in _of_turns(name, turns)),
        *_of_probes(measured.probes),
        *_of_slots(measured.jobs_per_second),
        *(promise for name, memory in measured.memory.items() for promise in _of_memory(name, memory)),
    ]


def over_fork_ms(turns: Sequence[Turn], *, seconds: Callable[[Turn], float], of: Summary = median) -> float:
    """Milliseconds of the engine, in the middle or as `of` says, beyond 1.3 times the fork's median."""
    return (of(map(seconds, turns)) - FORK_SHARE * median(turn.fork for turn in turns)) * 1000


def times_as_fast(turns: Sequence[Turn], *, peer: Callable[[Turn], float | None], of: Summary = median) -> float | None:
    """How many times longer a peer's median is than the engine's with a pair ready; None where it had no turn."""
    taken = [seconds for turn in turns if (seconds := peer(turn)) is not None]
    return median(taken) / of(map(ready, turns)) if taken else None


def ready(turn: Turn) -> float:
    """The engine's seconds with a pair ready."""
    return turn.ready


def on_demand(turn: Turn) -> float:
    """The engine's seconds without."""
    return turn.on_demand


def by_api(turn: Turn) -> float | None:
    """nbgrader's seconds through its interface."""
    return turn.api


def by_command(turn: Turn) -> float | None:
    """nbgrader's seconds through its command."""
    return turn.command


def _of_turns(name: str, turns: Sequence[Turn]) -> Iterator[Promise]:
    for words, limit, seconds in (("a pair ready", READY_MS, ready), ("on demand", ON_DEMAND_MS, on_demand)):
        yield Promise(
            name=f"{name}, {words}: beyond {FORK_SHARE} x bare fork",
            limit=limit,
            unit="ms",
            median=over_fork_ms(turns, seconds=seconds),
            worst=over_fork_ms(turns, seconds=seconds, of=max),
        )
    for words, limit, peer in (
        ("NbGraderAPI", TIMES_API[name], by_api),
        ("nbgrader autograde", TIMES_COMMAND[name], by_command),
    ):
        times, worst = times_as_fast(turns, peer=peer), times_as_fast(turns, peer=peer, of=max)
        if times is not None and worst is not None:
            yield Promise(
                name=f"{name}: faster than {words}", limit=limit, unit="x", median=times, worst=worst, at_least=True
            )


def _of_probes(costs: Mapping[str, Sequence[float]]) -> Iterator[Promise]:
    for name in FAILING:
        if taken := costs.get(name):
            yield Promise(
                name=f"until the mark: {TITLES[name]}",
                limit=FAILING_MS,
                unit="ms",
                median=median(taken) * 1000,
                worst=max(taken) * 1000,
            )


def _of_slots(rate: float | None) -> Iterator[Promise]:
    if rate is not None:
        yield Promise(
            name="pandas jobs a second on two slots",
            limit=JOBS_PER_SECOND,
            unit="/s",
            median=rate,
            worst=rate,
            at_least=True,
        )


def _of_memory(name: str, memory: Memory) -> Iterator[Promise]:
    for words, limit, found in (("working", WORKING_MB, memory.working), ("waiting", WAITING_MB, memory.waiting)):
        if found is not None:
            yield Promise(
                name=f"{name}: private memory of a {words} pair", limit=limit, unit="MB", median=found, worst=found
            )
