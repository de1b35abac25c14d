"""What became of a case, as a line and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Result:
    """One case judged. It held when there are no problems."""

    folder: str
    id: str
    state: str
    seconds: float
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)  # for the JSON report only
    stock: "Result | None" = None  # the same case through plain nbgrader

    @property
    def held(self) -> bool:
        """Whether everything that must hold after the case does."""
        return not self.problems


@dataclass
class Report:
    """The results of one run, in order."""

    isolation: str = ""
    results: list[Result] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # what the manifests say and nobody could judge
    afterwards: list[str] = field(default_factory=list)  # harm that only shows after all cases

    def summary(self) -> str:
        """ "N of M held", and the same for plain nbgrader where it ran."""
        stock = [result.stock for result in self.results if result.stock]
        beside = f"; plain nbgrader {_held(stock)} of {len(stock)}" if stock else ""
        return f"{_held(self.results)} of {len(self.results)} held{beside}"

    def exit_code(self) -> int:
        """0 when all held, 1 when one did not, 2 when all did but part of a manifest could not be judged."""
        if self.afterwards or not all(result.held for result in self.results):
            return 1
        return 2 if self.problems else 0

    def to_json(self) -> str:
        """Everything, for programs."""
        return json.dumps(
            {
                "isolation": self.isolation,
                "held": _held(self.results),
                "of": len(self.results),
                "cases": [_plain(result) for result in self.results],
                "not_judged": self.problems,
                "afterwards": self.afterwards,
            },
            indent=1,
        )


def line(result: Result) -> str:
    """One line: id, held or BROKEN, state, seconds, why. With a column for plain nbgrader where it ran."""
    stock = f"  stock {_word(result.stock)}" if result.stock else ""
    why = "; ".join([*result.problems, *(f"({note})" for note in result.notes)])
    if result.stock and result.stock.problems:
        why = f"{why}{' | ' if why else ''}stock: {'; '.join(result.stock.problems)}"
    text = f"{result.id:26} {_word(result)}{stock}  {result.state:13} {result.seconds:6.2f} s  {_one_line(why)}"
    return text.rstrip()


def _word(result: Result) -> str:
    return "held  " if result.held else "BROKEN"


def _held(results: Sequence[Result]) -> int:
    return sum(result.held for result in results)


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)[:600]


def _plain(result: Result) -> dict[str, Any]:
    plain = {
        "folder": result.folder,
        "id": result.id,
        "held": result.held,
        "state": result.state,
        "seconds": round(result.seconds, 3),
        "why": list(result.problems),
        "notes": list(result.notes),
        **result.facts,
    }
    return {**plain, "stock": _plain(result.stock)} if result.stock else plain
