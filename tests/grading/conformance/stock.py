"""What nbgrader itself gives: its own preprocessors with a real kernel for each answer."""

import base64
import os
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbgrader import api

from grading.acceptance import stock_course
from tests.grading.conformance.generated import Case

Points = dict[str, float | None]


def stock_points(cases: Iterable[Case], *, processes: int = 2) -> dict[str, Points]:
    """Case -> check -> points, None where a person decides; where nbgrader stops, its exception in place of a check.

    Takes some two seconds for each case.
    """
    cases = list(cases)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_make_ready) as pool:
        return dict(zip([each.name for each in cases], pool.map(_points, cases), strict=True))


def _make_ready() -> None:
    """Have nbgrader start alembic, which it knows by its name, once and not for each look into its database."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    api.get_alembic_version = cache(api.get_alembic_version)


def _points(case: Case) -> Points:
    order = {
        "source": nbformat.writes(case.source),
        "answer": base64.b64encode(nbformat.writes(case.answer).encode()).decode(),
        "cell_seconds": 20,
        "secret": case.name,
    }
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        try:
            points: Points = stock_course.mark(order, folder=Path(folder))["points"]
        except Exception as problem:  # noqa: BLE001 (the test's own: whatever stops nbgrader is what it gives)
            return {type(problem).__name__: None}
    return points
