"""This process's marking engine: started before the first job is taken, kept warm, and replaced when it has died."""

import atexit

from django.conf import settings

from grading.engine import Engine, EngineFailed
from grading.protocol import Outcome, Verdict
from grading.sandbox.slots import SandboxRefused

__all__ = ["MarkingPaused", "Outcome", "Verdict", "close", "engine"]

_engine: Engine | None = None


class MarkingPaused(Exception):
    """No answer can be marked here now, so no job is taken: submissions wait. The message is for operators."""


def engine() -> Engine:
    """The warm engine of this process, running. Raises MarkingPaused where it may not or cannot start."""
    global _engine
    if settings.GRADER_ISOLATION != "unsafe-dev":
        raise MarkingPaused("Marking is paused: GRADER_ISOLATION is not set. Submissions wait until it is.")
    try:
        if _engine is None:
            _engine = Engine(python=settings.GRADING_PYTHON, isolation=settings.GRADER_ISOLATION)
        _engine.start()
    except (EngineFailed, SandboxRefused, OSError) as problem:
        close()
        raise MarkingPaused(
            f"Marking is paused: the marking engine does not start ({problem}). Submissions wait until it does."
        ) from problem
    return _engine


def close() -> None:
    """Stop the engine, if one runs. Safe to repeat."""
    global _engine
    if _engine is not None:
        _engine.close()
        _engine = None


atexit.register(close)
