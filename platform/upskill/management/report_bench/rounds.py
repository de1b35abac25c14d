"""Two populations, visited by turns."""

import gc
import statistics
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test.utils import override_settings

from upskill.management.page_bench.visits import Caller, forget_allowances
from upskill.management.population import databases

from .askers import askers
from .views import View, views

ROUNDS = 3
Watch = Callable[..., Any]


@dataclass
class Visited:
    """One view in one population: the milliseconds of each visit that counts, those of the thread's own work, and the
    queries of the dearest.
    """

    view: View
    milliseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def p95(self) -> float:
        """19 of 20 visits took no longer."""
        return p95(self.milliseconds)

    @property
    def median(self) -> float:
        """Half of the visits took no longer."""
        return statistics.median(self.milliseconds)

    @property
    def work(self) -> float:
        """Median of the processor time of our own code: steadier than the clock on a busy machine."""
        return statistics.median(self.processor)


def p95(milliseconds: list[float]) -> float:
    """19 of 20 took no longer."""
    return sorted(milliseconds)[-(-len(milliseconds) * 95 // 100) - 1]


def visit(names: list[str], *, repeat: int, watch: Watch | None = None) -> dict[str, list[Visited]]:
    """Every view of these databases, `repeat` times in each of some rounds after a visit that does not count.

    `watch` goes around each query of the first database.
    """
    found: dict[str, list[Visited]] = {}
    callers: dict[tuple[str, int], Caller] = {}
    for turn in range(ROUNDS):
        for name in names:
            with databases.using(name), override_settings(DEBUG=False):
                if turn == 0:
                    found[name] = list(_prepare(name, callers=callers))
                gc.collect()  # what publishing has left in this process is no page's to look through
                gc.freeze()
                with _watched(watch if name == names[0] else None):
                    _go_round(found[name], name=name, callers=callers, repeat=repeat)
    return found


def _prepare(name: str, *, callers: dict[tuple[str, int], Caller]) -> Iterator[Visited]:
    forget_allowances()
    for asker in askers():
        caller = callers[name, asker.person.pk] = Caller(asker.person)
        yield from map(Visited, views(asker, caller=caller))


def _go_round(visited: list[Visited], *, name: str, callers: dict[tuple[str, int], Caller], repeat: int) -> None:
    for count in range(1 + repeat):
        forget_allowances()
        for each in visited:
            answer = callers[name, each.view.asker.person.pk].again(each.view.path)
            each.queries = max(each.queries, answer.queries)
            if count:
                each.milliseconds.append(answer.milliseconds)
                each.processor.append(answer.processor)


def _watched(watch: Watch | None) -> AbstractContextManager[Any]:
    return connection.execute_wrapper(watch) if watch else nullcontext()
