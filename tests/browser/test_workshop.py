"""A workshop on both of its sides, and a lesson in both of its languages: no barrier on any."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.module_walk import take
from tests.browser.reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KIT = "ai-ethics-in-practice/harms-and-values/stakeholder-map/"
LESSON = "/courses/first-90-days/where-ai-meets-your-job/red-lines/"


def test_workshop_is_led_from_the_trainers_side_and_done_on_the_participants(reader: Callable[[], Reader]):
    terry = reader()
    terry.sign_in("trainer")
    page = terry.open("/trainer/kits/")
    expect(page.get_by_text("Comfort Mensah")).to_be_visible()
    terry.look("workshop-kits")
    page.get_by_role("link", name="Draw the map together").click()
    expect(page.get_by_role("heading", name="Before the day")).to_be_visible()
    terry.look("workshop-trainer")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Before the day")).to_be_visible()
    expect(page.get_by_text("Such a line could be")).to_be_visible()
    expect(page.get_by_role("navigation", name="Menu")).to_be_hidden()
    page.set_viewport_size({"width": 794, "height": 1123})  # A4
    page.screenshot(path=terry.shots / "workshop-trainer-on-paper.png", full_page=True)

    leila = reader()
    leila.sign_in("learner")
    take(leila, course="ai-ethics-in-practice")
    page = leila.open(f"/courses/{KIT}")
    expect(page.get_by_role("heading", name="Round 1: names")).to_be_visible()
    expect(page.get_by_text("Before the day")).to_have_count(0)
    leila.look("workshop-participant")
    page.get_by_role("button", name="We have done this").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Draw the map together")
    page = leila.open("/courses/ai-ethics-in-practice/")
    expect(page.get_by_text("Comfort Mensah")).to_be_visible()
    leila.look("course-with-a-workshop")


def test_lesson_is_read_in_welsh_and_in_english(reader: Callable[[], Reader]):
    leila = reader()
    leila.sign_in("learner")
    take(leila, course="first-90-days")
    page = leila.open(LESSON)
    leila.look("lesson-with-welsh")
    page.get_by_role("link", name="Cymraeg").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Llinellau coch")
    expect(page.get_by_text("No Welsh speaker has checked this translation yet.")).to_be_visible()
    leila.look("lesson-in-welsh")
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Red lines")
