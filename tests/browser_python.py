"""Python for the browser, for all tests that run it: fetched once from the index, then kept beside the tests."""

from pathlib import Path

from django.conf import settings

from upskill.browser_runtime import manifest
from upskill.browser_runtime.fetching import fetch
from upskill.browser_runtime.sources import PackageIndex


def fetched() -> Path:
    """A folder with a whole build. Raises FetchProblem where it cannot be brought."""
    into: Path = settings.BROWSER_RUNTIME_DIR or settings.DATA_DIR / "browser-runtime"
    wanted = manifest.read()
    fetch(wanted, sources=[PackageIndex(wanted, address=settings.PACKAGE_INDEX)], into=into, say=print)
    return into
