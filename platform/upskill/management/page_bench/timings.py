"""Every page as every role that may open it, visited again and again."""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from .addresses import OF_REPORTS, Address, addresses, has_recipe, is_file, pages
from .visits import Caller, callers, forget_allowances

WARM_UP = 2  # visits that do not count: the first ones load templates and open connections
NO_RECIPE = "no recipe makes its address: add one to page_bench/addresses.py"
NO_ROW = "there is nothing in the data that it could show"
NOBODY = "no role of the demo may open it"


@dataclass
class Timing:
    """One page as one role: the milliseconds of each visit, those of its own work, and the queries of the dearest.

    `place` tells it from the page's other addresses: it is so many after the first that this role may open.
    """

    page: str
    role: str
    address: str
    place: int = 0
    queries: int = 0
    milliseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def is_page(self) -> bool:
        """Neither a download nor a view of reports, which bench_reports measures over organisations of every size."""
        return not self.page.startswith(OF_REPORTS) and not is_file(self.address)

    @property
    def key(self) -> tuple[str, str, int]:
        """What it is in every population."""
        return self.page, self.role, self.place

    @property
    def median(self) -> float:
        """Half of the visits took no longer."""
        return statistics.median(self.milliseconds)

    @property
    def work(self) -> float:
        """Median of the processor time of our own code: steadier than the clock on a busy machine."""
        return statistics.median(self.processor)

    @property
    def p95(self) -> float:
        """19 of 20 visits took no longer."""
        return sorted(self.milliseconds)[-(-len(self.milliseconds) * 95 // 100) - 1]

    @property
    def worst(self) -> float:
        """The longest visit."""
        return max(self.milliseconds)


@dataclass(frozen=True)
class Report:
    """What was measured, slowest first, and which pages were not, with the reason."""

    timings: list[Timing]
    not_measured: dict[str, str]

    @property
    def pages(self) -> list[Timing]:
        """Those to which the promise is made."""
        return [each for each in self.timings if each.is_page]


def growth(large: Report, small: Report) -> float | None:
    """The most that any page takes in the large population in times of the small one, median by median. None: no page
    is in both.
    """
    before = {each.key: each.median for each in small.pages}
    grown = [each.median / before[each.key] for each in large.pages if each.key in before]
    return round(max(grown), 2) if grown else None


def measure(*, repeat: int) -> Report:
    """Visit every page `repeat` times as every role. In rounds, so that a busy second of the machine hits all alike."""
    forget_allowances()
    everybody = callers()
    found, not_measured = _open_addresses(everybody)
    timings = [(*each, timing) for each, timing in zip(found, unmeasured(found), strict=True)]
    for visit in range(WARM_UP + repeat):
        forget_allowances()
        for address, role, timing in timings:
            answer = everybody[role].again(address.path)
            timing.queries = max(timing.queries, answer.queries)
            if visit >= WARM_UP:
                timing.milliseconds.append(answer.milliseconds)
                timing.processor.append(answer.processor)
    return Report(sorted((timing for _a, _r, timing in timings), key=lambda each: -each.p95), not_measured)


def unmeasured(found: Iterable[tuple[Address, str]]) -> list[Timing]:
    """What each of these addresses is known by as its role, before the first visit."""
    places: dict[tuple[str, str], count[int]] = defaultdict(count)
    return [
        Timing(address.label, role, address.path, place=next(places[address.label, role])) for address, role in found
    ]


def _open_addresses(everybody: dict[str, Caller]) -> tuple[list[tuple[Address, str]], dict[str, str]]:
    """Every address with each role that may open it, and the pages that have none, with the reason."""
    found: list[tuple[Address, str]] = []
    not_measured = {}
    anybody = next(reversed(everybody.values()))
    for page in pages():
        if not anybody.answers_get(page):
            continue
        if not has_recipe(page):
            not_measured[page.name] = NO_RECIPE
            continue
        made = addresses(page)
        may = [(each, role) for each in made for role, caller in everybody.items() if caller.may_open(each.path)]
        found += may
        if not may:
            not_measured[page.name] = NOBODY if made else NO_ROW
    return found, not_measured
