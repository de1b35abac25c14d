"""Whatever anybody is called, titles, writes, uploads or asks for: on no page does it become more than text."""

import pytest
from django.db import transaction

from tests.hostile import LONG, NAMES
from tests.web.active_content import Page, active_content
from tests.web.hostile_world import pages, world

pytestmark = pytest.mark.django_db
PLAIN = "Plain words"
# Where the text must stand, letter for letter, so that a page without it proves nothing.
SHOWN = {
    "home", "catalogue", "course", "course not taken", "learning", "skills", "lesson", "quiz result", "quiz",
    "exercise", "mark", "mark by itself", "answer refused", "answers", "submission", "submission refused", "points",
    "points refused", "rubric", "rubric refused", "points changed", "team", "department", "part",
    "receipt", "review", "review refused", "account", "reflection", "reflection refused", "text", "rubric of a text",
    "text for its trainer",
}  # fmt: skip


QUICK = NAMES[::6]  # the others are marked slow; what is written at length holds every text each time


@pytest.fixture(scope="module")
def ours(django_db_setup, django_db_blocker):
    """The shape of every page with plain words in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        shapes = {
            name: Page(page.content.decode()).shape
            for name, page in pages(world(PLAIN, long=PLAIN), text=PLAIN).items()
        }
        transaction.set_rollback(True)
    return shapes


@pytest.mark.parametrize(
    "text", [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in NAMES]
)
def test_no_text_becomes_active_content_on_any_page(ours, text):
    shown = pages(world(text, long=LONG), text=text)

    found = {name: active_content(page.content.decode(), ours=ours[name]) for name, page in shown.items()}
    assert {name: active for name, active in found.items() if active} == {}
    assert {name for name, page in shown.items() if text in Page(page.content.decode()).text} >= SHOWN
    assert {page.status_code for page in shown.values()} <= {200, 403, 404, 410, 422}


# --- The search itself finds what it looks for ---

OUR_SHAPE = {
    ("p", ""),
    ("a", ""),
    ("a", "href"),
    ("script", ""),
    ("script", "src"),
    ("input", ""),
    ("form", "action"),
    ("form", ""),
}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Fine</p><script src='/static/js/init.js'></script>", []),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", []),
        ("<script>alert(1)</script>", ["script 'alert(1)'"]),
        ("<script src=//evil.example></script>", ["<script src='//evil.example'>"]),
        ("<p onclick=alert(1)>", ["<p onclick>"]),
        ("<p style=x>", ["<p style>"]),
        ("<a href=javascript:alert(1)>", ["<a href='javascript:alert(1)'>"]),
        ("<a href='/\\evil.example'>", ["<a href='/\\\\evil.example'>"]),
        ("<a href='https://example.org'>", []),
        ("<form action='https://evil.example'>", ["<form action='https://evil.example'>"]),
        ("<input onfocus=alert(1) autofocus>", ["<input autofocus>", "<input onfocus>"]),
        ("<svg><script>alert(1)</script></svg>", ["<svg >", "script 'alert(1)'"]),
        ("<iframe>", ["<iframe >"]),
        ("<!-- x -->", ["comment ' x '"]),
        ("<![CDATA[x]]>", ["comment 'CDATA[x'"]),
        ("<?php x?>", ["comment 'php x?'"]),
    ],
)
def test_search_for_active_content_finds_it(html, found):
    assert active_content(html, ours=OUR_SHAPE) == found
