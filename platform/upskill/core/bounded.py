"""Asking something that may hang, and not hanging with it."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
MOST_WAITING = 16  # questions of one process that hang at a time: their threads end when what they ask comes back
_room = threading.BoundedSemaphore(MOST_WAITING)


class NoAnswer(Exception):
    """Whoever was asked did not answer in time, or failed."""


class Question(Generic[Answer]):
    """A question that is being asked in a thread of its own, from the moment it is made."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._answers: list[Answer] = []
        self._ended = threading.Event()
        if _room.acquire(blocking=False):
            threading.Thread(target=self._run, args=[ask], daemon=True).start()
        else:
            self._ended.set()

    def answer(self, *, until: float) -> Answer:
        """The answer, waited for until that moment of time.monotonic(). Raises NoAnswer."""
        self._ended.wait(max(0.0, until - time.monotonic()))
        if not self._answers:
            raise NoAnswer
        return self._answers[0]

    def _run(self, ask: Callable[[], Answer]) -> None:
        try:
            self._answers.append(ask())
        finally:
            self._ended.set()
            _room.release()
