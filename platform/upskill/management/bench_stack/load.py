"""A crowd that learns, each at their own pace: `python -m upskill.management.bench_stack.load`, a process of its own.

Reads a Plan as JSON and prints what everybody met with. Another kind of request is another entry of KINDS.
"""

import json
import random
import resource
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from upskill.management.visit import CheckFailed

from . import course
from .figures import Clock
from .learner import Learner, learners

_STACK_BYTES = 512 * 1024  # of a thread: each learner is one


@dataclass(frozen=True)
class Kind:
    """One thing that a learner does, about every so many seconds."""

    name: str
    every_seconds: float
    do: Callable[[Learner, random.Random], Any]


def _open_page(learner: Learner, chance: random.Random) -> None:
    if learner.has_opened_exercise:
        learner.open(chance.choice(course.LEARNERS_PAGES))
    else:
        learner.open_exercise()


def _hand_in(learner: Learner, chance: random.Random) -> None:
    learner.hand_in(page=learner.open_exercise())


def _save_draft(learner: Learner, _chance: random.Random) -> None:
    if learner.has_opened_exercise:  # which is everybody's first page
        learner.save_draft()


KINDS = (Kind("a page", 30, _open_page), Kind("an answer", 300, _hand_in), Kind("a draft", 10, _save_draft))


@dataclass(frozen=True)
class Plan:
    """Who learns where: the site, the crowd as crowd.make gives it, for how long, and how many times as often."""

    url: str
    crowd: dict[str, Any]
    seconds: float
    pace: float


@dataclass
class Crowd:
    """Everybody at once, each in a thread."""

    plan: Plan
    errors: list[str] = field(default_factory=list)

    def learn(self) -> dict[str, Any]:
        """What everybody met with, once the time is over and nobody waits for a mark any more."""
        everybody = learners(self.plan.url, crowd=self.plan.crowd)
        clock, begun = Clock(), time.monotonic()
        threads = [threading.Thread(target=self._go_on, args=[learner, begun], daemon=True) for learner in everybody]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        asked: dict[str, list[float]] = defaultdict(list)
        for learner in everybody:
            for each in learner.asked:
                asked[each.kind].append(each.seconds)
        answers = [asdict(answer) for learner in everybody for answer in learner.answers]
        return {"asked": asked, "answers": answers, "errors": self.errors, "cost": clock.figures()}

    def _go_on(self, learner: Learner, begun: float) -> None:
        chance = random.Random(learner.number)  # noqa: S311 - the same crowd at each run # nosec B311
        due = {kind: begun + chance.uniform(0, kind.every_seconds / self.plan.pace) for kind in KINDS}
        while (next_at := min(due.values())) < begun + self.plan.seconds:
            time.sleep(max(0.0, next_at - time.monotonic()))
            kind = min(due, key=lambda each: due[each])
            try:
                kind.do(learner, chance)
            except CheckFailed as refusal:
                self.errors.append(f"{kind.name}: {refusal}")
            due[kind] = max(next_at + kind.every_seconds / self.plan.pace, time.monotonic())


def main() -> None:
    """Read the plan, do it, say what came of it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # each learner keeps a connection open
    threading.stack_size(_STACK_BYTES)
    print(json.dumps(Crowd(Plan(**json.load(sys.stdin))).learn()))


if __name__ == "__main__":
    main()
