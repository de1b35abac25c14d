"""`./run --tour`: starts a stack of its own, clicks through each role's story, and writes the pictures to docs/tour."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import running
from tests.browser.reader import launch
from upskill.browser_runtime import manifest, places

from . import stories
from .guide import LARGEST_FOLDER, Tour

PICTURES = running.ROOT / "docs" / "tour"


def main(folder: Path) -> int:
    """The exit status: 1 where the pictures are too large together."""
    with tempfile.TemporaryDirectory(prefix="upskill-tour-") as data:
        print("Starting a stack for the tour. Its data is thrown away at the end.", flush=True)
        site = running.start(Path(data) / "data", settings=settings())
        try:
            take(site, folder=folder, downloads=Path(data))
        finally:
            site.stop()
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{len(list(folder.glob('*.png')))} pictures, {size / 1_000_000:.1f} MB, in {folder}")
    return int(size > LARGEST_FOLDER)


def settings() -> dict[str, str]:
    """Those of a site with Python in its pages, where ./run has fetched that; else none, and the pictures show none."""
    builds = running.ROOT / "var" / "browser-runtime"
    if places.folder_of(manifest.read(), builds).is_dir():
        return {"UPSKILL_BROWSER_RUNTIME": str(builds)}
    print("Python for the browser is not in var: the exercise is shown as it is without. ./run fetches it.", flush=True)
    return {}


def take(site: running.RunningSite, *, folder: Path, downloads: Path) -> Tour:
    """The tour, taken on a running site."""
    with sync_playwright() as playwright:
        tour = Tour(site, browser=launch(playwright), folder=folder, say=lambda line: print(line, flush=True))
        stories.take(tour, downloads=downloads)
    return tour


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES))
