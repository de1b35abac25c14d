"""Exercises in the page: written, run, checked and handed in, by people at locked-down computers.

Python itself runs in Chromium here. Nothing is asked of another host; the policy refuses nothing that the page does.
Long because one site with Python, which takes a while to start, serves all of them.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys import answers

from .keyboard import Keyboard
from .notebook_page import (
    PATIENCE,
    begin,
    cell,
    check,
    check_by_keyboard,
    paste,
    run,
    shown,
    until_ready,
    until_saved,
    write,
    write_by_keyboard,
)
from .reader import Reader
from .runtime import _without_drafts, builds, runtime, site

__all__ = ["_without_drafts", "builds", "runtime", "site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
AUDIT = "/courses/ai-ethics-in-practice/bias-audits/audit-referrals/"
SMALL = "/courses/small-exercises/in-the-page/"
TOTALS = 'def totals(loans):\n    return loans.groupby("branch")["n"].sum()'
MODEL = "def fitted(days, late):\n    return DecisionTreeClassifier(random_state=0).fit(days, late)"


# --- The whole way ---


def test_the_audit_is_solved_checked_and_handed_in_by_keyboard_alone(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, AUDIT)
    until_ready(page)
    leila.look("notebook-ready")
    hands, solution = Keyboard(leila), answers.solution()

    for number, task in ((3, "group_rates"), (5, "gap"), (6, "threshold")):
        hands.tab_to(f"Python code of Cell {number}. Escape, then Tab leaves it.")
        paste(page, solution[task])
        hands.press("Control+Enter")
        expect(cell(page, number).locator(".app-cell__state")).to_have_text("Has run", timeout=PATIENCE)
    hands.tab_to("Your text in Cell 8")
    hands.type(solution["reflection"])
    hands.tab_to("Check my answers", role="button")
    hands.press("Enter")
    practice = page.locator("#practice")
    expect(practice).to_be_focused(timeout=PATIENCE)
    expect(practice.get_by_role("heading")).to_have_text("Practice: every check passes here")
    leila.look("notebook-checked")
    hands.tab_to("Hand in this answer", role="button")
    hands.press("Enter")

    expect(page.locator("#result").get_by_role("heading", level=3).first).to_be_focused()
    expect(page.locator("#result .app-result__score")).to_have_text("14 of 14 points", timeout=60_000)
    expect(page.locator("#result .app-check")).to_have_count(4)
    leila.look("notebook-marked")


def test_a_table_a_chart_and_a_check_that_says_what_to_mend(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    hands = Keyboard(leila)

    write_by_keyboard(hands, 2, "def totals(loans):\n    return loans.groupby('branch')['n'].max()")
    practice = check_by_keyboard(hands)

    expect(practice.get_by_role("heading")).to_have_text("Practice: 0 of 1 pass here")
    expect(practice).to_contain_text("north has 3 and 5 loans, together 8. You have 5.")
    expect(practice).to_contain_text("This is practice and counts for nothing.")
    expect(shown(page, 1).locator("table tbody tr")).to_have_count(3)
    expect(shown(page, 3).locator("img")).to_have_attribute("alt", "Chart. Loans. x: branch. y: number")
    leila.look("notebook-chart")
    write_by_keyboard(hands, 2, TOTALS)
    expect(check_by_keyboard(hands).get_by_role("heading")).to_have_text("Practice: every check passes here")


def test_a_change_outdates_what_the_check_found(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    badge = page.locator(".app-cell--check .app-cell__state")
    write(page, 2, TOTALS)
    expect(check(page).get_by_role("heading")).to_have_text("Practice: every check passes here")
    expect(badge).to_have_text("Passes here")

    write(page, 2, f"{TOTALS} * 2")

    heading = page.locator("#practice").get_by_role("heading")
    expect(heading).to_have_text("Practice, before your last change: 1 of 1 passed")
    expect(page.locator("#practice li")).to_contain_text("Passed before")
    expect(badge).to_have_text("You have changed something since")
    expect(cell(page, 2).locator(".cm-content")).to_be_focused()
    for step in (1, 2, 3):
        page.get_by_text(f"Hint {step}").click()
    leila.look("notebook-stale")
    expect(check(page).get_by_role("heading")).to_have_text("Practice: 0 of 1 pass here")


def test_a_model_of_scikit_learn_is_fitted_and_the_mark_says_what_has_changed(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}predict-late/")
    hands = Keyboard(leila)
    result, attempts = page.locator("#result"), page.locator("#attempts li")

    write_by_keyboard(hands, 2, "def fitted(days, late):\n    return None")
    hands.tab_to("Hand in this answer", role="button")
    hands.press("Enter")
    expect(result.locator(".app-result__score")).to_have_text("0 of 2 points", timeout=2 * PATIENCE)
    expect(attempts).to_contain_text(["Not passed yet"])
    write_by_keyboard(hands, 2, MODEL)
    expect(check_by_keyboard(hands).get_by_role("heading")).to_have_text("Practice: every check passes here")
    hands.tab_to("Hand in this answer", role="button")
    hands.press("Enter")

    expect(result.locator(".app-result__score")).to_have_text("2 of 2 points", timeout=2 * PATIENCE)
    expect(result.get_by_role("heading", name="Since attempt 1")).to_be_visible()
    expect(result).to_contain_text("Points: 2 of 2, before 0 of 2")
    expect(attempts).to_contain_text(["Passed", "Not passed yet"])
    expect(page.get_by_text("You have handed in 2 answers.")).to_be_visible()
    leila.look("notebook-marked-again")


def test_package_that_cannot_be_downloaded_is_said_and_comes_with_the_connection(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    until_ready(page)

    page.context.route("**/scikit_learn*", lambda route: route.abort())
    write(page, 1, "import sklearn\nprint('it is', 'there')")
    run(page, 1)
    lost = "This cell was not run: scikit-learn could not be downloaded. Check your connection, then run it again."
    expect(shown(page, 1)).to_have_text(lost, timeout=PATIENCE)
    page.get_by_role("button", name="Check my answers").click()
    expect(page.get_by_text("Python is ready.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Practice")).to_have_count(0)  # nothing is said of what did not run
    page.context.unroute_all()
    run(page, 1)

    expect(shown(page, 1)).to_have_text("it is there", timeout=PATIENCE)


# --- Stopping ---


def test_an_endless_loop_is_stopped_and_variables_are_kept(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    until_ready(page)

    write(page, 1, "kept = 42\nwhile True:\n    pass")
    run(page, 1)
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_enabled()
    leila.look("notebook-running")
    stop.focus()
    page.keyboard.press("Enter")
    expect(shown(page, 1)).to_contain_text("Stopped. What was worked out before is kept.", timeout=30_000)
    expect(stop).to_be_disabled()
    expect(stop).to_be_focused()  # whoever uses a keyboard goes on from here
    leila.look("notebook-stopped")
    write(page, 3, "print(kept)\ninput('Who?')")
    run(page, 3)

    expect(shown(page, 3)).to_contain_text("42", timeout=30_000)
    expect(shown(page, 3)).to_contain_text("input() cannot ask questions here.")
    leila.look("notebook-error")


def test_where_headers_are_stripped_python_starts_again_and_says_so(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    strip(leila.page, f"{SMALL}plot-totals/")
    page = begin(leila, f"{SMALL}plot-totals/")
    until_ready(page)
    assert page.evaluate("self.crossOriginIsolated") is False

    write(page, 1, "while True:\n    pass")
    run(page, 1)
    page.get_by_role("button", name="Stop").click()

    expect(shown(page, 1)).to_contain_text("Python has started again: run the cells from the top.", timeout=30_000)
    until_ready(page)
    write(page, 3, "print(6 * 7)")
    run(page, 3)
    expect(shown(page, 3)).to_contain_text("42", timeout=PATIENCE)


def strip(page: Page, path: str) -> None:
    """As a proxy that takes away headers it does not know."""

    def without(route: Route) -> None:
        answer = route.fetch()
        gone = {"cross-origin-opener-policy", "cross-origin-embedder-policy"}
        route.fulfill(response=answer, headers={k: v for k, v in answer.headers.items() if k not in gone})

    page.route(f"**{path}", without)


# --- Nothing is lost ---


def test_what_is_written_is_there_after_a_reload_and_the_original_can_be_had_back(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")

    write(page, 2, "# mine, after a reload")
    until_saved(page)
    page.reload()
    expect(cell(page, 2)).to_contain_text("# mine, after a reload")
    cell(page, 2).get_by_role("button", name="Back to the original Cell 2").click()
    expect(cell(page, 2)).to_contain_text("raise NotImplementedError")
    cell(page, 2).get_by_role("button", name="Put my text back Cell 2").click()

    expect(cell(page, 2)).to_contain_text("# mine, after a reload")


def test_offline_in_the_middle_costs_nothing(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    until_ready(page)

    page.context.set_offline(True)
    write(page, 2, "# written without a connection")
    expect(page.locator("#saved")).to_contain_text("Not saved: the service cannot be reached.", timeout=20_000)
    page.get_by_role("button", name="Hand in this answer").click()
    expect(page.locator("#result")).to_contain_text("Nothing is lost: try again when you are connected.")
    write(page, 3, "print(40 + 2)")
    run(page, 3)
    expect(shown(page, 3)).to_contain_text("42", timeout=PATIENCE)
    page.context.set_offline(False)
    until_saved(page)

    page.reload()
    expect(cell(page, 2)).to_contain_text("# written without a connection")


def test_two_tabs_lose_nothing_and_the_learner_chooses(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    first = begin(leila, f"{SMALL}plot-totals/")
    second = first.context.new_page()
    second.goto(first.url)

    write(first, 2, "# from the first tab")
    until_saved(first)
    write(second, 2, "# from the second tab")
    choice = second.locator("#conflict")
    expect(choice).to_be_focused(timeout=20_000)
    expect(choice.get_by_role("heading")).to_have_text("Which text do you want to keep?")
    second.get_by_text("Cell 2, as it was saved there").click()
    expect(choice).to_contain_text("# from the first tab")
    Reader(second, site=leila.site, shots=leila.shots).look("notebook-conflict")
    choice.get_by_role("button", name="Keep what is here").click()
    until_saved(second)

    first.reload()
    expect(cell(first, 2)).to_contain_text("# from the second tab")


def test_after_signing_out_no_tab_shows_or_keeps_what_was_written(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    first = begin(leila, f"{SMALL}plot-totals/")
    second = first.context.new_page()
    second.goto(leila.site.url)
    first.route("**/draft/", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    write(first, 2, "# of Leila's and of nobody else")
    expect(first.locator("#saved")).to_contain_text("Not saved: the service cannot be reached.", timeout=20_000)
    assert "of Leila's" in first.evaluate("JSON.stringify(sessionStorage)")

    second.get_by_role("button", name="Sign out").click()

    expect(second.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(first.get_by_role("heading", name="Sign in")).to_be_visible()
    assert first.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_what_an_input_method_writes_is_refused_by_no_policy(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    write(page, 1, "words = 'of'\nprint(words)")
    page.keyboard.press("ArrowLeft")
    keys = page.context.new_cdp_session(page)

    for text in ("に", "にほ", "にほん"):
        keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    keys.send("Input.insertText", {"text": "日本"})

    expect(cell(page, 1).locator(".cm-content")).to_contain_text("print(words日本)")
    assert leila.complaints == []


# --- Without ---


def test_without_the_runtime_the_page_says_why_and_offers_the_other_way(reader: Callable[[], Reader], builds):
    leila = reader()
    leila.sign_in("learner")
    place = builds.with_name("away")
    builds.rename(place)
    try:
        page = begin(leila, AUDIT)
        expect(page.get_by_text("Python for your browser is not installed on this service yet.")).to_be_visible()
        expect(page.get_by_role("button", name="Download the notebook")).to_be_visible()
        leila.look("notebook-without-runtime")
    finally:
        place.rename(builds)


def test_without_scripts_the_notebook_is_read_downloaded_and_handed_in(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    begin(leila, AUDIT)
    state = leila.page.context.storage_state()
    browser = leila.page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(leila.site.url + AUDIT)

    expect(page.get_by_role("button", name="Download the notebook")).to_be_visible()
    expect(page.get_by_role("button", name="Check my answers")).to_have_count(0)
    expect(page.get_by_text("Python is starting")).to_be_hidden()
    hints = [page.get_by_text(f"Hint {step}").first for step in (1, 2, 3)]
    for opened in hints:
        expect(opened).to_be_visible()
        for later in hints[hints.index(opened) + 1 :]:
            expect(later).to_be_hidden()
        opened.click()
    page.get_by_text("Hand in a notebook from your computer").click()
    expect(page.get_by_role("button", name="Hand in", exact=True)).to_be_visible()
    context.close()


# What has moved in the page's own part by more than a line or so. The bar at the bottom is as high as what it says.
MOVES = """
self.moved = [];
const named = (node) => `${node?.nodeName} ${node?.className ?? node?.textContent}`;
const counts = (node) => {
  const element = node?.closest ? node : node?.parentElement;
  return Boolean(element?.closest("main")) && !element.closest(".app-tools");
};
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    if (value > 0.01) self.moved.push(...sources.map(({ node }) => node).filter(counts).map(named));
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_the_page_gets_ready(reader: Callable[[], Reader], width: int):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    page.set_viewport_size({"width": width, "height": 844})
    page.add_init_script(MOVES)

    page.reload()
    until_ready(page)

    expect(page.locator("#without-python")).to_be_hidden()
    assert page.evaluate("self.moved") == []


@pytest.mark.parametrize("script", [None, "throw new Error('cannot be read here');"])
def test_without_the_script_of_the_page_the_other_way_is_offered(reader: Callable[[], Reader], script: str | None):
    leila = reader()
    leila.sign_in("learner")
    answer = {"content_type": "text/javascript", "body": script}
    leila.page.route("**/notebook/main*", lambda route: route.fulfill(**answer) if script else route.abort())
    page = begin(leila, f"{SMALL}plot-totals/")

    expect(page.get_by_role("button", name="Download the notebook")).to_be_visible()
    expect(page.locator("#python-state")).to_contain_text("Python did not start in this browser.")
    assert [each for each in leila.complaints if "cannot be read here" not in each and "ERR_FAILED" not in each] == []
    leila.complaints.clear()
    leila.look("notebook-without-its-script")


def test_where_python_does_not_start_the_other_way_is_offered_while_it_is_waited_for(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = leila.page
    page.clock.install()
    page.route("**/browser-runtime/**/pyodide.mjs", lambda _route: None)  # no answer
    begin(leila, f"{SMALL}plot-totals/")
    expect(page.locator("body")).to_have_attribute("data-python", "starting")
    expect(page.locator("#without-python")).to_be_hidden()

    page.clock.fast_forward(61_000)
    expect(page.locator("#python-state")).to_contain_text("Python takes long to start here.")
    expect(page.get_by_role("button", name="Download the notebook")).to_be_visible()
    leila.look("notebook-late")
    page.clock.fast_forward(240_000)

    expect(page.locator("#python-state")).to_contain_text("Python takes long to start here.")


def test_a_cell_that_takes_long_and_one_that_fills_memory_are_warned_of(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = leila.page
    page.clock.install()
    begin(leila, f"{SMALL}plot-totals/")
    until_ready(page)
    state = page.locator("#python-state")

    write(page, 1, "while True:\n    pass")
    run(page, 1)
    expect(page.locator("body")).to_have_attribute("data-python", "running")
    page.clock.fast_forward(21_000)
    expect(state).to_contain_text("This takes long.")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("body")).to_have_attribute("data-python", "ready", timeout=PATIENCE)
    write(page, 1, "much = bytearray(1_600_000_000)")
    run(page, 1)

    expect(state).to_contain_text("Python uses very much memory.", timeout=PATIENCE)


def test_names_of_the_notebook_are_completed(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")

    write(page, 3, "tot")
    page.keyboard.press("Control+Space")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("totals")
    page.keyboard.press("Enter")

    expect(cell(page, 3).locator(".cm-content")).to_have_text("totals")


def test_without_webassembly_the_other_way_is_offered(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    leila.page.route("**/browser-python.js*", without_webassembly)
    page = begin(leila, f"{SMALL}plot-totals/")

    expect(page.locator("#python-state")).to_contain_text("Python does not run in this browser now.", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Download the notebook")).to_be_visible()


def without_webassembly(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=f"delete self.WebAssembly;\n{answer.text()}")


def test_python_starts_before_the_editor_has_come(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    held: list[Route] = []
    page.route("**/notebook/editor*", lambda route: held.append(route))

    with page.expect_request("**/pyodide.asm.wasm"):
        page.reload(wait_until="commit")
    expect(page.locator("body")).not_to_have_attribute("data-python", re.compile(""))
    expect(page.locator(".app-bench")).to_be_visible()
    page.wait_for_timeout(500)
    assert len(held) == 1
    held[0].continue_()

    until_ready(page)
    assert len(page.workers) == 1


# --- Learners' code ---

FETCH = "from pyodide.http import pyfetch\nr = await pyfetch"
ESCAPES = {
    "our API": f"{FETCH}('{{site}}/api/v1/me/')\nprint('OUT', r.status)",
    "another host": f"{FETCH}('http://127.0.0.1:9/')\nprint('OUT', r.status)",
    "at once": (
        "import js\nx = js.XMLHttpRequest.new()\nx.open('GET', '{site}/api/v1/me/', False)\nx.send()\n"
        "print('OUT', x.status)"
    ),
    "a socket": (
        "import js, asyncio\ns = js.WebSocket.new('{site}/'.replace('http', 'ws'))\nawait asyncio.sleep(1)\n"
        "print('OUT' if s.readyState == 1 else 'closed')"
    ),
    "a script of ours": "import js\nawait js.eval(\"import('{site}/static/js/init.js')\")\nprint('OUT')",
    "text as a script": "import js\nprint('OUT', js.eval('1 + 1'))",
    "another thread": (
        "import js, asyncio\nb = js.Blob.new(['postMessage(1)'])\nw = js.Worker.new(js.URL.createObjectURL(b))\n"
        "heard = []\nfrom pyodide.ffi import create_proxy\nw.onmessage = create_proxy(lambda e: heard.append(1))\n"
        "await asyncio.sleep(1)\nprint('OUT' if heard else 'silent')"
    ),
    "the page": "import js\nprint('OUT' if hasattr(js, 'document') or hasattr(js, 'localStorage') else 'none')",
}


def test_learners_code_reaches_neither_our_api_nor_another_host(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    until_ready(page)
    base = page.evaluate("JSON.parse(document.getElementById('notebook').dataset.about).python.base")
    allowed = f"{FETCH}('{leila.site.url}{base}pyodide.mjs')\nprint('OUT', r.status)"

    assert printed_by(page, allowed) == ["OUT 200"]  # a way that is open says so
    for way, code in ESCAPES.items():
        printed = printed_by(page, code.format(site=leila.site.url))
        assert not any(text.startswith("OUT") for text in printed), (way, printed)


def printed_by(page: Page, code: str) -> list[str]:
    """What the first cell prints with this code in it."""
    write(page, 1, code)
    run(page, 1)
    expect(cell(page, 1).locator(".app-cell__state")).to_have_text(re.compile("Has run|Error"), timeout=30_000)
    return [text.strip() for text in shown(page, 1).locator(":scope > .app-out__text").all_inner_texts()]


def test_what_a_cell_shows_is_cleaned(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = begin(leila, f"{SMALL}plot-totals/")
    until_ready(page)

    write(
        page,
        1,
        "from IPython.display import HTML, display\n"
        'display(HTML(\'<b style="position:fixed" onclick="alert(1)" id="said" class="govuk-panel">bold</b>'
        "<script>document.title = 1</script><form action=/><input name=a></form><img src=x onerror=alert(1)>"
        "<a href=javascript:alert(1)>link</a><style>body {display: none}</style><iframe src=/></iframe>'))",
    )
    run(page, 1)
    html = shown(page, 1).locator(".app-out__html")

    expect(html).to_have_text("boldlink", timeout=PATIENCE)
    assert html.inner_html() == "<b>bold</b><a>link</a>"
    leila.look("notebook-cleaned")
