"""What is started once: an engine for the gate. And what comparing needs: Python for the browser, and Node."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from grading.engine import Engine
from tests.browser_python import fetched
from upskill.authoring.gate.engines import Engines
from upskill.authoring.parity import needs
from upskill.authoring.parity.browser_python import Runtime
from upskill.browser_runtime import manifest, places


@pytest.fixture(scope="session")
def builds() -> Path:
    """A folder with a whole build."""
    return fetched()


@pytest.fixture(scope="session")
def runtime(builds) -> Runtime:
    """Node and the build."""
    node = needs.find_node()
    assert node, "Node is not installed: requirements/install tests"
    return Runtime(node, places.folder_of(manifest.read(), builds))


@pytest.fixture(scope="session")
def one_engine() -> Iterator[Engines]:
    """One engine, as if there were several."""
    with Engine() as running:
        yield Engines([running])


@pytest.fixture
def running_engines(one_engine: Engines) -> Callable[[], AbstractContextManager[Engines]]:
    """What `check_course` may start in place of two engines of its own, which takes it ten seconds each time."""
    return lambda: nullcontext(one_engine)
