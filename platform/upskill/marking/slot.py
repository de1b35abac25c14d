"""This process's marking engine: started at first use, kept warm, and replaced when it has died."""

import atexit

from django.conf import settings
from grading.engine import Engine
from grading.protocol import Outcome, Verdict

__all__ = ["MarkingPaused", "Outcome", "Verdict", "close", "engine"]

_engine: Engine | None = None


class MarkingPaused(Exception):
    """No isolation is configured, so no job is taken: submissions wait."""


def engine() -> Engine:
    """The warm engine of this process. Raises MarkingPaused where settings allow none."""
    global _engine
    if settings.GRADER_ISOLATION != "unsafe-dev":
        raise MarkingPaused("GRADER_ISOLATION is not set. Submissions wait until it is.")
    if _engine is None or not _engine.is_alive():
        close()
        _engine = Engine(python=settings.GRADING_PYTHON, isolation=settings.GRADER_ISOLATION)
        atexit.register(close)
    return _engine


def close() -> None:
    """Stop the engine, if one runs."""
    global _engine
    if _engine is not None:
        _engine.close()
        _engine = None
