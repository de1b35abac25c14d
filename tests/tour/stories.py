"""What each role does on the tour. To add a step: click as a person would, then take a picture with one sentence."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.notebook_page import until_ready
from tests.browser.test_learner import fill_quiz, upload
from tests.journeys import answers
from tests.journeys.rubric import choose_on_each

from .guide import Tour, Visitor

WAIT_FOR_MARK = 120_000  # milliseconds; seconds on an idle machine
TITLES = {
    "learner": "A learner works on a real question",
    "trainer": "A trainer reads, marks and is held to account",
    "manager": "A line manager sees what their people can do",
    "viewer": "Somebody who plans skills sees counts, never a name",
    "operator": "Somebody who runs the service sees its state, never anybody's work",
}
DOUBT = "My rule gives the same claims as the check, but for claims that tie. The task did not say how to order those."
DECISION = "You are right that the task does not say. Half of the points, and we will say it in the task."


def take(tour: Tour, *, downloads: Path) -> None:
    """Every story, in an order in which one leads to the next; the guide keeps them apart by role."""
    tour.site.until_all_is_marked()  # the pictures are the same however fast the machine is
    people = {role: tour.visitor(role, title) for role, title in TITLES.items()}
    look_at_the_team(people["manager"], name="team", says="Maya sees which level each of her people has reached.")
    learn(people["learner"])
    try_the_exercise(people["learner"], downloads)
    doubt_the_mark(people["learner"])
    mark(people["trainer"])
    decide(people["trainer"])
    read_what_came_of_it(people["learner"])
    pass_and_keep(people["learner"], downloads)
    look_again(people["manager"])
    plan(people["viewer"])
    keep_running(people["operator"])
    for visitor in people.values():
        visitor.page.context.close()
    tour.write()


# --- the learner -----------------------------------------------------------------------------------------------------


def learn(leila: Visitor) -> None:
    """From the front door to the end of the quiz."""
    page = leila.open("/")
    leila.picture("welcome", "The front door says what one can do here.")
    page.get_by_role("link", name="Sign in").first.click()
    leila.picture("sign-in", "People sign in by a link in their work email. To try it out, a demo account will do.")
    leila.sign_in("learner")
    leila.picture("first-home", "Leila begins: her first page leads to the courses.")
    page.get_by_role("link", name="Find a course").or_(page.get_by_role("button", name="Find a course")).first.click()
    page.get_by_role("link", name="AI ethics and governance in practice").click()
    leila.picture(
        "course",
        "A course says how long it takes, what is in it, and which skills it proves.",
        to=page.locator(".govuk-task-list").first,
    )
    page.get_by_role("button", name="Start this course").click()
    page = leila.open("/courses/ai-ethics-in-practice/bias-audits/reading-an-audit/")
    leila.picture("lesson", "A lesson is short, and about a case from a public service.", at=page.locator("h1"))
    case = page.get_by_role("heading", name="A department checks its own model")
    leila.picture("lesson-on-a-phone", "The same lesson on a phone.", at=case, narrow=True)
    page.get_by_role("button", name="Mark as read and continue").click()
    fill_quiz(page, number="9.6")
    page.locator("label").filter(has_text="75%").click()
    leila.picture("quiz", "A quiz asks what the lesson was about; hints help.", at=page.locator("h1"))
    page.get_by_role("button", name="Send answers").click()
    expect(page.locator(".app-result__score")).to_contain_text("4 of 6 right")
    leila.picture(
        "quiz-result",
        "Each answer gets a word, the wrong ones the idea behind the mistake.",
        at=page.get_by_text("Question 3"),
    )
    page.get_by_role("link", name="Try again").or_(page.get_by_role("button", name="Try again")).first.click()
    fill_quiz(page, number="10 %")
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_text("You have passed this quiz.")).to_be_visible()


def try_the_exercise(leila: Visitor, downloads: Path) -> None:
    """A first answer with a mistake."""
    page = leila.page
    page.get_by_role("link", name="Audit a fraud-referral model").first.click()
    if page.locator("#notebook").count():
        until_ready(page)
        task = page.get_by_role("heading", name="The task")
        task.evaluate(
            "it => scrollTo(0, it.getBoundingClientRect().top + scrollY)"
        )  # the tools stand at the lower edge
        says = "The exercise is done in its page: Leila runs cells, checks her answers, and hands them in."
        leila.picture("exercise", says, at=task)
    else:
        leila.picture("exercise", "The exercise is a notebook to work on in Jupyter, with its data.")
    hand_in(page, downloads, answer="w3_ties_over_capacity")
    expect(page.locator(".app-result__score")).to_contain_text("10 of 14 points", timeout=WAIT_FOR_MARK)
    heading, checks = page.locator("h1"), page.locator(".app-checks")
    says = "The mark is there in seconds, check by check, and says what to look at again."
    leila.picture("mark", says, at=heading, to=checks)
    leila.picture("mark-on-a-phone", "The same mark on a phone.", at=heading, to=checks, narrow=True)
    page.get_by_role("link", name="Receipt of this mark").click()
    page.get_by_role("button", name="Mark it again").click()
    expect(page.locator("strong", has_text="Came out the same")).to_be_visible(timeout=WAIT_FOR_MARK)
    leila.picture("receipt", "Every mark has a receipt, and can be made again to see that it comes out the same.")
    page.go_back()


def doubt_the_mark(leila: Visitor) -> None:
    """A person is asked to look at it."""
    page = leila.page
    leila.open("/learning/")
    leila.picture("learning", "What Leila takes, and what she handed in last.")
    page.locator("main").get_by_role("link", name=re.compile("Audit a fraud-referral model")).last.click()
    if "/submissions/" not in page.url:
        page.locator('a[href^="/submissions/"]').first.click()
    page.get_by_role("button", name="Ask a person to review this mark").click()
    page.get_by_label("Why do you doubt this mark?").fill(DOUBT)
    leila.picture("review", "Whoever doubts a mark asks for a person, and says why.")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def read_what_came_of_it(leila: Visitor) -> None:
    """The decision, with both marks."""
    page = leila.open("/learning/")
    page.locator('a[href^="/submissions/"]').first.click()
    expect(page.get_by_text(DECISION).first).to_be_visible()
    leila.picture(
        "decided",
        "The decision has a name and a reason, and both marks are kept.",
        at=page.locator("h1"),
        to=page.get_by_role("heading", name="Marks before this one").locator("+ ul"),
    )


def pass_and_keep(leila: Visitor, downloads: Path) -> None:
    """The right answer, and what it leaves in the record."""
    page = leila.open("/courses/ai-ethics-in-practice/bias-audits/audit-referrals/")
    hand_in(page, downloads, answer="solution")
    expect(page.get_by_text("You have passed this exercise.").first).to_be_visible(timeout=WAIT_FOR_MARK)
    page.get_by_role("link", name="My skills", exact=True).click()
    leila.picture(
        "skills",
        "The skills record holds what was reached, and the work that it rests on.",
        to=page.locator(".app-evidence"),
    )
    leila.open("/account/trail/")
    leila.picture(
        "trail",
        "Leila reads who has looked at her record, when, and as what.",
        at=page.locator("h1"),
        to=page.locator("li", has_text="Maya Manager"),
    )
    leila.open("/search/?q=false+positives")
    leila.picture("search", "Searching finds lessons and exercises by the words in them.")


def hand_in(page: Page, downloads: Path, *, answer: str) -> None:
    """Download the notebook, answer it, upload it: also where it can be done in the page, so that the story is one."""
    folded = page.locator("summary", has_text="Hand in a notebook from your computer")
    if folded.count():
        folded.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the notebook").or_(
            page.get_by_role("link", name="Download the notebook")
        ).click()
    released = Path(download.value.path()).read_bytes()
    upload(page, downloads, content=answers.write(answer, release=released))
    page.wait_for_url("**/submissions/*/")


# --- the trainer -----------------------------------------------------------------------------------------------------


def mark(terry: Visitor) -> None:
    """Free text by its rubric."""
    terry.sign_in("trainer")
    page = terry.page
    terry.picture(
        "answers", "Terry sees what waits for him; names are covered until he opens an answer.", at=page.locator("h1")
    )
    terry.picture("answers-on-a-phone", "The list on a phone.", at=page.locator("#answers"), narrow=True)
    page.get_by_role("link", name=re.compile("Waiting for you")).click()
    page.locator("tbody a").last.click()
    terry.picture(
        "answer",
        "One answer: its checks, what was written, and every mark so far.",
        at=page.get_by_role("heading", name="Checks", exact=True),
        to=page.get_by_role("heading", name="Every mark so far").locator("+ ol"),
    )
    page.get_by_role("button", name=re.compile("^Mark “")).first.click()
    choose_on_each(page, "Level 3 of 4")
    page.get_by_label("Comment for the learner").fill("A clear number. Say next time who decides, and by when.")
    terry.picture(
        "rubric",
        "A person marks what no test can, by criteria that the learner knows.",
        at=page.get_by_role("heading", name="Your judgement"),
        to=page.locator("fieldset").nth(1),
    )
    page.get_by_role("button", name="Save the mark").click()
    expect(page.get_by_text("The new mark is saved.")).to_be_visible()


def decide(terry: Visitor) -> None:
    """Leila's review."""
    page = terry.open("/trainer/ai-ethics-in-practice/?show=reviews")
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Decide this review").click()
    page.get_by_role("radio", name=re.compile("Change the mark")).check()
    page.get_by_label("threshold", exact=False).fill("2")
    page.get_by_label("Why do you decide so?").fill(DECISION)
    terry.picture(
        "review",
        "A trainer who did not give the mark decides about it, with a reason.",
        at=page.get_by_text("What do you decide?"),
        to=page.get_by_role("button", name="Save the decision"),
    )
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_text(DECISION).first).to_be_visible()
    terry.picture(
        "history",
        "Both marks stay: the machine’s, and the trainer’s with the reason for it.",
        at=page.get_by_text("Every mark so far"),
    )


# --- managers, viewers, operators ------------------------------------------------------------------------------------


def look_at_the_team(maya: Visitor, *, name: str, says: str) -> None:
    """The team, before Leila has passed."""
    maya.sign_in("manager")
    expect(maya.page.get_by_role("heading", level=1)).to_have_text("My team")
    expect(maya.page.locator("tr", has_text="Leila Learner")).to_contain_text("0 Not yet")
    maya.picture(name, says, at=maya.page.locator("h1"), to=maya.page.locator(".app-key"))


def look_again(maya: Visitor) -> None:
    """The team, after Leila has passed."""
    maya.open("/manager/team/")
    expect(maya.page.locator("tr", has_text="Leila Learner")).to_contain_text("2 Working")
    heading, key = maya.page.locator("h1"), maya.page.locator(".app-key")
    says = "Leila has passed, and the level is there at once. She can see that Maya looked."
    maya.picture("team-later", says, at=heading, to=key)
    maya.picture("team-on-a-phone", "The team on a phone.", at=heading, to=key, narrow=True)


def plan(vikram: Visitor) -> None:
    """Counts, and the parts of a department."""
    vikram.sign_in("viewer")
    page = vikram.page
    says = (
        "How many people are at each level of each skill. Figures are made once a night; none is about fewer than five."
    )
    vikram.picture("department", says)
    page.locator("table[aria-labelledby=parts]").get_by_role("link").first.click()
    vikram.picture("part", "The same for a part of it; what could give somebody away is hidden.")


def keep_running(olivia: Visitor) -> None:
    """The state of the service, and what learners are told of it."""
    olivia.sign_in("operator")
    olivia.open("/operator/")
    olivia.picture("state", "Olivia sees whether marking is on, what waits, and whether a fault has stopped anything.")
    olivia.open("/how-marking-works/")
    olivia.picture(
        "how-marking-works",
        "Everybody can read how marking works: their rights, its limits, and how it stands now.",
        at=olivia.page.locator("#rights"),
        to=olivia.page.locator("#now + p"),
    )
