"""The run in figures: a page to read, and the same as JSON."""

import json
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from grading.bench.measured import Measured, Memory, Turn
from grading.bench.probes import TITLES
from grading.bench.promises import (
    Promise,
    by_api,
    by_command,
    on_demand,
    over_fork_ms,
    promises,
    ready,
    times_as_fast,
)

_COLUMNS: tuple[tuple[str, Callable[[Turn], float | None]], ...] = (
    ("pair ready", ready),
    ("on demand", on_demand),
    ("bare fork", lambda turn: turn.fork),
    ("NbGraderAPI", by_api),
    ("nbgrader autograde", by_command),
)
_NO_WALL = "unsafe-dev"


def exit_code(measured: Measured) -> int:
    """0 when every mark was right and every promise that was measured is kept, else 1."""
    return 0 if measured.all_ok and all(promise.kept for promise in promises(measured)) else 1


def to_json(measured: Measured) -> str:
    """Everything that the page shows."""
    return json.dumps(
        {
            "isolation": measured.isolation,
            "all_ok": measured.all_ok,
            "wrong": list(measured.wrong),
            "machine": vars(measured.machine),
            "assignments": {
                name: _assignment(turns, memory=measured.memory.get(name, Memory()))
                for name, turns in measured.turns.items()
            },
            "probes": {name: _milliseconds(costs) for name, costs in measured.probes.items()},
            "jobs_per_second": _rounded(measured.jobs_per_second),
            "promises": [_promise(promise) for promise in promises(measured)],
        },
        indent=2,
    )


def page(measured: Measured) -> str:
    """Medians and the worst of everything, then each promise, kept or missed."""
    return "\n".join([*_head(measured), *_times(measured), *_probes(measured), *_promises(measured), *_end(measured)])


def _assignment(turns: Sequence[Turn], *, memory: Memory) -> dict[str, Any]:
    columns = {words.replace(" ", "_").lower(): column for words, column in _COLUMNS}
    taken = {words: [one for turn in turns if (one := column(turn)) is not None] for words, column in columns.items()}
    return {
        "over_fork_ratio": _rounded(median(map(ready, turns)) / median(turn.fork for turn in turns)),
        "over_fork_ms": _rounded(over_fork_ms(turns, seconds=ready)),
        "over_fork_on_demand_ms": _rounded(over_fork_ms(turns, seconds=on_demand)),
        "vs_api": _rounded(times_as_fast(turns, peer=by_api)),
        "vs_command": _rounded(times_as_fast(turns, peer=by_command)),
        "times": {words: _milliseconds(seconds) for words, seconds in taken.items() if seconds},
        "working_pair_mb": _rounded(memory.working),
        "waiting_pair_mb": _rounded(memory.waiting),
    }


def _milliseconds(seconds: Sequence[float]) -> dict[str, Any]:
    return {
        "rounds": len(seconds),
        "median_ms": _rounded(median(seconds) * 1000),
        "worst_ms": _rounded(max(seconds) * 1000),
    }


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "promise": promise.name,
        "limit": promise.limit,
        "unit": promise.unit,
        "at_least": promise.at_least,
        "median": _rounded(promise.median),
        "worst": _rounded(promise.worst),
        "kept": promise.kept,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _head(measured: Measured) -> list[str]:
    machine = measured.machine
    load = f"load {machine.load_before:.1f} before and {machine.load_after:.1f} after"
    lines = [f"isolation {measured.isolation}, Python {machine.python}, {machine.cores} cores, {load}"]
    if measured.isolation == _NO_WALL:
        lines.append(f"{_NO_WALL} walls nothing in for certain: these figures keep no promise.")
    return lines


def _times(measured: Measured) -> list[str]:
    if not measured.turns:
        return []
    lines = ["", f"{'milliseconds, median / worst':30}" + "".join(f"{words:>20}" for words, _ in _COLUMNS)]
    for name, turns in measured.turns.items():
        cells = [_cell([one for turn in turns if (one := column(turn)) is not None]) for _, column in _COLUMNS]
        lines.append(f"{name} ({len(turns)} rounds)".ljust(30) + "".join(f"{cell:>20}" for cell in cells))
    return lines


def _cell(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1000:.1f} / {max(seconds) * 1000:.1f}" if seconds else "-"


def _probes(measured: Measured) -> list[str]:
    if not measured.probes:
        return []
    lines = [f"{TITLES[name]:60}{_cell(costs):>20}" for name, costs in measured.probes.items()]
    return ["", "milliseconds more for one thing, median / worst", *lines]


def _promises(measured: Measured) -> list[str]:
    lines = ["", f"{'':8}{'promise':60}{'limit':>12}{'median':>12}{'worst':>12}"]
    for promise in promises(measured):
        limit = f"{'>=' if promise.at_least else '<='} {promise.limit:g} {promise.unit}"
        kept = "kept" if promise.kept else "MISSED"
        lines.append(f"{kept:8}{promise.name:60}{limit:>12}{promise.median:>12.1f}{promise.worst:>12.1f}")
    if any(None in (memory.working, memory.waiting) for memory in measured.memory.values()):
        lines.append("not measured: memory of every pair. Only root can read it, and only where a pair waits.")
    return lines


def _end(measured: Measured) -> list[str]:
    if measured.all_ok:
        return ["", "every mark right"]
    return ["", f"{len(measured.wrong)} marks WRONG:", *measured.wrong]
