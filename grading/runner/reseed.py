"""Chance in a forked process: its own, or the one that a job asks for."""

import random
import sys


def reseed(seed: int | None = None) -> None:
    """Seed what a fork copies: Python's `random` and numpy's old global generator. None: from the system's entropy.

    `numpy.random.default_rng()`, `secrets` and `uuid` ask the system each time. The hash of a string stays what the
    parent's is: it is fixed when a Python starts.
    """
    random.seed(seed)
    if numpy_random := sys.modules.get("numpy.random"):
        numpy_random.seed(None if seed is None else seed % 2**32)
