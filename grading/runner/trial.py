"""Code run for its own sake: what it does on a learner's side, and how that side ends. No marks are made of it."""

import json
import time
from collections.abc import Callable

from grading.protocol import Trial, TrialJob
from grading.runner.orders import Ended, Exit
from grading.runner.pair import LearnerGone, Pair
from grading.runner.sides import CellTold, packed

_START_SECONDS = 60
_SIGNALS = {24: "cpu_limit", 25: "fsize_limit", 9: "killed"}
_CELL = "trial"


def try_out(job: TrialJob, *, pair: Pair, end: Callable[[], Ended]) -> Trial:
    """Run the code as one cell of a notebook, end the pair, and say what became of it.

    Raises SandboxRefused, Late and SideGone when the side cannot begin.
    """
    names, contents = packed(job.files)
    limits = job.limits
    order = {"op": "begin", "files": names, "seed": 0, "output_bytes": limits.output_kb << 10, "is_seen": True}
    pair.learner.ask(order, contents, seconds=_START_SECONDS)
    began = time.monotonic()
    told, state = CellTold(ok=False), ""
    try:
        told, late = pair.run_cell(job.code, cell=_CELL, seconds=limits.total_seconds)
        state = "wall_limit" if late else "output_limit" if told.too_much_output else "done"
    except LearnerGone as gone:
        state = "wall_limit" if gone.late else ""
    seconds = time.monotonic() - began
    ended = end().learner
    return _trial(told, state=state or _state(ended), seconds=seconds, ended=ended)


def _trial(told: CellTold, *, state: str, seconds: float, ended: Exit) -> Trial:
    return Trial(
        state=state,
        outputs=told.outputs or "[]",
        error="" if told.ok else f"{told.name}: {told.value}",
        stdout=_stdout(told.outputs),
        cpu_seconds=ended.cpu_ms / 1000,
        wall_seconds=seconds,
        max_rss_mb=ended.max_rss_mb,
        result_bytes=len(told.outputs),
    )


def _state(ended: Exit) -> str:
    if ended.signal:
        return _SIGNALS.get(ended.signal, f"signal_{ended.signal}")
    return f"exit_{ended.code}"


def _stdout(outputs: str) -> str:
    """The text of the standard output; empty where a dishonest side sent something else."""
    try:
        listed = json.loads(outputs or "[]")
        return "".join(each["text"] for each in listed if each.get("name") == "stdout")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""
