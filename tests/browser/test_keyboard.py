"""The three role stories by keyboard alone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import own_site
from tests.browser.keyboard import Keyboard, expect_to_be_told_what_is_wrong, skip_to_content
from tests.browser.reader import NARROW, WIDE, Reader
from tests.browser.test_learner import RIGHT, STEPS, links
from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.running import RunningSite, wait_until

site = own_site.site
pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCROLLED = "document.activeElement.scrollLeft"


@pytest.fixture
def hands(reader: Callable[[], Reader]) -> Keyboard:
    """In front of a wide screen."""
    somebody = reader()
    somebody.page.set_viewport_size(WIDE)
    return Keyboard(somebody)


# --- the learner -----------------------------------------------------------------------------------------------------


def test_learner_by_keyboard_alone(hands: Keyboard, site: RunningSite, tmp_path: Path):
    """Leila signs in by the link in the mail, reads, answers the quiz with arrows and Space, downloads the notebook,
    chooses a file with Enter, is led to what is wrong, sees her mark and her skills, and signs out."""
    sign_in_by_link(hands, site)
    start_the_course(hands)
    read_the_lesson(hands)
    answer_the_quiz(hands)
    hand_in(hands, tmp_path)
    see_the_record(hands)
    hands.press_button("Sign out")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Sign in")


def sign_in_by_link(hands: Keyboard, site: RunningSite) -> None:
    page, before = hands.reader.open("/"), len(links(site))
    hands.tab_to("Skip to main content", most=1)
    hands.tab_to("Sign in", role="link")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/")
    hands.tab_to("Email address", role="textbox")
    hands.type("somebody@somewhere.example")
    with page.expect_navigation():
        hands.press("Enter")
    go_to_what_is_wrong(hands, re.compile("Use your work email address"), field="Email address")
    hands.type("learner@example.gov.uk")
    with page.expect_navigation():
        hands.press("Enter")
    assert wait_until(lambda: len(links(site)) > before, seconds=60)
    page.goto(links(site)[-1])  # opened from the mail
    hands.press_button("Sign in", key="Space")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def start_the_course(hands: Keyboard) -> None:
    hands.open("Courses")
    hands.open("AI ethics and governance in practice")
    hands.press_button(re.compile("^(Start this course|Continue)"))


def read_the_lesson(hands: Keyboard) -> None:
    page = hands.reader.open("/courses/ai-ethics-in-practice/bias-audits/reading-an-audit/")
    skip_to_content(hands)
    hands.press_button(re.compile("Mark as read and continue|Continue"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check: reading a bias audit")


def answer_the_quiz(hands: Keyboard) -> None:
    page = hands.reader.open("/courses/ai-ethics-in-practice/bias-audits/check/?again")
    skip_to_content(hands)
    hands.tab_to(re.compile("Hint 1"), role="DisclosureTriangle")
    hands.press("Enter")
    hands.press_button("Send answers")
    expect_to_be_told_what_is_wrong(page)
    hands.tab_to("Answer question 1", role="link", most=3)
    hands.press("Enter")
    assert hands.look().role == "radio"  # the link leads to the first choice of the first question
    fill_quiz(hands)
    hands.press_button("Send answers")
    expect(page.get_by_text("You have passed this quiz.")).to_be_visible()


def fill_quiz(hands: Keyboard) -> None:
    """Question by question from the first choice on, each kind in its own way."""
    todo = [re.compile(words) for words in RIGHT]
    places = {words: str(place) for place, words in enumerate(STEPS, 1)}
    for _press in range(60):
        stop = hands.look()
        if stop.role == "radio":
            choose(hands, [words for words in todo if in_this_group(hands, words)])
        elif stop.role == "checkbox" and any(words.search(stop.name) for words in todo):
            hands.press("Space")
        elif stop.role == "textbox":
            hands.type("10 %")
        elif stop.role == "combobox":
            place = next(place for words, place in places.items() if words in stop.name)
            hands.press(*["ArrowDown"] * int(place))
        elif (stop.role, stop.name) == ("button", "Send answers"):
            hands.press("Shift+Tab")
            return
        hands.press("Tab")
    raise AssertionError("The end of the quiz was not reached")


def in_this_group(hands: Keyboard, words: re.Pattern[str]) -> bool:
    """Whether the group of the radio that has the focus offers this answer."""
    said = hands.page.evaluate("document.activeElement.closest('.govuk-radios').innerText")
    return bool(words.search(said))


def choose(hands: Keyboard, wanted: list[re.Pattern[str]]) -> None:
    assert len(wanted) == 1
    hands.arrow_to(wanted[0])


def hand_in(hands: Keyboard, folder: Path) -> None:
    page = hands.reader.open("/courses/ai-ethics-in-practice/bias-audits/audit-referrals/")
    skip_to_content(hands)
    hands.tab_to("Download the notebook", role="button")
    with page.expect_download() as download:
        hands.press("Enter")
    released = Path(download.value.path()).read_bytes()
    send(hands, folder, content=released)
    go_to_what_is_wrong(hands, re.compile("no answers in this notebook yet"), field="Upload your notebook")
    choose_and_send(hands, folder, content=answers.write("solution", release=released))
    expect(page.get_by_text("You have passed this exercise.").first).to_be_visible(timeout=120_000)
    hands.tab_to("How this was marked", role="DisclosureTriangle")
    hands.press("Enter")
    expect(page.get_by_text("Your notebook was run from top to bottom")).to_be_visible()


def send(hands: Keyboard, folder: Path, *, content: bytes) -> None:
    hands.tab_to("Go to the form", role="link")
    hands.press("Enter")
    hands.page.wait_for_url("**/#hand-in")
    hands.tab_to(re.compile("Upload your notebook"), most=3)
    choose_and_send(hands, folder, content=content)


def choose_and_send(hands: Keyboard, folder: Path, *, content: bytes) -> None:
    (folder / "audit-referrals.ipynb").write_bytes(content)
    hands.choose_file(folder / "audit-referrals.ipynb")
    hands.press_button("Hand in")


def see_the_record(hands: Keyboard) -> None:
    hands.reader.open("/learning/")
    hands.open("My skills")
    expect(hands.page.locator("section", has=hands.page.get_by_role("heading", name="Fairness"))).to_contain_text(
        "Working"
    )


# --- the trainer -----------------------------------------------------------------------------------------------------


def test_trainer_by_keyboard_alone(hands: Keyboard, site: RunningSite):
    """Terry signs in, scrolls the list, opens an answer, is led to what is missing, marks the reflection with arrows,
    and changes points with a reason."""
    leila = DemoLearner(site)
    sent = leila.hand_in(answers.write("w3_ties_over_capacity", release=leila.release()))
    leila.marked(sent)
    sign_in(hands, "Terry Trainer")

    open_the_answer(hands, sent)
    mark_the_reflection(hands)
    change_the_points(hands)


def open_the_answer(hands: Keyboard, sent: str) -> None:
    page = hands.page
    hands.open(re.compile("Waiting for you"))
    page.set_viewport_size(NARROW)
    scroll_sideways(hands, "Waiting for you")
    page.set_viewport_size(WIDE)
    hands.open(re.compile(r"^Learner\s[A-Z0-9]{5}$"))
    hands.reader.open(f"/trainer/submissions/{sent}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leila Learner")


def mark_the_reflection(hands: Keyboard) -> None:
    page = hands.page
    skip_to_content(hands)
    hands.open(re.compile("^Mark “"), role="button")
    skip_to_content(hands)
    hands.tab_to("Show the model answer", role="DisclosureTriangle")
    hands.press("Space")
    hands.press_button("Save the mark")
    expect_to_be_told_what_is_wrong(page)
    hands.tab_to(re.compile("Choose a level"), role="link", most=2)
    hands.press("Enter")
    while (stop := hands.look()).role == "radio":
        hands.arrow_to(re.compile("Level 3 of 4"))
        hands.press("Tab")
    assert stop.name == "Comment for the learner"
    hands.type("A clear number. Say next time who decides, and by when.")
    hands.press_button("Save the mark")
    expect(page.locator(".app-result__score")).to_contain_text("14.5 of 20 points")


def change_the_points(hands: Keyboard) -> None:
    page = hands.page
    hands.open("Change points of the tests")
    skip_to_content(hands)
    hands.tab_to(re.compile("threshold"), role="textbox")
    hands.type("5")
    hands.tab_to("Why do you change this mark?", role="textbox", most=3)
    hands.type("Your rule is right but for ties: half of the points.")
    hands.press_button("Save the new mark")
    expect_to_be_told_what_is_wrong(page)
    hands.tab_to(re.compile("must be from 0 to 4"), role="link", most=2)
    hands.press("Enter")
    hands.type("2")
    hands.press_button("Save the new mark")
    expect(page.locator(".app-result__score")).to_contain_text("16.5 of 20 points")


# --- the line manager ------------------------------------------------------------------------------------------------


def test_line_manager_by_keyboard_alone_on_a_narrow_screen(hands: Keyboard):
    """Maya opens the menu and her team, and comes to the table, which arrow keys move where it is wider."""
    page = hands.page
    page.set_viewport_size(NARROW)
    sign_in(hands, "Maya Manager")

    hands.tab_to("Menu", role="button")
    assert page.locator("#navigation").is_hidden()
    hands.press("Enter")
    expect(page.locator("#navigation")).to_be_visible()
    hands.open("My team", most=8)
    expect(page.get_by_role("heading", level=1)).to_have_text("My team")
    hands.tab_to("Levels reached", role="region")


# --- what the stories share ------------------------------------------------------------------------------------------


def sign_in(hands: Keyboard, name: str) -> None:
    """As the demo account of this person."""
    hands.reader.open("/demo/")
    hands.press_button(f"Sign in as {name}")
    expect(hands.page.get_by_role("button", name="Sign out")).to_be_visible()


def go_to_what_is_wrong(hands: Keyboard, words: re.Pattern[str], *, field: str) -> None:
    """The summary has the focus; its first link leads to the field."""
    expect_to_be_told_what_is_wrong(hands.page)
    hands.tab_to(words, role="link", most=1)
    hands.press("Enter")
    assert hands.look().name.startswith(field)


def scroll_sideways(hands: Keyboard, region: str) -> None:
    """A table that is wider than the screen can be reached and moved."""
    hands.tab_to(region, role="region")
    hands.press("ArrowRight", "ArrowRight")
    assert wait_until(lambda: hands.page.evaluate(SCROLLED) > 0, seconds=5)
    hands.press("ArrowLeft", "ArrowLeft")
