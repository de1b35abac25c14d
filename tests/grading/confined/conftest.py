"""One confined engine for all tests of a module."""

import os

import pytest

from grading.confined import ConfinedEngine

collect_ignore = [] if os.geteuid() == 0 else ["test_pair_of_slots.py"]  # only root has slots


@pytest.fixture(scope="module")
def engine():
    with ConfinedEngine() as running:
        yield running
