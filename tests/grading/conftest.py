"""One warm marking process for all tests of a module."""

import pytest

from grading.engine import Engine


@pytest.fixture(scope="module")
def engine():
    with Engine(isolation="unsafe-dev") as running:
        yield running
