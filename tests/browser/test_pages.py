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


def test_administrator_writes_a_role_and_a_learner_reads_what_theirs_asks_for(reader: Callable[[], Reader]):
    """Vikram, who administers the department too, writes a role; Leila sees her gap, and notes how she sees herself."""
    vikram, leila = reader(), reader()
    vikram.site.rows(
        "insert into people_rolegrant (person_id, role, course, organisation_id, granted_at) "
        "select p.id, 'department_admin', '', o.id, now() from people_user p, people_organisation o "
        "where p.email = 'viewer@example.gov.uk' and o.code = 'dwp' on conflict do nothing returning id"
    )
    vikram.sign_in("viewer")
    page = vikram.page
    page.get_by_role("link", name="Roles", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Roles")
    vikram.look("roles")
    page.get_by_role("button", name="Add the role").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the name of the role")
    vikram.look("roles-empty")

    page.get_by_label("Name of the role").fill("Mediator")
    page.get_by_role("button", name="Add the role").click()
    page.get_by_label("Name of the level").fill("Senior mediator")
    page.get_by_role("button", name="Add the level").click()
    page.get_by_label("Fairness").select_option("Working")
    vikram.look("role-level")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("dwp-mediator-senior-mediator")).to_be_visible()
    vikram.look("role-of-a-department")
    page.get_by_role("link", name="End this role").click()
    vikram.look("role-end")
    page.get_by_role("button", name="End this role").click()
    expect(page.get_by_text("“Mediator” has ended. Whoever has it keeps it.")).to_be_visible()

    leila.sign_in("learner")
    page = leila.open("/skills/")
    page.get_by_label("Skill", exact=True).select_option("Privacy")
    page.get_by_label("Where do you see yourself?").select_option("Practitioner")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: where you see yourself with “Privacy”.")).to_be_visible()
    leila.look("skills-self-view")
    page.get_by_role("link", name="What your role asks for").click()
    expect(page.get_by_role("heading", name="Still to reach")).to_be_visible()
    leila.look("role-of-a-learner")
