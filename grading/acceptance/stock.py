"""The same answers through plain nbgrader, for comparison: in a throw-away jail, since nbgrader has no wall."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.acceptance import exercises
from grading.acceptance.canaries import local_ports
from grading.acceptance.marks import Marking
from grading.protocol import Limits

_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0  # to import nbgrader and build the course


class StockRefused(Exception):
    """This machine cannot build the jail, so plain nbgrader is not run; the message says what it needs."""


@dataclass(frozen=True, kw_only=True)
class StockMarked:
    """What plain nbgrader made of one answer."""

    marking: Marking
    seconds: float  # of the marking, without the start
    harm: tuple[str, ...]


def check() -> None:
    """Mark a right answer in a jail, so that no case fails for the jail's sake. Raises StockRefused."""
    job = exercises.job(check="assert answer == 2", limits=Limits())
    marked = mark(exercises.answered("answer = 2"), source=job.source, cell_seconds=20, seconds=60, secret="a secret")  # noqa: S106
    if marked.marking.points != {"check": 1.0}:
        raise StockRefused(f"Plain nbgrader cannot be run in a jail here: {marked.marking.reason or marked.marking}")


def mark(data: bytes, *, source: str, cell_seconds: float, seconds: float, secret: str) -> StockMarked:
    """Mark one answer as `nbgrader autograde` does and write its feedback. `seconds` bounds the whole."""
    order = {
        "source": source,
        "answer": base64.b64encode(data).decode(),
        "cell_seconds": max(1, round(cell_seconds)),
        "seconds": seconds,
        "secret": secret,
        "ports": local_ports("\n".join(exercises.code_cells(data))),
    }
    begun = time.monotonic()
    told = _in_jail(order, seconds=seconds + _START_SECONDS)
    marking = Marking(
        outcome=told.get("outcome", "failed"),
        reason=told.get("refused") or told.get("reason", "it said nothing"),
        points=told.get("points", {}),
        max_points=told.get("max_points", {}),
    )
    took = float(told.get("seconds", time.monotonic() - begun))
    return StockMarked(marking=marking, seconds=took, harm=tuple(told.get("harm", ())))


def _in_jail(order: dict[str, Any], *, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="upskill-stock-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "grading.acceptance.stock_jail", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd="/",
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(json.dumps(order).encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return {"outcome": "failed", "reason": f"not finished within {seconds:.0f} s"}
    try:
        told = json.loads(said)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _environment() -> dict[str, str]:
    """Nothing of the caller's but where Python finds its packages."""
    beside_python = str(Path(sys.executable).parent)  # nbgrader starts alembic, which makes its database, by name
    return {
        "PATH": os.pathsep.join([beside_python, os.environ.get("PATH", os.defpath)]),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
