"""What the reading of a page finds: each fault is planted once."""

import pytest
from playwright.sync_api import Browser

from tests.browser import spoken

pytestmark = [pytest.mark.browser]
WELL = """<!doctype html><html lang="en"><title>Page</title><header>Site</header>
<nav aria-label="Menu"><a href="/">Home</a></nav>
<main><div role="alert"><h2>There is a problem</h2></div><h1>Title</h1><h2>Part</h2><h3>Detail</h3><h2>Part two</h2>
<form><label for="a">Name</label><input id="a"><select aria-label="Place"><option value=""></option></select></form>
<fieldset><legend>Which?</legend><input type="radio" id="r"><label for="r">This</label></fieldset>
<details><summary>More</summary>Words</details><img src="data:," alt="A chart"><svg aria-hidden="true"></svg>
<table><tr><th scope="col">Skill</th></tr><tr><td>1</td></tr></table></main><footer>Small print</footer>"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("", "", None),
        ("<h1>Title</h1>", "<p>Title</p>", "first headings: []"),
        ("<h2>Part two</h2>", "<h1>Another</h1>", "first headings: ['Title', 'Another']"),
        ("<h2>Part</h2>", "<p>Part</p>", "“Detail” is of level 3 below one of level 1"),
        ("<h2>Part</h2>", "<h2></h2>", "a heading of level 2 says nothing"),
        ("<footer>Small print</footer>", "", "0 landmarks of role contentinfo"),
        ("<main>", '<nav aria-label="Menu"></nav><main>', "2 landmarks “Menu” of role navigation"),
        ("<main>", "<nav></nav><main>", "a landmark of role navigation without a name"),
        (">Home<", "><", "a link without a name"),
        ('<label for="a">Name</label>', "Name", "a textbox without a name"),
        ("<summary>More</summary>", "<summary></summary>", "a DisclosureTriangle without a name"),
        ('<label for="r">This</label>', "This", "a radio without a name"),
        ("<legend>Which?</legend>", "", "a group of 1 choices without a question"),
        (' alt="A chart"', "", "a picture without words"),
        ('<th scope="col">Skill</th>', "<td>Skill</td>", "table “” has no headings of columns"),
        ("Skill</th>", 'Skill</th><th scope="col"></th>', "table “” has an empty heading"),
    ],
)
def test_fault_is_found_and_nothing_else(chromium: Browser, old: str, new: str, fault: str | None):
    page = chromium.new_page()
    assert old in WELL

    page.set_content(WELL.replace(old, new, 1))
    found = spoken.faults(page)
    page.close()

    assert found == ([fault] if fault else [])
