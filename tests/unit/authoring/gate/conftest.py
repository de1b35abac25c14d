"""One marking engine for all tests of the gate."""

import pytest

from grading.engine import Engine
from upskill.authoring.gate.engines import Engines


@pytest.fixture(scope="session")
def engines():
    """One engine, as if there were several."""
    with Engine() as running:
        yield Engines([running])
