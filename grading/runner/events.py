"""The words between the engine, the warm process and a job's own process."""

from dataclasses import dataclass, field
from enum import StrEnum

from grading.protocol import Limits

READY = "ready"  # what the warm process says first, unless it cannot serve


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the warm process itself learns of a job. The job's text stays in a file that only the child reads."""

    job_id: str
    seed: int
    limits: Limits


class EventKind(StrEnum):
    """What a child says, in this order; the last three end a job."""

    PLAN = "plan"  # body: a Verdict with every check not run yet
    STARTED = "started"  # body: empty; the first cell is about to run
    CHECK = "check"  # body: a CheckResult
    FINISHED = "finished"  # body: timings as a Timings
    REFUSED = "refused"  # body: the sentence for the learner
    FAILED = "failed"  # body: the sentence for operators; further lines are for the log


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that a child says."""

    kind: EventKind
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class Timings:
    """Milliseconds per phase."""

    phases: dict[str, int] = field(default_factory=dict)
