"""Pages about oneself and about the service: who looked, searching, feedback, how marking works, and paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.reader import OVERFLOW, Reader

pytestmark = [pytest.mark.browser]


def test_learner_reads_who_looked_at_their_record(reader: Callable[[], Reader]):
    """Maya looks at her team; Leila finds her name, the moment and the reason behind her own name in the header."""
    maya, leila = reader(), reader()
    maya.sign_in("manager")
    leila.sign_in("learner")

    leila.page.get_by_role("link", name="Your account: Leila Learner").click()
    expect(leila.page.get_by_text("Maya Manager")).to_be_visible()
    leila.look("account")
    leila.page.get_by_role("link", name="Who has looked at my record").click()
    expect(leila.page.locator(".app-entry").first).to_contain_text(
        "Maya Manager looked at the levels you have reached, as your line manager."
    )
    leila.look("trail")

    leila.page.get_by_role("link", name="Everything, also what you did").click()
    expect(leila.page.get_by_text("You signed in.").first).to_be_visible()
    leila.look("trail-everything")


def test_search_from_the_header_by_keyboard_finds_and_says_what_to_try(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    page = leila.page

    page.get_by_role("searchbox", name="Search courses").focus()
    page.keyboard.type("false posi")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=re.compile(r"^\d+ results?"))).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
    leila.look("search")
    for name, words in [("nothing", "zebra"), ("common", "the"), ("refused", "z" * 201)]:
        leila.open(f"/search/?q={words}")
        leila.look(f"search-{name}")


def test_feedback_goes_from_the_banner_to_the_operators_page(reader: Callable[[], Reader]):
    """A visitor says something about a page; Olivia reads it, and the state of the service, on hers."""
    visitor, olivia = reader(), reader()
    visitor.open("/accessibility/")
    visitor.page.get_by_role("link", name="Tell us what went wrong or well").click()
    visitor.page.get_by_role("button", name="Send feedback").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("Write what went wrong or what went well")
    visitor.look("feedback-empty")

    visitor.page.get_by_label("What went wrong, or what went well?").fill("The statement is clear.")
    visitor.page.get_by_role("button", name="Send feedback").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Feedback sent")
    visitor.look("feedback-sent")

    olivia.sign_in("operator")
    expect(olivia.page.get_by_role("heading", level=1)).to_have_text("State of the service")
    expect(olivia.page.get_by_text("The statement is clear.")).to_be_visible()
    olivia.look("operator")


@pytest.mark.parametrize("role", ["trainer", "manager", "viewer", "administrator", "operator"])
def test_home_has_a_card_for_each_role(reader: Callable[[], Reader], role: str):
    person = reader()
    person.sign_in(role)

    person.open("/")

    expect(person.page.get_by_role("heading", name="Your roles")).to_be_visible()
    person.look(f"home-{role}")


@pytest.mark.parametrize(
    ("role", "path", "kept"),
    [
        ("manager", "/manager/team/", "Leila Learner"),
        ("viewer", "/manager/departments/dwp/", "How many people are at each level"),
        ("learner", "/skills/", "Each level here rests on something you passed"),
    ],
)
def test_page_on_paper_says_whose_it_is_and_leaves_out_what_one_presses(
    reader: Callable[[], Reader], role: str, path: str, kept: str
):
    person = reader()
    person.sign_in(role)
    page = person.open(path)

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})  # A4 without its margins
    page.screenshot(path=person.shots / f"print-{role}.png", full_page=True)

    expect(page.get_by_text(kept).first).to_be_visible()
    expect(page.get_by_text("Printed by")).to_be_visible()
    for gone in ("banner", "navigation", "contentinfo", "search"):
        expect(page.get_by_role(gone)).to_have_count(0)
    assert page.evaluate(OVERFLOW) == 0
