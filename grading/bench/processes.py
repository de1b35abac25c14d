"""The engine's processes as the machine sees them: who descends from whom, and how much memory is theirs alone."""

import os
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_PAIR = 2  # a learner's side and a judge's side
_SAMPLING_SECONDS = 0.02


def children_of(pid: int) -> frozenset[int]:
    """The process ids of a process's children."""
    return frozenset(_family()[pid])


def pair_mb(engine: int, *, warmth: str) -> float | None:
    """The private memory of this warmth's pair; None where there is none now, or when it may not be read."""
    leaves = [pid for pid in _leaves(engine) if warmth in _arguments(pid)]
    return _private_mb(leaves) if len(leaves) == _PAIR else None


def most_pair_mb(engine: int, *, warmth: str, during: Callable[[], None]) -> float | None:
    """The most private memory that pair had while this ran; None as above."""
    seen: list[float] = []
    done = threading.Event()

    def sample() -> None:
        while not done.wait(_SAMPLING_SECONDS):
            if (found := pair_mb(engine, warmth=warmth)) is not None:
                seen.append(found)

    sampling = threading.Thread(target=sample)
    sampling.start()
    try:
        during()
    finally:
        done.set()
        sampling.join()
    return max(seen, default=None)


def _private_mb(pids: list[int]) -> float | None:
    """What these processes have written since they were forked: none of it is shared with another process."""
    try:
        lines = [line for pid in pids for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()]
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return None
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:")) / 1024


def _leaves(pid: int) -> list[int]:
    """The descendants that have no children themselves: pairs, and warm processes without one."""
    family = _family()
    found: list[int] = []
    waiting = list(family[pid])
    while waiting:
        current = waiting.pop()
        waiting += family[current]
        if not family[current]:
            found.append(current)
    return found


def _arguments(pid: int) -> list[str]:
    try:
        return (_PROC / str(pid) / "cmdline").read_text().split("\0")
    except OSError:
        return []


def _family() -> defaultdict[int, list[int]]:
    family: defaultdict[int, list[int]] = defaultdict(list)
    for name in os.listdir(_PROC):
        if name.isdecimal():
            with suppress(FileNotFoundError, ProcessLookupError):
                after_name = (_PROC / name / "stat").read_text().rpartition(")")[2]
                family[int(after_name.split()[1])].append(int(name))
    return family
