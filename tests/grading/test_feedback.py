"""What a cell printed is shown, and nothing of it can do anything."""

import base64
import json
import struct
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.feedback import MOST_CHARACTERS, MOST_PIXELS, render

ACTIVE = {"script", "iframe", "object", "embed", "svg", "math", "form", "style", "link", "meta", "base"}


class Active(HTMLParser):
    """Collects whatever in a page could act by itself or at a click."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag in ACTIVE:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(name)
            if name in ("href", "src") and not (value or "").startswith(
                ("http://", "https://", "data:image/png;base64,")
            ):
                self.found.append(value)


def active(html):
    page = Active()
    page.feed(html)
    return page.found


def png(width=2, height=3):
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height)
    return base64.b64encode(header + bytes(20)).decode()


def shown(**data):
    return render(json.dumps([{"output_type": "display_data", "data": data, "metadata": {}}]))


def test_printed_text_and_errors_are_escaped():
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["<b>1</b>\n", "2"]},
        {"output_type": "error", "ename": "ValueError", "evalue": "<i>no</i>", "traceback": []},
    ]

    assert render(json.dumps(outputs)) == (
        "<pre>&lt;b&gt;1&lt;/b&gt;\n2</pre>\n<pre>ValueError: &lt;i&gt;no&lt;/i&gt;</pre>"
    )


def test_a_table_keeps_its_cells_and_loses_its_style():
    html = '<table border="1" class="dataframe" onclick="x()"><tr><td style="color:red">1</td></tr></table>'

    assert shown(**{"text/html": html, "text/plain": "1"}) == "<table><tbody><tr><td>1</td></tr></tbody></table>"


def test_markdown_is_drawn_without_its_own_html():
    assert shown(**{"text/markdown": "**so** <img src=x onerror=alert(1)>"}) == (
        "<p><strong>so</strong> &lt;img src=x onerror=alert(1)&gt;</p>\n"
    )


def test_a_picture_is_shown_with_its_size():
    assert shown(**{"image/png": png(), "text/plain": "<Figure>"}) == (
        f'<img src="data:image/png;base64,{png()}" width="2" height="3" alt="Picture made by this cell">'
    )


@pytest.mark.parametrize(
    "data", ["", "no base64!", base64.b64encode(b"GIF89a").decode(), png(width=0), png(width=MOST_PIXELS, height=2), 7]
)
def test_what_is_no_bearable_picture_falls_back_to_its_text(data):
    assert shown(**{"image/png": data, "text/plain": "<Figure>"}) == "<pre>&lt;Figure&gt;</pre>"


@pytest.mark.parametrize(
    "kind", ["image/svg+xml", "application/javascript", "application/vnd.jupyter.widget-view+json"]
)
def test_what_could_act_is_left_out(kind):
    assert shown(**{kind: "<svg onload=alert(1)>"}) == ""


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '[{"output_type": 1}]', "[" * 100_000])
def test_what_is_no_list_of_outputs_gives_nothing(text):
    assert render(text) == ""


def test_an_endless_text_is_cut():
    assert len(shown(**{"text/plain": "x" * 10 * MOST_CHARACTERS})) < 2 * MOST_CHARACTERS


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(["text/html", "text/markdown", "text/plain", "image/png"]),
    st.lists(
        st.sampled_from(
            [
                *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>x</a>"),
                *("<svg><script>1</script></svg>", "<math><mi xlink:href='data:x'>", "<iframe srcdoc='<script>1'>"),
                *("[x](javascript:alert(1))", "![x](data:text/html,1)", "<style>@import 'x'</style>", "<!--", "-->"),
                *("<table><td>", "&lt;script&gt;", "<a href='https://example.org'>y</a>", "\0", "<p title='\"'>"),
            ]
        ),
        max_size=6,
    ).map("".join)
    | st.text(max_size=60),
)
def test_nothing_active_is_ever_drawn(kind, text):
    assert active(shown(**{kind: text})) == []
