"""Every page that a role is led to, every error page, and the pages about access tokens: no barrier on any."""

import html
import re
from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.core.signing import Signer
from django.urls import Resolver404, resolve
from playwright.sync_api import APIResponse, Route, expect

from tests.browser.reader import Reader
from tests.matrix import table
from tests.running import RunningSite, Visitor
from upskill.web.learner.search import MOST_SEARCHES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROLES = ["learner", "trainer", "reviewer", "manager", "viewer", "administrator", "operator"]
MOST_PAGES = 400  # of one role; the demo has a third of them
# What no link of the demo leads to, with the place where it is looked at, or why nobody reads it.
ELSEWHERE = {
    "account:use_link": "test_learner.py signs in by it",
    "account:feedback_sent": "test_pages.py sends feedback",
    "account:stop_weekly_mail": "below",
    "account:new_token": "below", "account:revoke_token": "below",
    "administrator:import": "below", "administrator:import_state": "a part of a page",
    "administrator:end_post": "below",
    "account:sign_in": "test_everybody.py", "account:link_sent": "test_learner.py asks for a link",
    "learner:search": "test_pages.py", "learner:item": "test_learner.py", "learner:submission": "test_learner.py",
    "learner:recall": "test_learner.py",
    "roles:organisations": "test_pages.py", "roles:roles": "test_pages.py", "roles:role": "test_pages.py",
    "roles:level": "test_pages.py", "roles:end": "test_pages.py",
    "learner:ask_review": "test_review.py", "learner:review_asked": "test_review.py",
    "trainer:decide_review": "test_review.py",
    "certificates:certificate": "test_learner.py", "certificates:genuine": "test_learner.py",
    "certificates:withdraw": "test_learner.py",
    "planning:organisations": "test_planning.py", "planning:organisation": "test_planning.py",
    "planning:ask_organisation": "test_planning.py", "planning:find_exempt": "test_planning.py",
    "manager:open_view": "leads to a page of figures", "manager:change_view": "test_manager.py",
    "manager:delete_view": "test_manager.py",
    "learner:submission_state": "a part of a page", "receipts:rerun_state": "a part of a page",
}  # fmt: skip
NOT_READ = re.compile(
    r"^(api|service):|_(csv|xlsx|pdf)$|:(notebook|file|figure|answer_file|pdf)$|^(csp_report|security_txt|browser_python)$"
)


def pages_led_to(site: RunningSite, *, role: str) -> Iterator[tuple[str, str]]:
    """(name, path) of every page that links lead this role to, the first of each name."""
    visitor = Visitor(site)
    visitor.post("/demo/sign-in/", form_page="/demo/", data={"role": role})
    known, waiting, names = {"/"}, deque(["/"]), set()
    while waiting:
        path = waiting.popleft()
        name = name_of(path)
        if NOT_READ.search(name):
            continue
        text = visitor.get(path).text
        if name not in names:
            names.add(name)
            yield name, path
        links = {html.unescape(link) for link in re.findall(r'<a\b[^>]*?\bhref="(/[^"#]*)', text)}
        new = news({link for link in links if not link.startswith("/feedback/?")} - known, names=names)
        known |= new
        waiting.extend(sorted(new))
        assert len(known) < MOST_PAGES


def news(links: set[str], *, names: set[str]) -> set[str]:
    """The links to follow. Every figure of a department and every staff record has an address of its own: one of each
    page is enough.
    """
    first: dict[str, str] = {}
    for link in sorted(links):
        is_one_of_many = link.startswith("/administrator/") or (link.startswith("/manager/") and "?" in link)
        first.setdefault(name_of(link) if is_one_of_many else link, link)
    return {link for name, link in first.items() if name not in names}


def name_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def read_by_people() -> set[str]:
    """The names of all pages that somebody may open, as the table of who may what has them."""
    opened = {row.name for row in table.ROWS if "GET" in row.methods and "ok" in row.cells.values()}
    return {name for name in opened if not NOT_READ.search(name)}


def test_every_page_that_somebody_is_led_to_has_no_barrier(reader: Callable[[], Reader], site: RunningSite):
    """If a page is missing: lead to it, look at it in a story, or say in ELSEWHERE why not."""
    site.until_all_is_marked()  # an answer that nobody has marked yet leads nowhere
    seen: set[str] = set()
    for role in ROLES:
        somebody = reader()
        somebody.sign_in(role)
        for name, path in pages_led_to(site, role=role):
            if name not in seen or name == "learner:home":
                somebody.open(path)
                somebody.look(f"{role}-{name.replace(':', '-') or 'lesson-link'}")
            seen.add(name)

    assert read_by_people() - seen - ELSEWHERE.keys() == set()


def test_pages_about_access_tokens_have_no_barrier(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = leila.open("/account/tokens/new/")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what the token is for")
    leila.look("token-empty")

    page.get_by_label("What is it for?").fill("Notebook on my laptop")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Make the token").click()
    leila.look("token-made")
    leila.open("/account/tokens/")
    leila.look("tokens")
    page.get_by_role("link", name=re.compile("Revoke")).first.click()
    leila.look("token-revoke")
    page.get_by_role("button", name=re.compile("Revoke")).click()
    expect(page.get_by_text("is revoked and no longer works")).to_be_visible()
    leila.look("token-revoked")


def test_file_of_staff_records_is_checked_and_carried_out_without_a_barrier(reader: Callable[[], Reader]):
    rows = ["staff_number,full_name,email,organisation", "B-1,Bea Bluebarrow,bea.bluebarrow@example.gov.uk,dwp-leeds"]
    rows.append("B-2,,nobody@example.gov.uk,no-such-place")
    content = "\n".join(rows).encode()
    administrator = reader()
    administrator.sign_in("administrator")
    page = administrator.open("/administrator/imports/")
    page.locator("#id_file").set_input_files({"name": "staff.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Check the file").click()

    confirm = page.get_by_role("button", name="Carry it out")
    expect(confirm).to_be_visible(timeout=60_000)
    administrator.look("import-checked")
    confirm.click()
    expect(page.locator("[data-poll-say]")).to_contain_text("Carried out", timeout=60_000)
    administrator.look("import-carried-out")
    [[name]] = administrator.site.rows("select full_name from people_user where staff_number = 'B-1'")
    assert name == "Bea Bluebarrow"


def test_further_post_is_added_and_ended_without_a_barrier(reader: Callable[[], Reader]):
    administrator = reader()
    [[leila]] = administrator.site.rows("select public_id from people_user where email = 'learner@example.gov.uk'")
    administrator.sign_in("administrator")
    page = administrator.open(f"/administrator/people/{leila}/posts/add/")
    page.get_by_label("Organisation").fill("dwp")
    page.get_by_role("button", name="Add it").click()
    administrator.look("staff-record-with-a-further-post")

    page.get_by_role("link", name="End this post").click()
    administrator.look("end-a-further-post")
    page.get_by_role("button", name="End this post").click()
    expect(page.get_by_text("The post of Leila Learner in ")).to_be_visible()
    expect(page.get_by_role("link", name="End this post")).to_have_count(0)


def test_switching_the_weekly_mail_on_and_off_has_no_barrier(reader: Callable[[], Reader]):
    """The page of the link in a mail is that of anybody who holds it; the account page has the switch."""
    leila = reader()
    leila.sign_in("learner")
    page = leila.open("/account/")
    page.get_by_role("button", name="Switch the weekly mail on").click()
    expect(page.get_by_text("The weekly mail is switched on.")).to_be_visible()
    leila.look("weekly-mail-on")
    [[public_id]] = leila.site.rows("select public_id from people_user where email = 'learner@example.gov.uk'")
    signer = Signer(key=leila.site.environment["SECRET_KEY"], salt="upskill.people.weekly_mail")
    token = signer.sign(public_id.hex)

    anybody = reader()
    page = anybody.open(f"/weekly-mail/{token}/")
    anybody.look("weekly-mail-stop")
    page.get_by_role("button", name="Stop the weekly mail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The weekly mail is switched off")
    anybody.look("weekly-mail-stopped")
    expect(leila.open("/account/").get_by_role("button", name="Switch the weekly mail on")).to_be_visible()


# --- Refusals ---


def refusals(visitor: Reader) -> Iterator[tuple[int, APIResponse]]:
    """Answers that a person can meet, with their status: asked for by hand, as no page leads to them."""
    ask, site = visitor.page.context.request, visitor.site.url
    yield 403, ask.get(f"{site}/operator/")
    yield 403, ask.post(f"{site}/feedback/", form={"text": "without the token of the form"})
    yield 404, ask.get(f"{site}/no-such-page/")
    yield 405, ask.get(f"{site}/sign-out/")
    yield 410, ask.get(f"{site}/sign-in/this-link-was-used-long-ago-1234567890/")
    yield 413, ask.post(f"{site}/feedback/", data=b"x" * 17_000_000)
    for _ in range(MOST_SEARCHES):
        ask.get(f"{site}/search/?q=audit")
    yield 429, ask.get(f"{site}/search/?q=audit")


def test_every_refusal_is_a_page_without_barriers(reader: Callable[[], Reader]):
    olga = reader()
    olga.sign_in("viewer")

    for number, (status, answer) in enumerate(refusals(olga)):
        assert answer.status == status, answer.url
        show(olga, answer, at=f"/refusal-{number}/")
        expect(olga.page.get_by_role("heading", level=1)).to_be_visible()
        olga.look(f"refusal-{number}-{status}")


def show(somebody: Reader, answer: APIResponse, *, at: str) -> None:
    """The answer as a page of the site: whatever was asked for."""
    body, headers = answer.text(), {**answer.headers, "content-encoding": "identity"}

    def fulfil(route: Route) -> None:
        route.fulfill(status=200, headers=headers, body=body)

    somebody.page.route(f"**{at}", fulfil)
    somebody.open(at)
