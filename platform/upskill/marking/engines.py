"""What may be said of the marking engines: whether any takes work now, how answers are confined, and the limits.

What a worker says of itself in its heartbeat's facts is read under the names that a mark's provenance has: isolation,
engine_version, python and libraries.
"""

from dataclasses import dataclass, field
from typing import Any

from grading.answers import MAX_BYTES
from grading.protocol import Limits
from grading.sandbox.modes import Mode
from upskill.core import heartbeats
from upskill.core.models import Heartbeat

NO_WORKER = "No marking worker gives signs of life."
LARGEST_NOTEBOOK_MB = MAX_BYTES // (1000 * 1000)


@dataclass(frozen=True)
class EngineState:
    """The workers that live, those that take work first, and what they say of their engines."""

    workers: list[Heartbeat]
    isolation: str  # as a mark's provenance has it; "" where nobody says it
    versions: dict[str, str] = field(default_factory=dict)  # name -> version

    @property
    def is_marking(self) -> bool:
        """True if a worker takes work now."""
        return any(worker.is_working for worker in self.workers)

    @property
    def slots(self) -> int:
        """How many answers are marked at a time now."""
        return sum(worker.is_working for worker in self.workers)

    @property
    def why_not(self) -> str:
        """Why nothing is marked now, in a sentence that anybody may read; "" while marking is on."""
        if self.is_marking:
            return ""
        return self.workers[0].note if self.workers else NO_WORKER

    @property
    def is_confined(self) -> bool:
        """True if the worker that takes work has proved the wall around answers."""
        return self.is_marking and self.isolation in set(Mode) - {Mode.UNSAFE_DEV}

    @property
    def rests_on_host(self) -> bool:
        """True if the wall is the host's own: it shows what it shows."""
        return self.isolation == Mode.EXTERNAL


def state() -> EngineState:
    """How marking is now. One query."""
    workers = heartbeats.alive(heartbeats.WORKER)
    facts: dict[str, Any] = workers[0].facts if workers else {}
    return EngineState(
        workers=workers,
        isolation=str(facts.get("isolation") or ""),
        versions=_versions(facts),
    )


def usual_limits() -> Limits:
    """What one marking may use where its exercise sets nothing else."""
    return Limits()


def _versions(facts: dict[str, Any]) -> dict[str, str]:
    named = {"Marker": facts.get("engine_version"), "Python": facts.get("python")}
    libraries = facts.get("libraries")
    named |= dict(sorted(libraries.items())) if isinstance(libraries, dict) else {}
    return {name: str(version) for name, version in named.items() if version}
