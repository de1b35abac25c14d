"""One warm process for all tests of the shell."""

import pytest

from tests.grading.shell.running import WarmProcess


@pytest.fixture(scope="session")
def warm():
    process = WarmProcess()
    yield process
    process.close()


@pytest.fixture
def run(warm, tmp_path):
    """Run cells as one notebook and get their reports."""

    def run(*sources, **options):
        return warm.run(*sources, folder=tmp_path, **options)[0]

    return run
