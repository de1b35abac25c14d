"""bench_marking: from the click to the mark on the page, idle and busy, with a long past, and beside a flood."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import processes
from .figures import Clock, Figures, spread, times
from .learner import Answer, learners
from .outcome import outcome
from .stack import OwnStack
from .turns import Turns

WARM_UP = 6  # answers that do not count: the first ones start engines and open connections
PROGRAMS = ("web", "worker", "postgres")


@dataclass(frozen=True)
class Wanted:
    """What is measured: how many learners take part, how many answers one by one, how long and how many at once."""

    people: int
    repeat: int
    seconds: float
    at_once: int
    earlier: int  # answers of a long past; 0: none
    regrades: int  # that wait in a flood; 0: no flood
    rush: int


@dataclass
class Bench:
    """One stack that is measured, step by step; `wrong` has a sentence about each answer without its right mark."""

    stack: OwnStack
    wanted: Wanted
    say: Callable[[str], None]
    wrong: list[str] = field(default_factory=list)

    def measure(self) -> Figures:
        """Everything that is wanted. Raises BenchProblem."""
        clock = Clock()
        self.say(f"Making {self.wanted.people} learners")
        self.turns = Turns(learners(self.stack.url, crowd=self.stack.step("crowd", self.wanted.people)))
        self._checked(self.turns.one_by_one(WARM_UP))
        figures = self._idle_and_busy()
        figures["slots"] = processes.slots(self.stack.process("worker"))
        if self.wanted.earlier:
            figures["history"] = self._with_history(before=figures)
        if self.wanted.regrades:
            figures["flood"] = self._beside_flood(before=figures)
        return figures | {"whole_run": clock.figures(), "wrong": self.wrong}

    def _idle_and_busy(self) -> Figures:
        return {"idle": self._idle(), "busy": self._busy()}

    def _idle(self) -> Figures:
        """Answers one by one: as the learner sees it, and of that the steps as the queue knows them."""
        self.say(f"{self.wanted.repeat} answers, one after the other")
        clock, before = Clock(), self._used()
        answers = self.turns.one_by_one(self.wanted.repeat)
        cost, after = clock.figures(), self._used()
        waited, marked = self._checked(answers)
        return {
            "click_to_mark": spread([answer.seen for answer in answers]),
            "click_to_page": spread([answer.handed_in for answer in answers]),
            "queued": spread(waited),
            "in_a_slot": spread(marked),
            "processor_ms": {name: round((after[name] - before[name]) * 1000 / len(answers)) for name in PROGRAMS},
            **cost,
        }

    def _used(self) -> dict[str, float]:
        """Program -> processor seconds so far. What an answer costs of them hardly depends on who else works."""
        return {name: processes.processor_seconds(self.stack.process(name)) for name in PROGRAMS}

    def _busy(self) -> Figures:
        """So many learners at once, each watching their page."""
        self.say(f"{self.wanted.at_once} learners at once for {self.wanted.seconds:g} seconds")
        clock, end = Clock(), time.monotonic() + self.wanted.seconds
        done = self.turns.at_once(self.wanted.at_once, seconds=self.wanted.seconds)
        cost = clock.figures()
        in_time = [each for each in done if each.at <= end]
        self._checked([each.answer for each in done])
        return {
            "at_once": self.wanted.at_once,
            "per_second": round(len(in_time) / self.wanted.seconds, 2),
            "click_to_mark": spread([each.answer.seen for each in done]),
            **cost,
        }

    def _with_history(self, *, before: Figures) -> Figures:
        self.say(f"Making {self.wanted.earlier:,} earlier answers")
        made = self.stack.step("earlier", self.wanted.earlier)
        self._checked(self.turns.one_by_one(WARM_UP))
        now = self._idle_and_busy()
        return {"made": made, **now, "times": _times(now["idle"], before["idle"])} | {
            "times_per_second": times(now["busy"]["per_second"], before["busy"]["per_second"])
        }

    def _beside_flood(self, *, before: Figures) -> Figures:
        self.say(f"Queueing {self.wanted.regrades:,} regrades and a rush of {self.wanted.rush:,}")
        made = self.stack.step("flood", self.wanted.regrades, self.wanted.rush)
        self._checked(self.turns.one_by_one(WARM_UP))  # by then every slot is at work
        now = self._idle()
        left = self.stack.rows("SELECT lane, count(*) FROM marking_job WHERE state = 'queued' GROUP BY lane")
        return {"made": made, "idle": now, "times": _times(now, before["idle"]), "left": dict(left)}

    def _checked(self, answers: list[Answer]) -> tuple[list[float], list[float]]:
        """How long each waited and was marked, once all have their marks; what is wrong is kept."""
        found = outcome(self.stack, answers=answers)
        self.wrong += found.wrong
        return found.waited, found.marked


def _times(now: Figures, before: Figures) -> Figures:
    """How many times as long it takes now from the click to the mark, and as much processor time."""
    long = {name: times(now["click_to_mark"][name], before["click_to_mark"][name]) for name in ("median", "p95")}
    used = [sum(stretch["processor_ms"].values()) for stretch in (now, before)]
    return long | {"processor": times(*used)}
