"""Whose turn it is: what takes minutes for all exercises is asked of some each time, of others with each commit."""

import os
import subprocess
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import pytest

from tests.content.library import COURSES
from upskill.authoring.parity.exercises import Exercise

NUMBER = "UPSKILL_SAMPLE"  # chooses them; left out: how many commits there are


@cache
def number_of_this_run() -> int:
    """What UPSKILL_SAMPLE says, or else the number of commits; 0 where there is no history."""
    if NUMBER in os.environ:
        return int(os.environ[NUMBER])
    counting = ["git", "-C", str(COURSES), "rev-list", "--count", "HEAD"]
    counted = subprocess.run(counting, capture_output=True, text=True)
    return int(counted.stdout) if counted.returncode == 0 else 0


def turn_of(number: int, *, exercises: Sequence[Exercise]) -> Exercise:
    """The exercise whose turn it is: each comes once in as many numbers as there are exercises."""
    return _by_name(exercises)[number % len(exercises)]


def share_of(number: int, *, exercises: Sequence[Exercise], one_in: int) -> list[Exercise]:
    """One in so many of them: each comes once in `one_in` numbers."""
    return _by_name(exercises)[number % one_in :: one_in]


def one_in(number: int, values: Iterable[str], *, turns: int) -> list[Any]:
    """The values as pytest's parameters, those marked long whose turn it is not: each comes once in `turns` commits."""
    return [
        pytest.param(value, marks=[] if (place - number) % turns == 0 else pytest.mark.long)
        for place, value in enumerate(values)
    ]


def _by_name(exercises: Sequence[Exercise]) -> list[Exercise]:
    return sorted(exercises, key=lambda exercise: exercise.name)
