"""Pages full of hostile text in a real browser: nothing runs, nothing is refused by the policy, nothing is asked for.

The pages come from the site with their headers; the browser is given them by name, so that Django's database and the
browser's loop do not meet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.http import HttpResponse
from playwright.sync_api import BrowserContext, Route, sync_playwright

from tests.browser.reader import launch
from tests.hostile import LONG, NAMES
from tests.repository.tree import ROOT
from tests.web.hostile_world import pages, world

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SITE = "http://skills.test"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
TELL = "addEventListener('securitypolicyviolation', e => tell(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`))"
TOUCH = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const element of document.querySelectorAll("body *"))
    for (const name of ["mouseover", "mouseenter", "pointerover", "focus", "animationstart", "toggle", "error", "load"])
      element.dispatchEvent(new Event(name));
}"""


@dataclass
class Visit:
    """A browser that is given pages by name, and what it complained of."""

    context: BrowserContext
    shown: dict[str, tuple[int, dict[str, str], bytes]]
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.expose_function("tell", lambda words: self.complaints.append(f"policy: {words}"))
        self.page.add_init_script(TELL)
        self.page.on("dialog", self._on_dialog)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.route("**/*", self._answer)

    def look_at(self, name: str) -> list[str]:
        """What the browser complains of on this page, with everything touched that can be."""
        self.complaints.clear()
        self.page.goto(f"{SITE}/shown/{name.replace(' ', '-')}", wait_until="load")
        self.page.evaluate(TOUCH)
        self.page.wait_for_timeout(20)
        return list(self.complaints)

    def _on_dialog(self, dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if found := re.fullmatch(r"/shown/([\w-]+)", path):
            status, headers, body = self.shown[found[1]]
            route.fulfill(status=status, headers=headers, body=body)
        elif path.startswith("/static/") and (ROOT / path[1:]).is_file():
            file = ROOT / path[1:]
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        elif path == "/csp-report/":
            self.complaints.append(f"report: {route.request.post_data}")
            route.fulfill(status=204)
        else:
            self.complaints.append(f"asked for {route.request.url}")
            route.abort()


def visits(shown: dict[str, HttpResponse]) -> Iterator[tuple[str, list[str]]]:
    """Each page's name with what the browser complained of."""
    kept = {name.replace(" ", "-"): (page.status_code, _headers(page), page.content) for name, page in shown.items()}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        visit = Visit(browser.new_context(), kept)
        yield from ((name, visit.look_at(name)) for name in shown)
        browser.close()


def _headers(page: HttpResponse) -> dict[str, str]:
    """Those that say what the page is and what it may do."""
    wanted = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Permissions-Policy")
    return {name: page[name] for name in wanted if name in page}


@pytest.fixture(autouse=True)
def _without_browser_runtime(settings) -> None:
    """Pages are the same whether or not this machine has Python for the browser: its thread is another story's."""
    settings.BROWSER_RUNTIME_DIR = None


def test_no_hostile_text_does_anything_in_a_browser():
    shown = pages(world(NAMES[0], long=LONG), text=NAMES[0])

    complaints = dict(visits(shown))

    assert {name: found for name, found in complaints.items() if found} == {}
    assert len(complaints) > 30


def test_the_browser_tells_of_a_script_with_the_policy_and_runs_it_without(client):
    policy = client.get("/privacy/")["Content-Security-Policy"]
    planted = HttpResponse("<body><p>x</p><script>alert(1)</script><img src=https://evil.example/x.png>")
    guarded = HttpResponse(planted.content, headers={"Content-Security-Policy": policy})

    complaints = dict(visits({"planted": planted, "guarded": guarded}))

    assert "dialog: 1" in complaints["planted"]
    assert "asked for https://evil.example/x.png" in complaints["planted"]
    assert [line for line in complaints["guarded"] if line.startswith(("dialog", "asked"))] == []
    assert any(line.startswith("policy: script-src-elem inline") for line in complaints["guarded"])
    assert any(line.startswith("policy: img-src https://evil.example") for line in complaints["guarded"])
