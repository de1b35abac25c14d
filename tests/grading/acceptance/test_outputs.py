"""What a page or an output betrays."""

import json

import pytest

from grading.acceptance.canaries import local_ports
from grading.acceptance.outputs import active_content, betrayed, escapes, everything
from grading.feedback import render

SAFE = [
    "<p>plain &lt;script&gt;</p>",
    '<a href="https://example.org/x" rel="noopener">x</a>',
    '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a">',
    '<td style="color: red" colspan="2">x</td>',
]


@pytest.mark.parametrize("page", SAFE)
def test_safe_html_has_no_active_content(page):
    assert active_content(page) == []


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<script>a()</script>", ["<script>a()"]),
        ("<img src=x onerror=a()>", ["img onerror=a()", "img src=x"]),
        ("<a href='java\tscript:a()'>x</a>", ["a href=javascript:a()"]),
        ("<a href='//evil.example'>x</a>", ["a href=//evil.example"]),
        ("<iframe srcdoc='x'></iframe>", ["<iframe>", "iframe srcdoc=x"]),
        ("<p style='background:url(//x)'>", ["p style=background:url(//x)"]),
        ("<svg/onload=a()>", ["<svg>", "svg onload=a()"]),
        ("a\x1b[31mb", ["a control character"]),
    ],
)
def test_active_content_is_found(page, found):
    assert active_content(page) == found


def test_the_engine_s_own_pages_pass_for_hostile_outputs():
    hostile = "<script>a()</script><img src=x onerror=a()><a href=javascript:a()>x</a>"
    data = {"text/html": hostile, "text/markdown": hostile, "text/plain": hostile}
    outputs = [{"output_type": "display_data", "data": {kind: text}} for kind, text in data.items()]

    assert active_content(render(json.dumps(outputs))) == []


def test_lines_that_report_an_escape_are_found_but_not_the_source_that_would_print_them():
    text = 'x\n ESCAPED tcp\nprint("ESCAPED", name)\nESCAPED kill 0 0\nESCAPED tcp'

    assert escapes(text) == ["ESCAPED tcp", "ESCAPED kill 0 0"]
    assert escapes(text, allowed=["kill 0 "]) == ["ESCAPED tcp"]


def test_secrets_and_a_case_s_own_words_betray_an_escape():
    assert betrayed("fine\nNET-BLOCKED", secret="s3cret") == []
    assert betrayed("a s3cret\nNET-OK\nMEM-OK", secret="s3cret") == [
        "the worker's secret was shown",
        "printed MEM-OK",
        "printed NET-OK",
    ]


def test_everything_that_json_says_is_one_text():
    assert everything('[{"a": "one\\ntwo", "b": ["three", 4]}]') == "one\ntwo\nthree"
    assert everything("no JSON") == "no JSON"


def test_ports_of_this_machine_are_found_in_a_program():
    text = 'connect(("127.0.0.1", 45991)); get("http://localhost:8080/"); connect(("10.0.0.1", 99)); x = 12345'

    assert local_ports(text) == [8080, 45991]
