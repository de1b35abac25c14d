"""A trainer's story: somebody's answer, its checks, the reflection by its rubric, and a mark changed with a reason."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.reader import Reader
from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.journeys.rubric import choose_on_each
from tests.running import RunningSite

pytestmark = [pytest.mark.browser]


def test_trainer_marks_the_reflection_and_changes_a_mark_with_a_reason(reader: Callable[[], Reader], site: RunningSite):
    """Terry finds Leila's answer among those that wait, reads it, marks the reflection by its rubric, gives points
    back for a check, and both the old and the new mark can be seen, by him and by Leila."""
    leila = DemoLearner(site)
    submission = leila.hand_in(answers.write("w3_ties_over_capacity", release=leila.release()))
    leila.marked(submission)
    terry = reader()
    terry.sign_in("trainer")

    find_the_answer(terry, submission)
    mark_the_reflection(terry)
    change_the_mark(terry, submission)
    see_what_the_learner_sees(reader(), submission)


def find_the_answer(terry: Reader, submission: str) -> None:
    page = terry.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Answers")
    terry.look("trainer-answers")
    page.get_by_role("link", name="Waiting for you").click()
    expect(page.get_by_role("link", name="Leila Learner")).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile(r"^Learner\s[A-Z0-9]{5}$")).first).to_be_visible()
    terry.look("trainer-waiting")
    terry.open(f"/trainer/submissions/{submission}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leila Learner")
    expect(page.locator(".app-result__score")).to_contain_text("10 of 14 points")
    expect(page.get_by_text("Three claims tie at 0.7").first).to_be_visible()
    expect(page.get_by_text("You see this name because you opened this answer")).to_be_visible()
    terry.look("trainer-submission")


def mark_the_reflection(terry: Reader) -> None:
    page = terry.page
    page.get_by_role("button", name="Mark “").click()
    page.get_by_role("button", name="Save the mark").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a level")
    terry.look("trainer-rubric-refused")
    choose_on_each(page, "Level 3 of 4")
    page.get_by_label("Comment for the learner").fill("A clear number. Say next time who decides, and by when.")
    terry.look("trainer-rubric")
    page.get_by_role("button", name="Save the mark").click()
    expect(page.locator(".app-result__score")).to_contain_text("14.5 of 20 points")
    terry.look("trainer-reflection-marked")
    terry.open("/trainer/ai-ethics-in-practice/")
    expect(page.get_by_role("link", name="Leila Learner").first).to_be_visible()
    terry.look("trainer-answers-with-a-name")


def change_the_mark(terry: Reader, submission: str) -> None:
    page = terry.open(f"/trainer/submissions/{submission}/")
    page.get_by_role("link", name="Change points of the tests").click()
    page.get_by_label("threshold", exact=False).fill("5")
    page.get_by_label("Why do you change this mark?").fill("Your rule is right but for ties: half of the points.")
    page.get_by_role("button", name="Save the new mark").click()
    expect(page.get_by_role("alert")).to_contain_text("must be from 0 to 4")
    terry.look("trainer-override-refused")
    page.get_by_label("threshold", exact=False).fill("2")
    page.get_by_role("button", name="Save the new mark").click()
    expect(page.locator(".app-result__score")).to_contain_text("16.5 of 20 points")
    expect(page.get_by_text("10 of 14 points")).to_be_visible()
    terry.look("trainer-overridden")


def see_what_the_learner_sees(leila: Reader, submission: str) -> None:
    leila.sign_in("learner")
    page = leila.open(f"/submissions/{submission}/")
    expect(page.locator(".app-result__score")).to_contain_text("16.5 of 20 points")
    expect(page.get_by_text("Your rule is right but for ties").first).to_be_visible()
    expect(page.get_by_text("Decided by Terry Trainer, a trainer")).to_be_visible()
    leila.look("mark-by-a-trainer")
