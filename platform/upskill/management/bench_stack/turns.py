"""Learners in turn: one after the other on an idle site, or so many at once for as long as it lasts."""

import queue
import threading
import time
from dataclasses import dataclass

from upskill.management.visit import CheckFailed

from . import course
from .learner import Answer, Learner
from .stack import BenchProblem

PAUSE_SECONDS = 0.3  # between two answers on an idle site: whatever follows a mark is done


@dataclass(frozen=True)
class Done:
    """An answer, and when its mark was seen, on the clock that only goes on."""

    answer: Answer
    at: float


class Turns:
    """Who comes next. Everybody in turn, so that nobody hands in more often than learners may."""

    def __init__(self, learners: list[Learner]) -> None:
        self._waiting: queue.Queue[Learner] = queue.Queue()
        for learner in learners:
            self._waiting.put(learner)

    def one_by_one(self, number: int) -> list[Answer]:
        """So many answers, each handed in after the one before has its mark. Raises BenchProblem."""
        answers = []
        for _ in range(number):
            answers.append(self._next())
            time.sleep(PAUSE_SECONDS)
        return answers

    def at_once(self, number: int, *, seconds: float) -> list[Done]:
        """So many learners always have an answer under way, until the time is over. Raises BenchProblem."""
        done: list[Done] = []
        problems: list[BenchProblem] = []
        end = time.monotonic() + seconds

        def go_on() -> None:
            while time.monotonic() < end and not problems:
                try:
                    done.append(Done(self._next(), time.monotonic()))
                except BenchProblem as problem:
                    problems.append(problem)

        threads = [threading.Thread(target=go_on, daemon=True) for _ in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if problems:
            raise problems[0]
        return done

    def _next(self) -> Answer:
        learner = self._waiting.get()
        try:
            return learner.hand_in(page=learner.open(course.EXERCISE_PAGE))
        except CheckFailed as refusal:
            raise BenchProblem(str(refusal)) from refusal
        finally:
            self._waiting.put(learner)
