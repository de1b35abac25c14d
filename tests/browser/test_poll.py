"""The part of a page that keeps itself fresh, in a real browser against a server that answers as it is told."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "poll.js"
PAGE = """<!DOCTYPE html><html lang="en"><title>Mark</title><body><p role="status" id="says"></p>
<div id="fresh" data-poll="/state/" data-poll-status="says"
  data-poll-offline="We cannot reach the service.">Waiting</div>
<script type="module" src="/poll.js"></script></body></html>"""


class Answers:
    """What the server says to each question for the state: (status, html, X-Poll and after a space X-Poll-After); the
    last one again and again.
    """

    def __init__(self) -> None:
        self.script: list[tuple[int, str, str]] = [(200, "Waiting", "wait")]
        self.asked = 0
        self.moments: list[float] = []
        self.page = PAGE

    def next(self) -> tuple[int, str, str]:
        self.asked += 1
        self.moments.append(time.monotonic())
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class Handler(BaseHTTPRequestHandler):
    answers: Answers

    def do_GET(self):
        status, content, poll = 200, self.answers.page, ""
        if self.path == "/state/":
            status, content, poll = self.answers.next()
        elif self.path == "/poll.js":
            content = SCRIPT.read_text()
        self.send_response(status)
        kind = "text/javascript" if self.path == "/poll.js" else "text/html"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if status == 302:
            self.send_header("Location", "/sign-in/")
        self.send_header("X-Poll", poll.partition(" ")[0])
        self.send_header("X-Poll-After", poll.partition(" ")[2])
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def page(chromium: Browser, answers: Answers) -> Iterator[Page]:
    """A browser page, and behind it the server that these answers steer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Steered", (Handler,), {"answers": answers}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = chromium.new_context(base_url=f"http://127.0.0.1:{server.server_port}")
    yield context.new_page()
    context.close()
    server.shutdown()
    server.server_close()


def test_the_mark_replaces_the_waiting_and_asking_stops(page: Page, answers: Answers):
    answers.script = [(200, "Waiting", "wait"), (200, "<b data-poll-say>4 of 4</b>", "done")]

    page.goto("/")
    expect(page.locator("#fresh b")).to_have_text("4 of 4")
    asked = answers.asked
    page.wait_for_timeout(800)

    assert (asked, answers.asked) == (2, 2)


def test_one_sentence_is_read_out_and_not_the_whole_page(page: Page, answers: Answers):
    answers.script = [(200, "<p data-poll-say>Your checks\n are running</p><p>And much more.</p>", "wait")]

    page.goto("/")

    expect(page.locator("#says")).to_have_text("Your checks are running")


def test_content_that_did_not_change_is_left_alone(page: Page, answers: Answers):
    answers.script = [(200, "<button>Same</button>", "wait")]
    page.goto("/")
    page.locator("#fresh button").focus()
    asked = answers.asked

    page.wait_for_timeout(900)

    assert answers.asked > asked + 1
    expect(page.locator("#fresh button")).to_be_focused()


def test_it_asks_four_times_a_second_at_first(page: Page, answers: Answers):
    page.goto("/")
    page.wait_for_timeout(2_000)

    assert 2 <= answers.asked <= 8  # a busy machine may make it less often, never more


def test_it_waits_as_long_as_the_server_asks_it_to(page: Page, answers: Answers):
    answers.script = [(200, "Waiting", "wait 1.5"), (200, "<b>4 of 4</b>", "done")]

    page.goto("/")
    expect(page.locator("#fresh b")).to_have_text("4 of 4", timeout=20_000)

    (first, second) = answers.moments
    assert second - first >= 1.5


def test_a_lost_connection_is_said_in_words_and_goes_when_it_is_back(page: Page, answers: Answers):
    page.goto("/")
    expect(page.locator("#fresh")).to_have_text("Waiting")
    page.context.set_offline(True)
    expect(page.locator("#fresh [data-poll-notice]")).to_have_text("We cannot reach the service.")
    answers.script = [(200, "<b>4 of 4</b>", "done")]

    page.context.set_offline(False)

    expect(page.locator("#fresh b")).to_have_text("4 of 4", timeout=20_000)
    expect(page.locator("[data-poll-notice]")).to_have_count(0)


def test_a_server_in_trouble_is_asked_again_and_less_often(page: Page, answers: Answers):
    answers.script = [(500, "Oh", "")] * 3 + [(200, "<b>4 of 4</b>", "done")]

    page.goto("/")

    expect(page.locator("#fresh b")).to_have_text("4 of 4", timeout=60_000)
    pauses = [after - before for before, after in pairwise(answers.moments)]
    assert [pause > least / 2 for pause, least in zip(pauses, (1, 2, 4), strict=True)] == [True] * 3, pauses
    assert "Oh" not in page.locator("body").inner_text()


def test_a_reload_goes_on_where_marking_is(page: Page, answers: Answers):
    page.goto("/")
    answers.script = [(200, "<b>4 of 4</b>", "done")]

    page.reload()

    expect(page.locator("#fresh b")).to_have_text("4 of 4")


def test_somebody_who_was_signed_out_is_led_to_sign_in(page: Page, answers: Answers):
    answers.script = [(302, "", "")]
    page.goto("/")
    answers.page = "<p>Sign in</p>"

    expect(page.locator("body")).to_have_text("Sign in")


def test_a_hidden_tab_does_not_ask(page: Page, answers: Answers):
    page.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.isHidden !== false})")
    page.goto("/")
    page.wait_for_timeout(800)
    while_hidden = answers.asked

    page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(800)

    assert while_hidden == 0
    assert answers.asked >= 1
