"""What somebody does at either page: open it, run the cell that prints, run the cell that shows a table.

The clock is the page's own. It begins with the navigation and is read in the frame that draws what was waited for.
"""

import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error, Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

from upskill.management.bench_stack.stack import FOLDER_PREFIX, BenchProblem

from . import course

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PATIENCE_SECONDS = 180
# Its sockets lie in the usual temporary folder: their paths may have 108 letters at most.
ENVIRONMENT: dict[str, str | float | bool] = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
TAKEN = re.compile(r"\[(\*|\d+)\]")  # what stands beside a cell of JupyterLite that runs or has run
TAKES_NOTICE_MS = 5000
SETTLE_MS = 1500  # after its start the browser is busy with itself
WHEN_SHOWN = """
([selector, patience]) => new Promise((done) => {
  const look = () => {
    const found = document.querySelector(selector);
    if (!found?.innerText.trim()) return;
    observer.disconnect();
    requestAnimationFrame(() => done([performance.now(), found.innerText]));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  setTimeout(() => done([0, ""]), patience);
  look();
})
"""


@dataclass
class Visit:
    """Seconds from the navigation until `print(1)` was answered, and from the click until the table was there."""

    print_s: float
    pandas_s: float


@dataclass(frozen=True)
class OurPage:
    """The page of an exercise."""

    address: str
    printed: str = ":nth-child(1 of .app-cell--ready) .app-out__text"
    shown: str = ":nth-child(2 of .app-cell--ready) .app-out__html table"

    def run(self, page: Page, *, cell: int) -> None:
        """Press the button of this cell as soon as it is there."""
        page.get_by_role("button", name=f"Run Cell {cell}", exact=True).click(timeout=PATIENCE_SECONDS * 1000)


@dataclass(frozen=True)
class LitePage:
    """JupyterLite's page of a notebook."""

    address: str
    printed: str = '.jp-Cell[data-windowed-list-index="0"] .jp-OutputArea-output pre'
    shown: str = '.jp-Cell[data-windowed-list-index="1"] .jp-OutputArea-output table'

    def run(self, page: Page, *, cell: int) -> None:
        """Click into this cell as soon as it is there, press Shift and Enter, and again where that is not taken: its
        page draws cells before it can run them, and on a busy machine the first press can be lost.
        """
        code = page.locator(".jp-CodeCell").nth(cell - 1)
        taken = code.locator(".jp-InputPrompt", has_text=TAKEN)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not taken.count() and time.monotonic() < deadline:
            code.locator(".cm-content").click(timeout=PATIENCE_SECONDS * 1000)
            page.keyboard.press("Shift+Enter")
            with suppress(NotInTime):
                taken.wait_for(timeout=TAKES_NOTICE_MS)


@dataclass
class Browser:
    """Chromium as somebody has it on their computer: a profile that stays between visits."""

    playwright: Playwright
    program: str
    profile: Path
    asked: list[str] = field(default_factory=list)  # addresses of scripts and styles

    def visit(self, at: OurPage | LitePage) -> Visit:
        """Open the page in a browser that has just been started. Raises BenchProblem."""
        context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=self.program,
            args=FLAGS,
            env=ENVIRONMENT,
            viewport={"width": 1280, "height": 900},
        )
        try:
            page = context.pages[0]
            page.wait_for_timeout(SETTLE_MS)
            page.on("request", lambda asked: self._note(asked.resource_type, asked.url))
            page.goto(at.address, wait_until="commit")
            return _both_cells(page, at)
        except Error as fault:
            raise BenchProblem(f"{at.address} did not do what it should in the browser: {fault.message}") from fault
        finally:
            context.close()

    def _note(self, kind: str, address: str) -> None:
        if kind in {"script", "stylesheet"}:
            self.asked.append(address)


def _both_cells(page: Page, at: OurPage | LitePage) -> Visit:
    at.run(page, cell=1)
    printed, text = _shown(page, at.printed)
    if text.strip() != course.PRINTED:
        raise BenchProblem(f"{at.address} showed {text.strip()[:200]!r} where {course.PRINTED!r} was expected.")
    begun = page.evaluate("performance.now()")
    at.run(page, cell=2)
    table, text = _shown(page, at.shown)
    if "Acton" not in text:
        raise BenchProblem(f"{at.address} showed no table of pandas: {text.strip()[:200]!r}.")
    return Visit(print_s=printed / 1000, pandas_s=(table - begun) / 1000)


def _shown(page: Page, selector: str) -> tuple[float, str]:
    """Milliseconds since the navigation at which something there was drawn, and its text."""
    at, text = page.evaluate(WHEN_SHOWN, [selector, PATIENCE_SECONDS * 1000])
    if not at:
        raise BenchProblem(f"{page.url} showed nothing for {PATIENCE_SECONDS} seconds.")
    return at, text


@contextmanager
def browsers(program: str) -> Iterator["Browsers"]:
    """Whoever visits. Raises BenchProblem where the browser does not start."""
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch(executable_path=program, args=FLAGS, env=ENVIRONMENT).close()
        except Error as fault:
            raise BenchProblem(
                f"Chromium does not start from {program}: install it (apt-get install chromium) or name another one in "
                f"CHROMIUM. It said: {fault.message.splitlines()[0]}"
            ) from fault
        yield Browsers(playwright, program)


@dataclass(frozen=True)
class Browsers:
    """Makes browsers that know nothing yet."""

    playwright: Playwright
    program: str

    @contextmanager
    def new(self) -> Iterator[Browser]:
        """A browser with an empty profile, which goes afterwards."""
        with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX, ignore_cleanup_errors=True) as profile:
            yield Browser(self.playwright, self.program, Path(profile))
