"""What a look at a page finds: a barrier is planted."""

import pytest
from playwright.sync_api import Browser

from tests.browser.reader import barriers

pytestmark = [pytest.mark.browser]
PAGE = """<!doctype html><html lang="en"><title>Page</title><main><h1>Title</h1><img src="data:," alt="A chart">
<p style="color: #777; background: #888">Grey</p></main>"""


def test_barriers_are_found_each_with_its_elements_and_again_after_the_page_has_changed(chromium: Browser):
    page = chromium.new_page()
    page.set_content(PAGE)

    first = barriers(page)
    page.evaluate("document.querySelector('img').removeAttribute('alt'); document.querySelector('p').remove()")
    second = barriers(page)
    page.close()

    assert first == [("color-contrast", ['<p style="color: #777; background: #888">Grey</p>'])]
    assert second == [("image-alt", ['<img src="data:,">'])]
