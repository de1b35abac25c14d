"""The words between the engine, its supervisor, warm processes and the two sides."""

from dataclasses import dataclass, field
from enum import StrEnum

from grading.protocol import Limits

READY = "ready"  # what a process says first, unless it cannot serve
REFUSED = "refused"  # what it says instead, and a child that could not be confined instead of its first answer
FORKED = b"forked"  # what a warm process says with the handles (pidfds) of a new pair
END_PAIR = b"end"  # what the supervisor says when a pair has done its work
ISOLATION = "isolation"  # comes with each answer: the mode that was proved last
RECYCLED = "recycled"  # comes with each answer: how often the warm processes were replaced, by cause
MAX_WORDS = 4096  # bytes of one message between the supervisor and a warm process
MAX_REQUEST = 256 << 20  # bytes of one job with its files, and of one verdict


class RequestKind(StrEnum):
    """What the engine asks its supervisor for; the job or trial comes along."""

    MARK = "mark"
    TRIAL = "trial"


class Recycled(StrEnum):
    """Why the warm processes of a slot were replaced."""

    JOBS = "jobs"  # they had served their number
    DOUBT = "doubt"  # a judge's side did what it never should
    FAULT = "fault"  # one failed
    WALL = "wall"  # another mode was proved than before


@dataclass(frozen=True, kw_only=True)
class ForkPair:
    """What the supervisor asks of the warm process: two confined children, whose sockets come along."""

    limits: Limits


@dataclass(frozen=True, kw_only=True)
class Exit:
    """How one child ended."""

    signal: int = 0  # 0: it ended by itself
    code: int = 0
    cpu_ms: int = 0
    max_rss_mb: int = 0


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a pair ended; nothing of it is left."""

    learner: Exit = field(default_factory=Exit)
    judge: Exit = field(default_factory=Exit)
