"""The arithmetic of what was measured."""

import os
import statistics
import time
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


def spread(seconds: list[float]) -> Figures:
    """How many there are, their median, the p95 (19 of 20 took no longer) and the worst. None where there are none."""
    if not seconds:
        return {"number": 0, "median": None, "p95": None, "worst": None}
    p95 = sorted(seconds)[-(-len(seconds) * 95 // 100) - 1]
    named = {"median": statistics.median(seconds), "p95": p95, "worst": max(seconds)}
    return {"number": len(seconds), **{name: round(value, 3) for name, value in named.items()}}


def times(after: float | None, before: float | None) -> float | None:
    """How many times as much it is after as before."""
    return round(after / before, 2) if after is not None and before else None


class Clock:
    """What a stretch of time costs from here on: seconds, processor time of ours and of everybody."""

    def __init__(self) -> None:
        self._begun = (time.monotonic(), time.process_time(), _busy())

    def figures(self) -> Figures:
        """Our own processor seconds, their share of one core, and the share of all cores that anybody used."""
        seconds, ours = time.monotonic() - self._begun[0], time.process_time() - self._begun[1]
        everybody = _busy() - self._begun[2]
        return {
            "seconds": round(seconds, 1),
            "own_processor_seconds": round(ours, 1),
            "own_share_of_a_core": round(ours / seconds, 2),
            "machine_busy": round(everybody / seconds / (os.cpu_count() or 1), 2),
        }


def _busy() -> float:
    """Processor seconds that this machine has worked since it was started."""
    _cpu, *ticks = Path("/proc/stat").read_text().splitlines()[0].split()
    user, nice, system, _idle, _waiting, *interrupts = map(int, ticks[:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")
