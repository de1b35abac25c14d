"""A stack for the stories of one module alone: what other stories did to the demo's people would be in their way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.RunningSite]:
    """In place of the one that all other stories share."""
    started = running.start(Path(tmp_path_factory.mktemp("own-site")))
    yield started
    started.stop()
