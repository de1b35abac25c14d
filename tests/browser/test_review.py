"""A doubted mark: the learner reads its receipt and asks, a trainer who did not mark it decides, the learner reads."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import own_site
from tests.browser.reader import Reader
from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.journeys.rubric import choose_on_each
from tests.running import RunningSite

site = own_site.site
pytestmark = [pytest.mark.browser]


def test_a_doubted_mark_is_changed_by_a_second_trainer(reader: Callable[[], Reader], site: RunningSite):
    """Leila's answer breaks a tie too generously. Terry marks her reflection. She has the mark made again, doubts it,
    and asks; Terry may not decide, Rita does and gives points and a level back; Leila reads it."""
    learner = DemoLearner(site)
    submission = learner.hand_in(answers.write("w3_ties_over_capacity", release=learner.release()))
    learner.marked(submission, seconds=300)
    terry, leila, rita = reader(), reader(), reader()

    terry.sign_in("trainer")
    mark_the_reflection(terry, submission)
    leila.sign_in("learner")
    look_at_the_receipts(leila, submission)
    ask_for_a_review(leila, submission)
    see_why_not(terry, submission)
    rita.sign_in("reviewer")
    decide(rita, submission)
    read_the_decision(leila, submission)
    see_what_the_first_trainer_sees(terry, submission)


def mark_the_reflection(terry: Reader, submission: str) -> None:
    page = terry.open(f"/trainer/submissions/{submission}/")
    page.get_by_role("button", name="Mark “").click()
    choose_on_each(page, "Level 1 of 4")
    page.get_by_label("Comment for the learner").fill("Say who decides, and by when.")
    page.get_by_role("button", name="Save the mark").click()
    expect(page.locator(".app-result__score")).to_contain_text("11.5 of 20 points")


def look_at_the_receipts(leila: Reader, submission: str) -> None:
    page = leila.open(f"/submissions/{submission}/")
    leila.look("review-mark")
    page.get_by_role("link", name="Receipt of this mark").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt of mark 2")
    leila.look("receipt-by-a-person")
    page.get_by_role("link", name="Mark 1, which this one replaced").click()
    expect(page.get_by_text("A hidden part tries your answer").first).to_be_visible()
    page.get_by_text("What it tested").first.click()
    leila.look("receipt")
    page.get_by_role("button", name="Mark it again").click()
    expect(page.get_by_role("strong").filter(has_text="Came out the same on")).to_be_visible(timeout=60_000)
    leila.look("receipt-made-again")
    page.emulate_media(media="print")
    page.screenshot(path=leila.shots / "receipt-on-paper.png", full_page=True)
    expect(page.get_by_role("button", name="Mark it again")).to_be_hidden()
    page.emulate_media(media="screen")


def ask_for_a_review(leila: Reader, submission: str) -> None:
    page = leila.open(f"/submissions/{submission}/")
    page.get_by_role("button", name="Ask a person to review this mark").click()
    leila.look("review-ask")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why you doubt this mark.")
    leila.look("review-ask-refused")
    page.get_by_label("Why do you doubt this mark?").fill("My threshold is right but for ties.\nThe rule is clear.")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review asked for")
    leila.look("review-asked")
    page.get_by_role("link", name="Back to your answer").click()
    expect(page.get_by_text("A trainer who did not mark it will look at it.")).to_be_visible()
    expect(page.get_by_role("button", name="Ask a person to review this mark")).to_have_count(0)
    leila.look("review-open")


def see_why_not(terry: Reader, submission: str) -> None:
    page = terry.open("/trainer/")
    expect(page.get_by_text("Review for another")).to_be_visible()
    terry.look("review-list-of-who-marked")
    terry.open(f"/trainer/submissions/{submission}/")
    expect(page.get_by_text("You have marked this answer yourself.")).to_be_visible()
    terry.look("review-why-not")


def decide(rita: Reader, submission: str) -> None:
    page = rita.page
    rita.look("review-list")
    page.get_by_role("link", name="Reviews for you (1)").click()
    rita.look("reviews-for-you")
    page.get_by_role("link", name=re.compile(r"^Learner\s[A-Z0-9]{5}$")).click()
    rita.look("review-submission")
    page.get_by_role("button", name="Decide this review").click()
    rita.look("review-decide")
    page.get_by_label("threshold", exact=False).fill("7")
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose whether the mark stays or changes")
    expect(page.get_by_role("alert")).to_contain_text("must be from 0 to 4")
    expect(page.get_by_role("alert")).to_contain_text("Say why you decide so.")
    rita.look("review-decide-refused")
    page.get_by_role("radio", name="Change the mark").check()
    page.get_by_label("threshold", exact=False).fill("3")
    page.get_by_role("radio", name="Level 3 of 4").first.check()
    page.get_by_label("Why do you decide so?").fill("The rule is right but for ties. The finding is clear.")
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("Your decision is saved. Leila Learner is told by email.")
    rita.look("review-decided")


def read_the_decision(leila: Reader, submission: str) -> None:
    page = leila.open(f"/submissions/{submission}/")
    expect(page.get_by_text("Decided by Rita Reviewer, a trainer who had not marked it")).to_be_visible()
    expect(page.get_by_text("The mark was changed.")).to_be_visible()
    expect(page.get_by_text("The rule is right but for ties.").first).to_be_visible()
    expect(page.get_by_role("button", name="Ask a person to review this mark")).to_have_count(0)
    leila.look("review-read")


def see_what_the_first_trainer_sees(terry: Reader, submission: str) -> None:
    page = terry.open(f"/trainer/submissions/{submission}/")
    expect(page.get_by_text("Decided by Rita Reviewer on").first).to_be_visible()
    page.get_by_role("link", name="Receipt of mark 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt of mark 1")
    terry.look("receipt-of-a-trainer")
