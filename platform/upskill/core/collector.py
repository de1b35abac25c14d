"""Python's collector of garbage: what stays as long as the process does is not looked through again and again."""

import gc
from time import perf_counter
from typing import Literal

FREEZES = 10  # what is in use and in a cycle at such a moment is kept for good, so there is an end
SLOW_SECONDS = 0.01  # of a full collection


def spare_what_stays(*, freezes: int = FREEZES, slow_seconds: float = SLOW_SECONDS) -> None:
    """Set aside all that is there now, and what full collections that took longer than `slow_seconds` leave, `freezes`
    times at most.

    A full collection looks through every object, and whichever page it falls into takes so much longer: 220 to 290 ms
    in a site that has shown all its pages. Templates, typefaces and the like come with the first visits, so that
    setting aside once is not enough (docs/measurements.md, "Pages"). Call it before a server forks: each process
    counts its own.
    """
    begun, left = 0.0, freezes

    def set_aside(phase: Literal["start", "stop"], info: dict[str, int]) -> None:
        nonlocal begun, left
        if info["generation"] < 2:
            return
        if phase == "start":
            begun = perf_counter()
        elif left and perf_counter() - begun > slow_seconds:
            left -= 1
            gc.freeze()

    gc.collect()
    gc.freeze()
    gc.callbacks.append(set_aside)
