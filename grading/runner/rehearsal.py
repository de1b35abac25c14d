"""A test judged within one process, so that the first real one finds modules imported, caches full and pages copied.

The warm process rehearses once, before it forks. A child that waits for its first order rehearses again: what it
touches then need not be copied while a learner waits. No learner's code and no author's has run in either.
"""

import select
import socket
import sys
from typing import Any

from grading.channel.link_judge import JudgeEnd
from grading.channel.link_learner import LearnerEnd

_PLAIN = """\
def total(rows, *, scale=1):
    return {name: scale * number for name, number in rows}

class Desk:
    def __init__(self, name):
        self.name = name

    def busy(self, hours):
        if hours < 0:
            raise ValueError("less than no time")
        return [self.name] * hours
"""
_PLAIN_TEST = """\
assert total([("a", 1), ("b", 2.5)], scale=2) == {"a": 2, "b": 5.0}
desk = Desk("rent")
assert (desk.name, desk.busy(2)) == ("rent", ["rent", "rent"])
try:
    desk.busy(-1)
except ValueError as problem:
    assert "no time" in str(problem)
"""
_TABLES = """\
import numpy as np
import pandas as pd

table = pd.DataFrame({"k": list("aab"), "v": [1.0, 2.0, None], "n": [1, 2, 3]})
sums = table.groupby("k")["v"].agg(["sum", "count"])

def doubled(frame):
    part = frame[frame["v"] > 0]
    return part.loc[part["n"] < 9, ["k", "v"]].assign(v=part["v"] * 2).sort_values("v")
"""
_TABLES_TEST = """\
assert list(sums.columns) == ["sum", "count"]
assert doubled(table)["v"].tolist() == [2.0, 4.0]
assert table[table["n"] > 1]["k"].tolist() == ["a", "b"]
assert sums["sum"].tolist() == [3.0, 0.0]
assert not sums.isna().any().any()
"""


class _Served(socket.socket):
    """The judge's end of the link, whose other end answers in the same process: just before its answer is read."""

    learner: LearnerEnd

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """As a socket's."""
        if not select.select([self], [], [], 0)[0]:
            self.learner.serve_one()
        return super().recv_into(buffer, nbytes, flags)


def rehearse() -> None:
    """Judge a small answer, with tables where pandas is loaded. Leaves nothing behind but caches."""
    _judge(_PLAIN, test=_PLAIN_TEST)
    if "pandas" in sys.modules:
        _judge(_TABLES, test=_TABLES_TEST)


def _judge(answer: str, *, test: str) -> None:
    names: dict[str, Any] = {"__name__": "rehearsal"}
    exec(compile(answer, "<rehearsal>", "exec"), names)  # noqa: S102 (nobody's text but our own) # nosec B102
    ours, theirs = socket.socketpair()
    with theirs, _Served(fileno=ours.detach()) as served:
        served.learner = LearnerEnd(theirs, names)
        judge = JudgeEnd(served)
        judge.names.prepared()
        judge.begin(test)
        exec(compile(test, "<rehearsal>", "exec"), judge.names)  # noqa: S102 (nobody's text but our own) # nosec B102
