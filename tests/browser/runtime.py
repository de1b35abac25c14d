"""A site with Python for the browser, for the stories that run exercises in the page."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import running
from tests.browser_python import fetched

ROOT = Path(__file__).resolve().parents[2]
COURSES = [ROOT / "courses", Path(__file__).with_name("small_courses")]


@pytest.fixture(scope="session")
def runtime() -> Path:
    """The folder of the builds."""
    return fetched().resolve()


@pytest.fixture(scope="module")
def builds(runtime: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same builds in a folder that a story may take away."""
    own = tmp_path_factory.mktemp("builds")
    for build in runtime.iterdir():
        (own / build.name).symlink_to(build)
    return own


@pytest.fixture(scope="module")
def site(builds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.RunningSite]:
    """A stack that offers exercises in the page, with the two small ones besides."""
    settings = {"UPSKILL_BROWSER_RUNTIME": str(builds), "COURSE_DIRS": os.pathsep.join(map(str, COURSES))}
    started = running.start(Path(tmp_path_factory.mktemp("notebook")), settings=settings)
    started.run("manage", "sync_courses", "--unchecked")  # the small ones have no certificates
    yield started
    started.stop()


@pytest.fixture(autouse=True)
def _without_drafts(site: running.RunningSite) -> None:
    """What an earlier story wrote is not there."""
    site.rows("DELETE FROM learning_draft RETURNING id")
