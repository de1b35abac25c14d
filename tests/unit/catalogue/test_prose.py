"""Author's Markdown becomes HTML that is safe to show, whatever is in it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import MARKUP
from upskill.catalogue import prose
from upskill.catalogue.prose import Complaint

_SAFE_TAGS = prose.TAGS - {"img"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>")
_SAFE_ATTRIBUTE = re.compile(
    r' (?:(?:title|alt|rel|scope|start|class)="[^"<>]*"|tabindex="0"|open=""|href="(?:https?|mailto):[^"<>]*")'
)


def dangers(html: str) -> list[str]:
    """Every tag of the HTML that is not plainly harmless, and every `<` that is no tag."""
    found = [match[0] for match in _TAG.finditer(html) if not _is_harmless(match)]
    return found + re.findall(r"<(?!/?[a-z])", html)


def _is_harmless(tag: re.Match[str]) -> bool:
    if tag[2] == "img":  # without an address it shows its text and loads nothing
        return "src" not in tag[3] and _SAFE_ATTRIBUTE.sub("", tag[3]) == ""
    return tag[2] in _SAFE_TAGS and _SAFE_ATTRIBUTE.sub("", tag[3]) == ""


def test_the_search_for_dangers_finds_them():
    assert dangers('<p onclick="x">') == ['<p onclick="x">']
    assert dangers("<script>") == ["<script>"]
    assert dangers('<a href="javascript:x">') == ['<a href="javascript:x">']
    assert dangers('<img src="https://evil.example">') == ['<img src="https://evil.example">']
    assert dangers('<p>Fine <a href="https://example.org" rel="noopener noreferrer">link</a></p>') == []


@pytest.mark.parametrize("hostile", MARKUP)
@pytest.mark.parametrize("draw", [prose.to_html, prose.to_line, prose.clean])
def test_hostile_markup_is_drawn_harmless(draw, hostile):
    html = draw(f"Before {hostile} after\n\n{hostile}\n\nEnd")

    assert dangers(html) == []
    assert "govuk-error-summary" not in html


@given(st.lists(st.sampled_from([*MARKUP, "\n", "\n\n", "> ", "- ", "`", "**", "::: challenge\n", ":::\n", "text"])))
def test_hostile_markup_in_any_mixture_is_drawn_harmless(parts):
    assert dangers(prose.to_html("".join(parts))) == []


@given(st.text(alphabet="<>/=\"'`&;:ascriptonerrljv \n#![]()", max_size=200))
def test_any_text_is_drawn_harmless(text):
    assert dangers(prose.to_html(text)) == []


@given(st.text(max_size=200))
def test_drawing_is_repeatable_and_cleaning_again_changes_nothing(text):
    html = prose.to_html(text)

    assert prose.to_html(text) == html
    assert prose.clean(html) == html


def test_markdown_keeps_its_meaning():
    html = prose.to_html("## A heading\n\nSome **bold** and `code`.\n\n1. one\n2. two\n\n> quoted\n")

    assert html == (
        "<h2>A heading</h2>\n<p>Some <strong>bold</strong> and <code>code</code>.</p>\n"
        "<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n<blockquote>\n<p>quoted</p>\n</blockquote>\n"
    )


def test_table_has_header_cells_and_can_be_scrolled_by_keyboard():
    html = prose.to_html("| Person | Cups |\n|:---|---:|\n| Ada | 1 |\n")

    assert html == (
        '<div class="prose-table" tabindex="0"><table>\n<thead>\n<tr>\n'
        '<th scope="col">Person</th>\n<th scope="col">Cups</th>\n</tr>\n</thead>\n'
        "<tbody>\n<tr>\n<td>Ada</td>\n<td>1</td>\n</tr>\n</tbody>\n</table></div>\n"
    )


def test_empty_corner_of_a_table_is_no_head_of_a_column():
    html = prose.to_html("| | Wrong | Right |\n|---|---|---|\n| Alone | 1 | 2 |\n")

    assert html.split("<tr>\n")[1] == (
        '<td></td>\n<th scope="col">Wrong</th>\n<th scope="col">Right</th>\n</tr>\n</thead>\n<tbody>\n'
    )


def test_code_block_can_be_scrolled_by_keyboard():
    assert prose.to_html("```python\nx < 1\n```\n") == '<pre tabindex="0"><code>x &lt; 1\n</code></pre>\n'


def test_link_to_another_site_does_not_tell_it_where_the_reader_came_from():
    html = prose.to_line("[the law](https://example.org/act)")

    assert html == '<a href="https://example.org/act" rel="noopener noreferrer">the law</a>'


def test_fences_become_sections_with_headings():
    html = prose.to_html("::: objectives\n- You can pour.\n:::\n\n::: keypoints\n- Pour slowly.\n:::\n")

    assert html == (
        '<section class="prose-objectives"><h2>After this lesson</h2>\n'
        "<ul>\n<li>You can pour.</li>\n</ul>\n</section>\n"
        '<section class="prose-keypoints"><h2>Key points</h2>\n<ul>\n<li>Pour slowly.</li>\n</ul>\n</section>\n'
    )


def test_challenge_has_its_own_title_and_a_solution_to_open():
    html = prose.to_html(":::: challenge Who is <left>?\nCount.\n\n::: solution\nOne.\n:::\n::::\n")

    assert html == (
        '<section class="prose-challenge"><h3>Who is &lt;left&gt;?</h3>\n<p>Count.</p>\n'
        '<details class="prose-solution"><summary>Show the solution</summary>\n<p>One.</p>\n</details>\n</section>\n'
    )


def test_headings_go_deeper_below_a_page_but_never_past_the_sixth_level():
    html = prose.to_html("# One\n\n## Two\n\n###### Six\n", deeper=1)

    assert html == "<h2>One</h2>\n<h3>Two</h3>\n<h6>Six</h6>\n"


def test_line_of_text_has_no_paragraph_around_it():
    assert prose.to_line("*Count* the people") == "<em>Count</em> the people"


def test_hint_to_open_written_as_html_stays():
    html = prose.to_html("<details><summary>Hint 1</summary>Use <code>max</code>.</details>\n")

    assert html == "<details><summary>Hint 1</summary>Use <code>max</code>.</details>\n"


@pytest.mark.parametrize(
    "harmless",
    [
        "Plain text, a < b and c > d, and 5 <6.",
        "`<script>` in code is shown, not run.",
        "```\n::: objectives\n<script>\n```",
        "[a](https://example.org) [b](mailto:tea@example.org)",
        "<details><summary>Hint</summary>Use <code>a &lt; b</code></details>",
        ":::: challenge\n::: solution\nOne.\n:::\n::::",
    ],
)
def test_harmless_markdown_gives_no_complaint(harmless):
    assert prose.complaints(harmless) == []


def test_complaints_come_in_the_order_of_lines():
    text = "# Title\n\nText with ![](a.png)\nand [a link](page.html)\n\n<blink>x</blink>\n\n::: nonsense\n:::\n"

    found = prose.complaints(text)

    assert found == [
        Complaint(1, "A heading begins with a single #.", "Begin with ##: the title of the page is above it."),
        Complaint(3, "An image has no alternative text.", "Say in the square brackets what it shows: ![text](file)."),
        Complaint(4, "The link to page.html leads nowhere.", "Begin it with https://."),
        Complaint(6, "The HTML tag <blink> is not allowed.", "Write it in Markdown."),
        Complaint(6, "The HTML tag <blink> is not allowed.", "Write it in Markdown."),
        Complaint(8, "The fence ::: nonsense is not known.", "Use one of: objectives, challenge, solution, keypoints."),
    ]


def test_text_that_holds_its_own_title_may_begin_with_a_single_hash():
    assert prose.complaints("# Title\n", title_above=False) == []


@given(st.text(max_size=300))
def test_no_text_breaks_the_search_for_complaints(text):
    lines = text.count("\n") + 1

    assert all(1 <= complaint.line <= lines + 1 for complaint in prose.complaints(text))
