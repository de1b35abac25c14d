"""A data folder that any user of this machine may pass through, as a clone in /srv would have it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.processes import everything_gone, leftovers


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a short path, removed at the end. Nothing that runs in it may survive the test."""
    folder = Path(tempfile.mkdtemp(prefix="stack-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    gone = everything_gone(folder)
    left = leftovers(folder)
    shutil.rmtree(folder)
    assert (gone, left) == (True, [])


@pytest.fixture
def data(place: Path) -> Path:
    """Where a stack may put its data; not made yet."""
    return place / "var"
