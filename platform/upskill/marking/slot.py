"""This process's marking engine: started before the first job is taken, kept warm, and replaced when it has died."""

import atexit
import gc
import json
import subprocess
import threading
import time
from typing import Any

from django.conf import settings

from grading import __version__
from grading.engine import Engine, EngineFailed
from grading.protocol import Outcome, Verdict
from upskill.core.heartbeats import Condition
from upskill.core.redaction import ForOperators

__all__ = ["Engine", "MarkingPaused", "Outcome", "Verdict", "close", "condition", "engine"]

RETRY_SECONDS = 30  # after an engine that did not start: each try may load the processor for seconds
_SHOWN = ("nbgrader", "ipython", "numpy", "pandas", "scikit-learn", "matplotlib")
_ASK = f"""
import json, platform
from importlib.metadata import distributions
libraries = {{one.metadata["Name"]: one.version for one in distributions() if one.metadata["Name"] in {_SHOWN}}}
print(json.dumps({{"python": platform.python_version(), "libraries": libraries}}))
"""


class MarkingPaused(ForOperators):
    """No answer can be marked here now, so no job is taken: submissions wait.

    `note` is a sentence for everybody, `problem` what operators need besides.
    """

    def __init__(self, note: str, *, cure: str, problem: str = "") -> None:
        super().__init__(f"Marking is paused: {note}{f' ({problem})' if problem else ''}. {cure}")
        self.note, self.problem = f"Marking is paused: {note}. {cure}", problem


_engine: Engine | None = None
_facts: dict[str, Any] = {}
_starting = threading.Lock()
_failed: tuple[float, MarkingPaused] | None = None  # when and why the engine did not start the last time


def engine() -> Engine:
    """The warm engine of this process, running. Raises MarkingPaused where it may not or cannot start."""
    global _engine, _facts, _failed
    with _starting:
        try:
            if _engine is None:
                _engine = Engine(python=settings.GRADING_PYTHON, isolation=settings.GRADER_ISOLATION)
            _engine.start()
            if not _facts:
                _facts = _versions()
                gc.freeze()  # everything is imported: the collector need not look at it while somebody waits
        except (EngineFailed, OSError, subprocess.SubprocessError) as problem:
            close()
            cure = "Submissions wait until it does."
            paused = MarkingPaused("the marking engine does not start", cure=cure, problem=str(problem))
            _failed = (time.monotonic(), paused)
            raise paused from problem
        _failed = None
        return _engine


def condition() -> Condition:
    """Whether this process marks now, as its signs of life say it.

    Starts the engine where none runs, so that nobody takes a slot for working that has never tried. Never waits for an
    answer that is being marked.
    """
    try:
        if _failed and time.monotonic() < _failed[0] + RETRY_SECONDS:
            return _paused(_failed[1])
        if _engine is None or not _engine.is_alive():
            engine()
    except MarkingPaused as paused:
        return _paused(paused)
    running = _engine  # another thread may close it
    now = {"isolation": running.isolation, "recycled": running.recycled} if running else {}
    return Condition(is_working=True, facts={**_facts, **now})


def close() -> None:
    """Stop the engine, if one runs. Safe to repeat."""
    global _engine
    if _engine is not None:
        _engine.close()
        _engine = None


def _paused(paused: MarkingPaused) -> Condition:
    return Condition(is_working=False, note=paused.note, facts={"problem": paused.problem})


def _versions() -> dict[str, Any]:
    """What marks here, as the Python that runs the engine says it."""
    command = [settings.GRADING_PYTHON, "-I", "-c", _ASK]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
    return {"engine_version": __version__, **json.loads(said)}


atexit.register(close)
