"""The main story of an exercise in its page once more, in Firefox. Not collected where Firefox is not installed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys import answers

from . import firefox
from .reader import Reader
from .runtime import _without_drafts, builds, runtime, site
from .test_notebook import AUDIT, PATIENCE, begin, cell, check, run, shown, until_ready, until_saved

__all__ = ["_without_drafts", "builds", "runtime", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = firefox.launch(playwright)
        yield opened
        opened.close()


def write(page: Page, number: int, text: str) -> None:
    """In place of what stands in the cell."""
    cell(page, number).locator(".cm-content, textarea").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_an_exercise_is_solved_stopped_checked_and_marked_in_firefox(browser, site, tmp_path):
    leila = Reader(browser.new_page(), site=site, shots=Path(tmp_path))
    leila.sign_in("learner")
    page = begin(leila, AUDIT)
    until_ready(page)
    assert page.evaluate("self.crossOriginIsolated") is True
    solution = answers.solution()

    run(page, 2)
    expect(shown(page, 2).locator("table").first).to_be_visible(timeout=PATIENCE)
    write(page, 3, "kept = 42\nwhile True:\n    pass")
    run(page, 3)
    page.get_by_role("button", name="Stop").click()
    expect(shown(page, 3)).to_contain_text("Stopped. What was worked out before is kept.", timeout=30_000)
    write(page, 3, "print(kept)")
    run(page, 3)
    expect(shown(page, 3)).to_contain_text("42", timeout=30_000)
    for number, task in ((3, "group_rates"), (5, "gap"), (6, "threshold"), (8, "reflection")):
        write(page, number, solution[task])
    until_saved(page)
    expect(check(page).get_by_role("heading")).to_have_text("Practice: every check passes here")
    page.get_by_role("button", name="Hand in this answer").click()

    expect(page.locator("#result .app-result__score")).to_have_text(re.compile("^14 of 14 points"), timeout=60_000)
    assert leila.complaints == []
    assert "Content-Security-Policy:" not in (site.data / "log" / "web.log").read_text()
