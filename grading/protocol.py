"""The words that the site and the marking engine share: frozen dataclasses, and the same as JSON.

Nothing else crosses the wall. `to_json` and `from_json` are strict both ways: what one writes the other reads back
equal, and an unknown field, a missing field or a value of another type is refused.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from grading.wire import ProtocolError, from_json, to_json

MOST_DATA_MB = 12  # of all files beside a notebook together

__all__ = [
    "MOST_DATA_MB",
    "Cause",
    "CheckResult",
    "CheckStatus",
    "Job",
    "Limits",
    "Outcome",
    "ProtocolError",
    "Provenance",
    "Trial",
    "TrialJob",
    "Verdict",
    "from_json",
    "to_json",
]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one marking may use. Whole numbers above zero."""

    cell_seconds: int = 10
    total_seconds: int = 60  # all cells together
    memory_mb: int = 2048  # address space of each process
    output_kb: int = 1024  # of each cell
    processes: int = 16  # processes and threads together: more would take a shared processor from others
    files_mb: int = 64  # of what the code may write

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value < 1:
                raise ProtocolError(f"The limit {name} is {value}. Give a whole number above zero.")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One answer to mark."""

    job_id: str
    source: str  # the author's notebook as JSON text, with solutions and hidden tests
    answer: str  # the learner's notebook as JSON text
    files: dict[str, bytes] = field(default_factory=dict)  # lie beside the notebook
    limits: Limits = field(default_factory=Limits)
    seed: int = 0  # of chance, where the answer sets none
    hidden_messages: dict[str, str] = field(default_factory=dict)  # check -> the line shown when its hidden part fails

    def __post_init__(self) -> None:
        for name in self.files:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
                raise ProtocolError(f"{name!r} is no name for a file beside the notebook. Use a plain relative path.")


class CheckStatus(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    WAITING = "waiting"  # for a person to mark
    NOT_RUN = "not_run"  # an earlier cell stopped the notebook


class Cause(StrEnum):
    """Why a check earned less than it offers, where more is known than its message says."""

    NONE = ""
    ASSERTION = "assertion"  # what the check asks for does not hold
    EXCEPTION = "exception"
    TIME = "time"
    MEMORY = "memory"
    EXIT = "exit"  # the code ended Python
    HELD = "held"  # something tried to look like an answer: a person decides


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """The result of one check, with the sentence that the learner reads."""

    check: str
    status: CheckStatus
    points: float | None  # None: waiting for a person
    max_points: float
    message: str = ""
    hidden: bool = False  # the message is the neutral line of a hidden test
    cause: Cause = Cause.NONE


class Outcome(StrEnum):
    """Whether there is a result to show to the learner."""

    MARKED = "marked"
    REFUSED = "refused"  # the answer is no notebook of this exercise; `reason` says what to do
    FAILED_OURS = "failed_ours"  # our fault or the author's: never a wrong answer; `reason` is for operators


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What decided a verdict, so that it can be explained and repeated."""

    tests_sha256: str = ""  # of the checks' sources and points
    engine_version: str = ""
    libraries: dict[str, str] = field(default_factory=dict)
    python: str = ""
    isolation: str = ""  # what confined the learner's code
    seed: int = 0
    timings_ms: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The engine's answer to one job. `checks` follow the order of the notebook and are empty unless marked."""

    job_id: str
    outcome: Outcome
    checks: tuple[CheckResult, ...] = ()
    reason: str = ""
    provenance: Provenance = field(default_factory=Provenance)
    free_text: dict[str, str] = field(default_factory=dict)  # check -> what the learner wrote for a person to mark
    by_author: bool = False  # of `failed_ours`: the exercise itself is wrong, so that another try ends no better


@dataclass(frozen=True, kw_only=True)
class TrialJob:
    """Code to run as a learner's, to see what becomes of it."""

    code: str
    files: dict[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What became of code that was tried out.

    `state` is done, exit_N, signal_N, killed, wall_limit, cpu_limit, fsize_limit or output_limit. `outputs` are
    nbformat's, as JSON text, and as little to be believed as all that learners' code says.
    """

    state: str
    outputs: str = "[]"
    stdout: str = ""
    error: str = ""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    max_rss_mb: int = 0
    result_bytes: int = 0
    mode: str = ""
