"""What the judge's process says of one test cell."""

from dataclasses import dataclass
from enum import StrEnum


class TestStatus(StrEnum):
    """How a test cell ended."""

    __test__ = False
    PASSED = "passed"
    FAILED = "failed"
    HOLD = "hold"  # the link's rules were broken: a person looks at it
    STOPPED = "stopped"  # the learner's process is gone or used up its budget
    UNSUPPORTED = "unsupported"  # the author's cell needs IPython or await


@dataclass(frozen=True, kw_only=True)
class TestReport:
    """What one test cell said. Everything in it is plain and bounded."""

    __test__ = False
    status: TestStatus
    score: float | None = None  # the cell's last expression, where that is a number
    value_text: str = ""  # repr of the last expression, as an execute_result would show it
    error: str = ""  # name of the exception's class
    message: str = ""
    line: int | None = None  # in the cell, from 1
    from_learner: bool = False  # the learner's code raised it
    reason: str = ""  # for hold, stopped and unsupported
    stdout: str = ""
    calls: int = 0
    bytes: int = 0  # that came from the learner's process
