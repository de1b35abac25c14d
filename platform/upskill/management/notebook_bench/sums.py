"""From the visits of all rounds to the figures that are promised."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from upskill.management.bench_stack.figures import Figures, times
from upskill.management.bench_stack.promises import Promise

from .visits import Visit

SMALL = 3  # decimals


@dataclass(frozen=True)
class Round:
    """One round: each page in an empty browser, then again in the same one; ours then with a table not foreseen."""

    cold: Visit
    warm: Visit
    unforeseen: Visit  # warm too
    lite_cold: Visit
    lite_warm: Visit


def figures(rounds: list[Round], *, own_code_kb: float) -> Figures:
    """What is promised, from the medians of all rounds; `detail` has medians and worst of everything, in seconds."""
    found = {
        "cold": _spread(rounds, lambda each: each.cold.print_s),
        "warm": _spread(rounds, lambda each: each.warm.print_s),
        "pandas": _spread(rounds, lambda each: each.cold.pandas_s),
        "pandas_warm": _spread(rounds, lambda each: each.warm.pandas_s),
        "pandas_unforeseen_warm": _spread(rounds, lambda each: each.unforeseen.pandas_s),
        "jupyterlite_cold": _spread(rounds, lambda each: each.lite_cold.print_s),
        "jupyterlite_warm": _spread(rounds, lambda each: each.lite_warm.print_s),
        "jupyterlite_pandas": _spread(rounds, lambda each: each.lite_cold.pandas_s),
        "jupyterlite_pandas_warm": _spread(rounds, lambda each: each.lite_warm.pandas_s),
    }
    median = {name: spread["median"] for name, spread in found.items()}
    return {
        "cold_s": median["cold"],
        "warm_s": median["warm"],
        "cold_vs_jupyterlite": times(median["cold"], median["jupyterlite_cold"]),
        "warm_vs_jupyterlite": times(median["warm"], median["jupyterlite_cold"]),
        "pandas_vs_jupyterlite": times(median["pandas"], median["jupyterlite_pandas"]),
        "own_code_kb": own_code_kb,
        "detail": {"rounds": len(rounds), **found},
    }


def promised(found: Figures) -> list[Promise]:
    """What is promised of a notebook in its page."""
    return [
        Promise("kB of our own code, as it is served", found["own_code_kb"], 250),
        Promise("cold open until print(1), in times of JupyterLite's", found["cold_vs_jupyterlite"], 0.5),
        Promise("second visit, in times of JupyterLite's cold open", found["warm_vs_jupyterlite"], 0.35),
        Promise("first cell of pandas, in times of JupyterLite's", found["pandas_vs_jupyterlite"], 0.7),
    ]


def _spread(rounds: list[Round], seconds: Callable[[Round], float]) -> dict[str, float]:
    taken = [seconds(each) for each in rounds]
    return {"median": round(statistics.median(taken), SMALL), "worst": round(max(taken), SMALL)}
