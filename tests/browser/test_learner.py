"""A learner's story: from the e-mailed link to the skills record."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reader import Reader
from tests.journeys import answers
from tests.running import RunningSite, wait_until

pytestmark = [pytest.mark.browser]

RIGHT = [
    "15%",
    "A person.s payment stops",
    "An officer spends an hour",
    "Ask about the 436 claims",
    "People who did nothing wrong are",
]
ANSWERED_TWO_DAYS_AGO = """
    INSERT INTO learning_recall (learner_id, item_id, question, step, answered_on)
    SELECT attempt.learner_id, quiz.item_id, jsonb_object_keys(attempt.answers), 0, current_date - 2
    FROM learning_quizattempt attempt
    JOIN catalogue_itemversion quiz ON quiz.id = attempt.quiz_id
    JOIN people_user person ON person.id = attempt.learner_id
    WHERE attempt.passed AND person.email = 'learner@example.gov.uk'
    RETURNING id
"""
SHORT_COURSE = "first-90-days"  # lessons, quizzes and a reflection
HAS_READ_THE_SHORT_COURSE = """
    INSERT INTO learning_itemprogress (learner_id, item_id, opened_at, last_seen_at, completed_at)
    SELECT person.id, item.id, now(), now(), now()
    FROM catalogue_item item CROSS JOIN people_user person
    WHERE item.course_id = %s AND person.email = 'learner@example.gov.uk'
    ON CONFLICT (learner_id, item_id) DO UPDATE SET completed_at = now()
    RETURNING id
"""
HAS_PASSED_ITS_QUIZZES = """
    INSERT INTO learning_quizattempt (learner_id, quiz_id, answers, "right", questions, passed, answered_at)
    SELECT person.id, quiz.id, '{}', 1, 1, true, now()
    FROM catalogue_itemversion quiz JOIN catalogue_item item ON item.id = quiz.item_id CROSS JOIN people_user person
    WHERE item.course_id = %s AND item.kind = 'quiz' AND person.email = 'learner@example.gov.uk'
    RETURNING id
"""
HAS_PASSED_ITS_REFLECTION = """
    WITH sent AS (
        INSERT INTO learning_submission
            (public_id, learner_id, exercise_id, blob_id, idempotency_key, attempt, submitted_at)
        SELECT gen_random_uuid(), person.id, exercise.id, exercise.release_sha256, 'story', 1, now()
        FROM catalogue_exerciseversion exercise
        JOIN catalogue_itemversion version ON version.id = exercise.item_version_id
        JOIN catalogue_item item ON item.id = version.item_id CROSS JOIN people_user person
        WHERE item.course_id = %s AND item.kind = 'reflection' AND person.email = 'learner@example.gov.uk'
        RETURNING id, learner_id
    ), job AS (
        INSERT INTO marking_job
            (submission_id, learner_id, department, lane, state, tries, queued_at, ended_at, reason, request_id)
        SELECT id, learner_id, '', 'interactive', 'done', 1, now(), now(), '', '' FROM sent
    )
    INSERT INTO marking_mark (submission_id, points, max_points, waiting_points, passed, marked_at, reason, provenance)
    SELECT id, 8, 8, 0, true, now(), '', '{}' FROM sent
    RETURNING id
"""
STEPS = ["Agree which harm", "Set the smallest group", "Work out the rates", "Publish the gap", "Decide what changes"]


def test_learner_signs_in_by_link_learns_hands_in_and_sees_the_skill(
    reader: Callable[[], Reader], site: RunningSite, tmp_path: Path
):
    """Leila signs in by the link in the mail, reads the lesson, fails and passes the quiz, downloads the notebook, is
    told why an unchanged file is not taken, hands in an answer, sees every check, finds the level on the record, and
    two days later looks back at three questions."""
    leila = reader()
    sign_in_by_link(leila, site)
    take_the_course(leila)
    read_the_lesson(leila)
    answer_the_quiz(leila)
    hand_in(leila, tmp_path)
    see_the_record(leila)
    look_back(leila, site)
    make_a_certificate(leila, site)
    sign_out(leila)


def sign_in_by_link(leila: Reader, site: RunningSite) -> None:
    page = leila.open("/")
    leila.look("welcome")
    leila.open("/sign-in/")
    page.get_by_label("Email address").fill("somebody@somewhere.example")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("alert")).to_contain_text("Use your work email address")
    leila.look("sign-in-refused")
    page.get_by_label("Email address").fill("learner@example.gov.uk")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    leila.look("link-sent")
    assert wait_until(lambda: bool(links(site)), seconds=30)
    page.goto(links(site)[-1])
    leila.look("use-link")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    leila.look("home-at-first")


def links(site: RunningSite) -> list[str]:
    return re.findall(rf"{re.escape(site.url)}/sign-in/[\w-]{{20,}}/", site.log("housekeeper"))


def take_the_course(leila: Reader) -> None:
    page = leila.page
    page.get_by_role("link", name="Courses", exact=True).click()
    leila.look("catalogue")
    page.get_by_role("link", name="AI ethics and governance in practice").click()
    leila.look("course")
    page.get_by_role("button", name="Start this course").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who is touched?")


def read_the_lesson(leila: Reader) -> None:
    leila.open("/courses/ai-ethics-in-practice/bias-audits/reading-an-audit/")
    expect(leila.page.get_by_role("heading", level=1)).to_contain_text("Reading")
    leila.look("lesson")
    leila.page.get_by_role("button", name="Mark as read and continue").click()
    expect(leila.page.get_by_role("heading", level=1)).to_contain_text("Check: reading a bias audit")


def answer_the_quiz(leila: Reader) -> None:
    page = leila.page
    leila.look("quiz")
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Answer question 1")
    leila.look("quiz-unanswered")
    fill_quiz(page, number="9.6")
    page.locator("label").filter(has_text="75%").click()
    page.get_by_role("button", name="Send answers").click()
    expect(page.locator(".app-result__score")).to_contain_text("4 of 6 right")
    expect(page.get_by_text("Divide by the 960 that had no overpayment").first).to_be_visible()
    leila.look("quiz-not-passed")
    page.get_by_role("button", name="Try again").click()
    fill_quiz(page, number="10 %")
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_text("You have passed this quiz.")).to_be_visible()
    leila.look("quiz-passed")


def fill_quiz(page: Page, *, number: str) -> None:
    for words in RIGHT:
        page.locator("label").filter(has_text=re.compile(words)).click()
    page.get_by_label("Your answer").fill(number)
    for place, words in enumerate(STEPS, 1):
        page.get_by_label(re.compile(words)).select_option(str(place))


def hand_in(leila: Reader, folder: Path) -> None:
    page = leila.page
    page.get_by_role("link", name="Audit a fraud-referral model").first.click()
    leila.look("exercise")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the notebook").click()
    released = Path(download.value.path()).read_bytes()
    upload(page, folder, content=released)
    expect(page.get_by_role("alert")).to_contain_text("no answers in this notebook yet")
    leila.look("exercise-unchanged-file")
    upload(page, folder, content=answers.write("w1_fdr_for_fpr", release=released))
    expect(page.get_by_text("Not passed yet.", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_text("the share of REFERRED claims that were fine")).to_be_visible()
    leila.look("mark-not-passed")
    page.get_by_role("link", name="Back to the exercise").click()
    upload(page, folder, content=answers.write("solution", release=released))
    leila.look("mark-on-its-way")
    page.reload()
    expect(page.get_by_role("strong").filter(has_text="You have passed this exercise.")).to_be_visible(timeout=60_000)
    expect(page.locator(".app-result__score")).to_contain_text("14 of 14 points")
    expect(page.get_by_text("Marked automatically on")).to_be_visible()
    expect(page.get_by_text("Waiting for a person to look at it")).to_be_visible()
    leila.look("mark-passed")


def upload(page: Page, folder: Path, *, content: bytes) -> None:
    (folder / "audit-referrals.ipynb").write_bytes(content)
    page.locator('input[type="file"]').set_input_files(folder / "audit-referrals.ipynb")
    page.get_by_role("button", name="Hand in", exact=True).click()


def look_back(leila: Reader, site: RunningSite) -> None:
    page = leila.open("/review/")
    expect(page.get_by_text("There is nothing to look back at today.")).to_be_visible()
    leila.look("recall-nothing-due")
    assert len(site.rows(ANSWERED_TWO_DAYS_AGO)) == 6
    leila.open("/")
    leila.look("home-with-recall")
    page.get_by_role("link", name="3 questions to look back at, 2 minutes").click()
    leila.look("recall")
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Answer question 3")
    leila.look("recall-unanswered")
    for question in page.locator(".app-question").all():
        answer_somehow(question)
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What you remembered")
    leila.look("recall-answered")


def answer_somehow(question: Locator) -> None:
    """Whatever kind of question it is."""
    for choice in question.locator("input[type=radio], input[type=checkbox]").all()[:1]:
        choice.check()
    for field in question.locator("input[type=text]").all():
        field.fill("1")
    for place, select in enumerate(question.get_by_role("combobox").all(), 1):
        select.select_option(str(place))


def see_the_record(leila: Reader) -> None:
    page = leila.page
    page.get_by_role("link", name="My skills", exact=True).click()
    expect(page.locator("section", has=page.get_by_role("heading", name="Fairness"))).to_contain_text("Working")
    leila.look("skills")
    page.get_by_role("link", name="My learning", exact=True).click()
    leila.look("learning")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Home").click()
    leila.look("home")


def make_a_certificate(leila: Reader, site: RunningSite) -> None:
    """Of a short course: one for the whole course on ethics takes eight hours of answers."""
    page = leila.open(f"/courses/{SHORT_COURSE}/")
    page.get_by_role("button", name="Start this course").click()
    assert len(site.rows(HAS_READ_THE_SHORT_COURSE, SHORT_COURSE)) == 9
    assert len(site.rows(HAS_PASSED_ITS_QUIZZES, SHORT_COURSE)) == 3
    assert len(site.rows(HAS_PASSED_ITS_REFLECTION, SHORT_COURSE)) == 1
    leila.open("/learning/")
    page.locator(f'a[href="/courses/{SHORT_COURSE}/certificate/"]').click()
    leila.look("certificate-before")
    page.get_by_role("button", name="Make my certificate").click()
    leila.look("certificate")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download as a PDF")).click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    page.locator("a.app-address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This certificate is genuine")
    leila.look("certificate-genuine")
    page.go_back()
    page.get_by_role("link", name=re.compile("Withdraw it")).click()
    leila.look("certificate-withdraw")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("alert")).to_contain_text("Your certificate is withdrawn")


def sign_out(leila: Reader) -> None:
    leila.page.get_by_role("button", name="Sign out").click()
    expect(leila.page.get_by_role("heading", name="Sign in")).to_be_visible()
    leila.open("/learning/")
    expect(leila.page).to_have_url(re.compile("/sign-in/"))
