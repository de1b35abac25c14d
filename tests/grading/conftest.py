"""One engine for all tests of a module."""

import os

import pytest

from grading.engine import Engine

collect_ignore = [] if os.geteuid() == 0 else ["test_slots.py"]  # only root has slots


@pytest.fixture(scope="module")
def engine():
    with Engine() as running:
        yield running
