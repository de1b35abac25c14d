"""A reflection's story: written, saved, refused while too long, sent, marked by a trainer, and read with its mark."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.reader import Reader
from tests.journeys.rubric import choose_on_each
from tests.running import RunningSite

pytestmark = [pytest.mark.browser]
COURSE = "first-90-days"
PAGE = f"/courses/{COURSE}/learn-with-others/your-one-page-note/"
TRAINS_THE_COURSE = """
    INSERT INTO people_rolegrant (person_id, role, course, granted_at)
    SELECT id, 'trainer', %s, now() FROM people_user WHERE email = 'reviewer@example.gov.uk'
    RETURNING id
"""
TEXT = "A caseworker gave part 4. <b>The tool</b> missed 14 of 40 urgent appeals. We look again on 1 March."


def test_text_is_written_sent_and_marked_by_a_trainer(reader: Callable[[], Reader], site: RunningSite):
    """Maya, who manages a team, takes the course herself; a trainer of it marks her page by its rubric."""
    maya = reader()
    maya.sign_in("manager")
    maya.open(f"/courses/{COURSE}/")
    maya.page.get_by_role("button", name="Start this course").click()

    write_and_save(maya)
    send_one_that_is_too_long(maya)
    send(maya)
    site.until_all_is_marked()
    assert len(site.rows(TRAINS_THE_COURSE, COURSE)) == 1
    mark(reader())
    read_the_mark(maya)


def write_and_save(maya: Reader) -> None:
    page = maya.open(PAGE)
    maya.look("reflection")
    page.get_by_label("Your text").fill("one two three")
    expect(page.locator(".govuk-character-count__status:not([aria-live])")).to_contain_text("397 words remaining")
    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_role("alert")).to_contain_text("Your text is saved. Nobody else sees it")
    expect(page.get_by_label("Your text")).to_have_value("one two three")
    maya.look("reflection-saved")


def send_one_that_is_too_long(maya: Reader) -> None:
    page = maya.page
    page.get_by_label("Your text").fill("word " * 401)
    page.get_by_role("button", name="Send to a trainer").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Your text has 401 words. Shorten it to 400 or fewer.")
    maya.look("reflection-too-long")


def send(maya: Reader) -> None:
    page = maya.page
    page.get_by_label("Your text").fill(TEXT)
    page.get_by_role("button", name="Send to a trainer").click()
    expect(page.get_by_text("Waiting for a trainer.", exact=True)).to_be_visible()
    expect(page.get_by_text(TEXT)).to_be_visible()
    maya.look("reflection-sent")
    page.get_by_role("link", name="Attempt 1").click()
    expect(page.locator(".app-steps__now")).to_have_text("Waiting for a trainer")
    maya.look("reflection-waiting")


def mark(rita: Reader) -> None:
    rita.sign_in("reviewer")
    page = rita.open(f"/trainer/{COURSE}/?show=waiting")
    page.get_by_role("link", name=re.compile(r"^Learner\s[A-Z0-9]{5}$")).first.click()
    rita.look("reflection-for-its-trainer")
    page.get_by_role("button", name="Mark “").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    choose_on_each(page, "Level 3 of 4")
    page.get_by_label("Comment for the learner").fill("Plain words. Say what one of them corrected.")
    rita.look("reflection-rubric")
    page.get_by_role("button", name="Save the mark").click()
    expect(page.locator(".app-result__score")).to_contain_text("6 of 8 points")


def read_the_mark(maya: Reader) -> None:
    page = maya.page
    page.reload()
    expect(page.get_by_text("You have passed this reflection.")).to_be_visible()
    expect(page.get_by_text("Evidence in your skills record: Team delivery, level Awareness")).to_be_visible()
    maya.look("reflection-marked")
    page.get_by_role("link", name="Back to the reflection").click()
    expect(page.get_by_label("Your text")).to_have_value(TEXT)
    maya.look("reflection-again")
