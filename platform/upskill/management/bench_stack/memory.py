"""What a marking slot weighs: its process of the site, and the engine's processes below it."""

from pathlib import Path

from grading.bench.processes import children_of

from .figures import Figures


def slots(worker: int) -> list[Figures]:
    """For each slot of this worker its megabytes, shared pages counted in shares; None where they may not be read."""
    return [
        {"site_mb": _mb([slot]), "engine_mb": _mb(_below(slot))} for slot in sorted(children_of(worker)) if _below(slot)
    ]


def _below(pid: int) -> list[int]:
    children = children_of(pid)
    return [*children, *(each for child in children for each in _below(child))]


def _mb(pids: list[int]) -> float | None:
    try:
        lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    except OSError:  # another user's process, or one that has just ended
        return None
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024, 1)
