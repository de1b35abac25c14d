"""What is promised of marking and of pages, held against what was measured."""

from dataclasses import dataclass

from .figures import Figures


@dataclass(frozen=True)
class Promise:
    """One figure and its limit: at most, or at least where `at_least`. A figure that was not measured keeps nothing."""

    name: str
    figure: float | None
    limit: float
    at_least: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the figure is within its limit."""
        if self.figure is None:
            return False
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    def line(self) -> str:
        """The promise, what was found, and whether that keeps it."""
        limit = f"{'at least' if self.at_least else 'at most'} {self.limit:g}"
        return f"{self.name:<58} {limit:>13} {_shown(self.figure):>8}  {'kept' if self.is_kept else 'NOT KEPT'}"


def of_marking(figures: Figures) -> list[Promise]:
    """The promises about marking for which something was measured."""
    idle = figures["idle"]["click_to_mark"]
    promises = [
        Promise("seconds from click to mark, idle, median", idle["median"], 0.7),
        Promise("seconds from click to mark, idle, p95", idle["p95"], 1.2),
        Promise("marks a second, with learners who watch", figures["busy"]["per_second"], 10, at_least=True),
    ]
    if history := figures.get("history"):
        promises += [
            Promise("times as long with a long past, median", history["times"]["median"], 1.2),
            Promise("times as many marks a second with a long past", history["times_per_second"], 0.83, at_least=True),
        ]
    if flood := figures.get("flood"):
        longest = flood["idle"]["click_to_mark"]["p95"]
        share = longest / idle["p95"] if longest and idle["p95"] else None
        promises.append(Promise("beside a flood, p95 in times of the idle p95", share and round(share, 2), 2))
    return promises


def of_load(figures: Figures) -> list[Promise]:
    """The promises about a crowd that learns."""
    return [
        Promise("requests that failed", figures["errors"], 0),
        Promise("milliseconds of a page, p95", _ms(figures["requests"]["page"]["p95"]), 300),
    ]


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000)


def _shown(figure: float | None) -> str:
    return "none" if figure is None else f"{figure:g}"
