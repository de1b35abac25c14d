"""Somebody in front of a real browser. Every page that a story looks at is checked at two widths."""

import os
import re
import zlib
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, ViewportSize

from tests.content.turns import number_of_this_run
from tests.running import RunningSite

from . import spoken

AXE = Axe().axe_script
PICTURES = "UPSKILL_SHOTS"  # a folder for a picture of each page that a story looks at, at both widths
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # axe-core tells all elements of these alone: a third of its time
}
BARRIERS = """
async (options) => (await axe.run(options)).violations.map((found) => [found.id, found.nodes.map((node) => node.html)])
"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Reader:
    """Somebody in front of a browser. `look` checks the page they see."""

    def __init__(self, page: Page, *, site: RunningSite, shots: Path) -> None:
        self.page, self.site, self.shots = page, site, shots
        self.complaints: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", self._on_request)

    def open(self, path: str) -> Page:
        """The page at this path, loaded."""
        self.page.goto(self.site.url + path)
        return self.page

    def sign_in(self, role: str) -> None:
        """Through the demo page, as the account that shows this role."""
        self.open("/demo/")
        with self.page.expect_navigation():
            self.page.locator(f'form:has(input[name="role"][value="{role}"]) button').click()
        self.page.wait_for_url(re.compile(rf"^{re.escape(self.site.url)}/(?!demo)"))

    def look(self, name: str) -> None:
        """No barrier for anybody, also for somebody who listens; nothing refused by the policy, nothing wider than the
        screen. Axe looks at one width, with the next commit at the other; at both, with a picture of each, where
        somebody wants to look at pictures.
        """
        self.page.wait_for_load_state()
        pictures, at_turn = PICTURES in os.environ, (zlib.crc32(name.encode()) + number_of_this_run()) % 2
        for place, size in enumerate((NARROW, WIDE)):
            self.page.set_viewport_size(size)
            if pictures:
                self.page.screenshot(path=self.shots / f"{name}-{size['width']}.png", full_page=True)
            found = barriers(self.page) if pictures or place == at_turn else []
            assert found == [], f"{name} at {size['width']}: {found}"
            assert self.page.evaluate(OVERFLOW) == 0, f"{name} is wider than {size['width']} pixels"
        heard = spoken.faults(self.page)
        assert heard == [], f"{name}, read aloud: {heard}"
        assert self.complaints == [], f"{name}: {self.complaints}"

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _is_expected(message.text):
            self.complaints.append(message.text)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:")):
            self.complaints.append(f"asked another host: {request.url}")


def barriers(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds on the page as it is now: each rule, with the elements that break it."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    return [(rule, elements) for rule, elements in page.evaluate(BARRIERS, WCAG)]


def _is_expected(text: str) -> bool:
    """Chromium writes refusals that a story provokes on purpose (404, 422) to the console as well. And govuk-frontend
    advises against the option by which it counts words as we do: by spaces.
    """
    return "Failed to load resource: the server responded with a status of 4" in text or "`maxwords`" in text


def launch(playwright: Playwright) -> Browser:
    """Chromium without a window, which asks nobody but the site."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
