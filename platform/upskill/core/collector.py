"""Python's collector of garbage: what stays as long as the process does is not looked through again and again."""

import gc
from typing import Literal

FREEZES = 10  # what is in use in just that moment is kept for good, so there is an end


def spare_what_stays(*, freezes: int = FREEZES) -> None:
    """Set aside all that is there now, and what the process's next `freezes` full collections leave.

    A full collection looks through every object: 220 to 290 ms in a site that has shown all its pages, and whichever
    page it falls into takes so much longer. Templates, typefaces and the like come with the first visits, so that
    setting aside once is not enough (then 70 to 100 ms; as here at most 11: docs/measurements.md). Call it before
    a server forks: each process counts its own.
    """
    left = freezes

    def set_aside(phase: Literal["start", "stop"], info: dict[str, int]) -> None:
        nonlocal left
        if left and phase == "stop" and info["generation"] == 2:
            left -= 1
            gc.freeze()

    gc.collect()
    gc.freeze()
    gc.callbacks.append(set_aside)
