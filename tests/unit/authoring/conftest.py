"""What comparing needs: a build of Python for the browser, and Node."""

from pathlib import Path

import pytest

from tests.browser_python import fetched
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
