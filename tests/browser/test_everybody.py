"""Pages that everybody can reach, and what happens when something is not there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader

pytestmark = [pytest.mark.browser]
OPEN = [
    "/sign-in/", "/sign-in/?next=/skills/", "/demo/", "/privacy/", "/accessibility/", "/how-marking-works/",
    "/feedback/",
]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/",
        "/sign-in/?next=/skills/",
        "/demo/",
        "/privacy/",
        "/accessibility/",
        "/how-marking-works/",
        "/feedback/",
    ],
)
def test_page_is_open_to_everybody_and_has_no_barrier(reader: Callable[[], Reader], path: str):
    visitor = reader()

    visitor.open(path)

    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    visitor.look(path.strip("/").replace("/", "-"))


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/no-such-page/", "Page not found"),
        ("/sign-in/this-link-was-used-long-ago-1234567890/", "link"),
    ],
)
def test_error_page_says_what_happened_and_what_to_do(reader: Callable[[], Reader], path: str, heading: str):
    visitor = reader()

    visitor.open(path)

    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(heading)
    visitor.look(f"error-{heading.split()[0].lower()}")


def test_keyboard_alone_reaches_the_main_content_and_the_sign_in_form(reader: Callable[[], Reader]):
    visitor = reader()
    page = visitor.open("/sign-in/")

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.locator(":focus")).to_have_attribute("name", "email")
