"""Filling in a rubric as a trainer does, in a real browser."""

from playwright.sync_api import Page, expect


def choose_on_each(page: Page, level: str) -> None:
    """Choose the same level, such as "Level 3 of 4", for every criterion of the rubric that the page shows."""
    levels = page.get_by_role("radio", name=level)
    expect(levels.first).to_be_visible()
    for criterion in levels.all():
        criterion.check()
