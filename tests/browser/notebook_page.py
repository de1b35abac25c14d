"""What somebody does in the page of an exercise, with a mouse or without."""

import re

from playwright.sync_api import Locator, Page, expect

from .keyboard import MOST_TABS, Keyboard
from .reader import Reader

PATIENCE = 90_000  # milliseconds until Python has started, or has imported something large


def begin(somebody: Reader, path: str) -> Page:
    """They take the course of this exercise, if they do not yet, and open it."""
    page = somebody.open("/".join(path.split("/")[:3]) + "/")
    start = page.get_by_role("button", name=re.compile("^Start"))
    if start.count():
        start.first.click()
    somebody.open(path)
    return page


def until_ready(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-python", "ready", timeout=PATIENCE)
    expect(page.locator("#python-state")).to_have_text("Python is ready.", timeout=PATIENCE)


def cell(page: Page, number: int) -> Locator:
    """The cell that the page calls by this number."""
    return page.locator("section.app-cell", has=page.locator(".app-cell__label", has_text=f"Cell {number}."))


def write(page: Page, number: int, text: str) -> None:
    """In place of what stands in the cell."""
    cell(page, number).locator(".cm-content, textarea").click()
    paste(page, text)


def paste(page: Page, text: str) -> None:
    """In place of all that stands where the focus is."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+v")


def run(page: Page, number: int) -> None:
    cell(page, number).get_by_role("button", name=f"Run Cell {number}", exact=True).click()


def shown(page: Page, number: int) -> Locator:
    return cell(page, number).locator(".app-out")


def until_saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text(re.compile(r"^Saved at \d"), timeout=20_000)


def check(page: Page) -> Locator:
    """The result of "Check my answers"."""
    page.get_by_role("button", name="Check my answers").click()
    result = page.locator("#practice")
    expect(result).to_be_focused(timeout=PATIENCE)
    return result


def write_by_keyboard(hands: Keyboard, number: int, text: str) -> None:
    """In place of what stands in the cell, without a mouse."""
    hands.tab_to(f"Python code of Cell {number}. Escape, then Tab leaves it.", most=2 * MOST_TABS)
    paste(hands.page, text)


def check_by_keyboard(hands: Keyboard) -> Locator:
    """The result of "Check my answers", asked for without a mouse."""
    hands.tab_to("Check my answers", role="button")
    hands.press("Enter")
    expect(hands.page.locator("#practice")).to_be_focused(timeout=PATIENCE)
    return hands.page.locator("#practice")
