"""What one run of the bench found, in seconds and megabytes, before anybody judges it."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Seconds that the same answer took by each way of marking, one after the other. None: it was not their turn."""

    ready: float  # the engine, with a pair forked ahead
    on_demand: float  # the engine, asked again at once
    fork: float  # the bare fork
    api: float | None = None  # nbgrader's Python interface in a warm process
    command: float | None = None  # nbgrader's command


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Private megabytes of a pair; None where they could not be read."""

    working: float | None = None
    waiting: float | None = None


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Where and beside what else it was measured."""

    cores: int
    python: str
    load_before: float
    load_after: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run. What was not asked for is empty or None."""

    isolation: str
    machine: Machine
    wrong: Sequence[str] = ()  # a line for each mark that was not right
    turns: Mapping[str, Sequence[Turn]] = field(default_factory=dict)  # by assignment
    memory: Mapping[str, Memory] = field(default_factory=dict)  # by assignment
    probes: Mapping[str, Sequence[float]] = field(default_factory=dict)  # seconds more than without that one thing
    jobs_per_second: float | None = None  # of the pandas assignment, on two slots

    @property
    def all_ok(self) -> bool:
        """Whether every mark of everybody was right."""
        return not self.wrong


def machine(load_before: float) -> Machine:
    """This machine, now that the run is over."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        python=platform.python_version(),
        load_before=load_before,
        load_after=os.getloadavg()[0],
    )
