"""One confined engine for all tests of a module."""

import pytest

from grading.confined import ConfinedEngine


@pytest.fixture(scope="module")
def engine():
    with ConfinedEngine() as running:
        yield running
