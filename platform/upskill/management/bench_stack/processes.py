"""What the stack's processes weigh, and how much processor time they have used."""

import os
from collections.abc import Iterator
from pathlib import Path

from grading.bench.processes import children_of

from .figures import Figures

_USED = slice(11, 15)  # of /proc/PID/stat after the name: our own time, and that of children that have ended


def slots(worker: int) -> list[Figures]:
    """For each slot of this worker its megabytes, shared pages counted in shares; None where they may not be read."""
    found = [(slot, list(_below(slot))) for slot in sorted(children_of(worker))]
    return [{"site_mb": _mb([slot]), "engine_mb": _mb(below)} for slot, below in found if below]


def processor_seconds(pid: int) -> float:
    """What this process and all below it have used, those included that have ended and were waited for."""
    return sum(_used(each) for each in (pid, *_below(pid))) / os.sysconf("SC_CLK_TCK")


def _below(pid: int) -> Iterator[int]:
    for child in children_of(pid):
        yield child
        yield from _below(child)


def _mb(pids: list[int]) -> float | None:
    try:
        lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    except OSError:  # another user's process, or one that has just ended
        return None
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024, 1)


def _used(pid: int) -> int:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except OSError:  # it has just ended: its parent has its time now
        return 0
    return sum(map(int, after_name.split()[_USED]))
