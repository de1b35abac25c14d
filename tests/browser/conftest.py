"""The browser and its readers, for stories on the real stack."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.running import RunningSite

from .reader import PICTURES, Reader, launch


@pytest.fixture(scope="module")  # not session: an open browser holds an event loop that Django refuses to work beside
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield launch(playwright)


@pytest.fixture
def reader(chromium: Browser, site: RunningSite) -> Iterator[Callable[[], Reader]]:
    """A function: a reader with a fresh browser session."""
    shots = Path(os.environ.get(PICTURES, site.data / "shots"))
    shots.mkdir(parents=True, exist_ok=True)
    contexts = []

    def new_reader() -> Reader:
        contexts.append(chromium.new_context(accept_downloads=True))
        return Reader(contexts[-1].new_page(), site=site, shots=shots)

    yield new_reader
    for context in contexts:
        context.close()
