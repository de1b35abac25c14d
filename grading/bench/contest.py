"""Everybody marks the same answers, taking turns: the engine, the bare fork, and nbgrader by interface and command."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from grading.bench.assignments import Assignment, Marks
from grading.bench.forkfloor import ForkFloor
from grading.bench.measured import Turn
from grading.bench.peers import Peers
from grading.engine import Engine
from grading.protocol import Job, Outcome, Verdict

SETTLE_SECONDS = 0.25  # in which an idle engine forks the next pair and everybody else falls quiet
Say = Callable[[str], None]


@dataclass
class MarkBook:
    """Compares every mark with the one that the answer deserves."""

    wrong: list[str] = field(default_factory=list)
    isolation: str = ""

    def verdict(self, verdict: Verdict, *, expected: Marks) -> None:
        """Note a verdict of the engine."""
        if verdict.outcome is not Outcome.MARKED:
            self.wrong.append(f"{verdict.job_id}: {verdict.outcome}: {verdict.reason}")
            return
        self.isolation = verdict.provenance.isolation
        self.marks({check.check: check.points for check in verdict.checks}, of=verdict.job_id, expected=expected)

    def marks(self, marks: Marks, *, of: str, expected: Marks) -> None:
        """Note marks, whoever gave them."""
        if marks != expected:
            self.wrong.append(f"{of}: {marks} instead of {expected}")


class Contest:
    """The engine, the bare fork and nbgrader, all warm, with the same assignments before them."""

    def __init__(
        self,
        assignments: list[Assignment],
        *,
        engine: Engine,
        floor: ForkFloor,
        peers: Peers | None,
        book: MarkBook,
    ) -> None:
        """`peers` may be None when nbgrader gets no turn. Every mark goes into `book`."""
        self._engine, self._floor, self._peers, self._book = engine, floor, peers, book
        self._assignments = assignments
        self._jobs = {each.name: each.job() for each in assignments}

    def turns(self, *, rounds: int, peer_rounds: int, say: Say) -> dict[str, list[Turn]]:
        """Each round everybody marks each assignment once; nbgrader only in `peer_rounds` of them, spread evenly."""
        turns: dict[str, list[Turn]] = {each.name: [] for each in self._assignments}
        self._warm_up(with_peers=peer_rounds > 0)
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            with_peers = number * peer_rounds // rounds != (number + 1) * peer_rounds // rounds
            for each in self._assignments:
                turns[each.name].append(self._turn(each, first=number % 3, with_peers=with_peers))
        return turns

    def _warm_up(self, *, with_peers: bool) -> None:
        for each in self._assignments:
            self._ours(each)
            self._fork(each)
            if self._peers and with_peers:
                self._peers.seconds_by_api(each.name)

    def _turn(self, each: Assignment, *, first: int, with_peers: bool) -> Turn:
        """Who begins changes from round to round, so that nobody always follows the same one."""
        steps: list[Callable[[Assignment], dict[str, float]]] = [self._ours, self._fork]
        if with_peers:
            steps.append(self._nbgrader)
        seconds: dict[str, float] = {}
        for step in (*steps[first:], *steps[:first]):
            seconds |= step(each)
        return Turn(**seconds)

    def _ours(self, each: Assignment) -> dict[str, float]:
        time.sleep(SETTLE_SECONDS)
        job = self._jobs[each.name]
        ready, first = marked(self._engine, job)
        on_demand, second = marked(self._engine, job)
        for verdict in (first, second):
            self._book.verdict(verdict, expected=each.marks)
        return {"ready": ready, "on_demand": on_demand}

    def _fork(self, each: Assignment) -> dict[str, float]:
        time.sleep(SETTLE_SECONDS)
        return {"fork": self._floor.seconds(each.name)}

    def _nbgrader(self, each: Assignment) -> dict[str, float]:
        assert self._peers is not None  # noqa: S101 (there are no such turns without)
        time.sleep(SETTLE_SECONDS)
        seconds = {"api": self._peers.seconds_by_api(each.name)}
        time.sleep(SETTLE_SECONDS)
        seconds["command"] = self._peers.seconds_by_command(each.name)
        for marks, whose in zip(self._peers.marks(each.name), ("NbGraderAPI", "nbgrader autograde"), strict=True):
            self._book.marks(marks, of=f"{each.name} by {whose}", expected=each.marks)
        return seconds


def marked(engine: Engine, job: Job) -> tuple[float, Verdict]:
    """The seconds from handing the job over until its verdict is there, and the verdict."""
    began = time.perf_counter()
    verdict = engine.mark(job)
    return time.perf_counter() - began, verdict
