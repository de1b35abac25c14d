"""What comparing needs: a build of Python for the browser, and Node."""

from pathlib import Path

import pytest
from django.conf import settings

from upskill.authoring.parity import needs
from upskill.authoring.parity.browser_python import Runtime
from upskill.browser_runtime import manifest, places
from upskill.browser_runtime.fetching import fetch
from upskill.browser_runtime.sources import PackageIndex


@pytest.fixture(scope="session")
def builds() -> Path:
    """A folder with a whole build. It is kept for the next run of tests; the first one brings it from the index."""
    into = settings.BROWSER_RUNTIME_DIR or settings.DATA_DIR / "browser-runtime"
    fetch(
        manifest.read(), sources=[PackageIndex(manifest.read(), address=settings.PACKAGE_INDEX)], into=into, say=print
    )
    return into


@pytest.fixture(scope="session")
def runtime(builds) -> Runtime:
    """Node and the build."""
    node = needs.find_node()
    assert node, "Node is not installed: requirements/install tests"
    return Runtime(node, places.folder_of(manifest.read(), builds))
