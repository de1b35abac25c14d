"""`./run --tour`: starts a stack of its own, clicks through each role's story, and writes the pictures to docs/tour."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import running
from tests.browser.reader import launch

from . import stories
from .guide import LARGEST_FOLDER, Tour

PICTURES = running.ROOT / "docs" / "tour"


def main(folder: Path) -> int:
    """The exit status: 1 where the pictures are too large together."""
    with tempfile.TemporaryDirectory(prefix="upskill-tour-") as data:
        print("Starting a stack for the tour. Its data is thrown away at the end.", flush=True)
        site = running.start(Path(data) / "data")
        try:
            take(site, folder=folder, downloads=Path(data))
        finally:
            site.stop()
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{len(list(folder.glob('*.png')))} pictures, {size / 1_000_000:.1f} MB, in {folder}")
    return int(size > LARGEST_FOLDER)


def take(site: running.RunningSite, *, folder: Path, downloads: Path) -> Tour:
    """The tour, taken on a running site."""
    with sync_playwright() as playwright:
        tour = Tour(site, browser=launch(playwright), folder=folder, say=lambda line: print(line, flush=True))
        stories.take(tour, downloads=downloads)
    return tour


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES))
