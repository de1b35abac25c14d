"""Questions to look back at: the card of the home page, the form, and a word on every option at once."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests.factories.catalogue import QUESTION
from tests.factories.people import PersonFactory
from tests.web.learner.pages import Taught, errors, learner_of, links, listed, main, taught, title, words
from tests.web.learner.test_quiz import NUMBER, ORDER, SEVERAL, quiz_of
from upskill import pipeline
from upskill.learning.models import QuizAttempt, Recall
from upskill.people.models import User
from upskill.skills.models import Evidence

pytestmark = pytest.mark.django_db
PAGE = "/review/"
RIGHT = {"one-of-two": ["this"], "several": ["red", "blue"], "rate": "10", "steps": ["first", "second", "third"]}


def days_ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def passed(course: Taught, *, days: int = 2) -> User:
    """Somebody who takes the course and passed its quiz so many days ago."""
    learner = learner_of(course)
    answers = {each["id"]: RIGHT[each["id"]] for each in course.quiz.content["questions"]}
    pipeline.answer_quiz(course.quiz, answers=answers, by=learner, now=days_ago(days))
    return learner


def named(course: Taught, answers: dict) -> dict:
    """These answers under the names that the form gives to the questions of the course's quiz."""
    return {f"q{course.quiz.item_id}-{name}": value for name, value in answers.items()}


# --- the home page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ([QUESTION], "1 question to look back at, 1 minute"),
        ([QUESTION, SEVERAL], "2 questions to look back at, 2 minutes"),
        ([QUESTION, SEVERAL, NUMBER, ORDER], "3 questions to look back at, 2 minutes"),
    ],
)
def test_home_says_how_many_questions_are_due_and_how_long_they_take(signed_in, questions, said):
    home = signed_in(passed(quiz_of(*questions))).get("/")

    assert (PAGE, said) in links(home)


@pytest.mark.parametrize("days", [0, 1])
def test_home_says_nothing_while_nothing_is_due(signed_in, days):
    home = signed_in(passed(quiz_of(QUESTION), days=days)).get("/")

    assert "look back" not in words(home)


def test_home_says_nothing_once_todays_questions_are_answered(signed_in):
    course = quiz_of(QUESTION)
    client = signed_in(passed(course))

    client.post(PAGE, named(course, {"one-of-two": "that"}))

    assert "look back" not in words(client.get("/"))


# --- the questions ---------------------------------------------------------------------------------------------------


def test_page_asks_three_questions_says_that_it_is_practice_and_gives_nothing_away(signed_in):
    course = quiz_of(QUESTION, SEVERAL, NUMBER, ORDER)

    page = signed_in(passed(course)).get(PAGE)

    assert listed(page, css="app-question__number") == ["Question 1", "Question 2", "Question 3"]
    assert listed(page, css="app-question__text") == ["Which one?", "Which two?", "What rate?"]
    assert "This is practice. It changes no mark and no skill level, nobody else sees it" in words(page)
    assert re.findall(r"No: this\.|About \w+\.|Yes, ten\.", main(page)) == []
    names = re.findall(r'<(?:input|select)[^>]*? name="([^"]+)"', main(page))
    assert [name for name in dict.fromkeys(names) if name != "csrfmiddlewaretoken"] == list(
        named(course, {"one-of-two": "", "several": "", "rate": ""})
    )


def test_answers_come_back_with_a_word_on_every_option_and_with_the_day_of_the_next_time(signed_in):
    course = quiz_of(QUESTION, SEVERAL, NUMBER)
    client = signed_in(passed(course))

    page = client.post(PAGE, named(course, {"one-of-two": "that", "several": ["red", "blue"], "rate": "9.6"}))

    assert (page.status_code, title(page).partition(" – ")[0]) == (200, "What you remembered")
    assert listed(page, css="app-question__number") == [
        "Question 1: Not right yet", "Question 2: Right", "Question 3: Not right yet",
    ]  # fmt: skip
    assert [text for text in ("No: this.", "About green.", "You divided by everyone.") if text in words(page)] == [
        "No: this.", "About green.", "You divided by everyone.",
    ]  # fmt: skip
    assert re.findall(r"It comes back in \d+ days\.", words(page)) == [
        "It comes back in 2 days.", "It comes back in 7 days.", "It comes back in 2 days.",
    ]  # fmt: skip
    assert links(page).count((course.item_url(course.quiz), "Check")) == 3


def test_steps_in_order_are_asked_and_answered_too(signed_in):
    course = quiz_of(ORDER)
    client = signed_in(passed(course))

    page = client.post(PAGE, named(course, {"steps.first": "1", "steps.second": "2", "steps.third": "3"}))

    assert listed(page, css="app-question__number") == ["Question 1: Right"]
    assert list(Recall.objects.values_list("question", "step")) == [("steps", 1)]


def test_last_right_answer_says_that_the_question_does_not_come_back(signed_in):
    course = quiz_of(QUESTION)
    learner = passed(course, days=90)
    Recall.objects.create(
        learner=learner, item=course.quiz.item, question="one-of-two", step=3, answered_on=days_ago(60).date()
    )

    page = signed_in(learner).post(PAGE, named(course, {"one-of-two": "this"}))

    assert "It does not come back: you have answered it right each time." in words(page)


def test_practice_changes_no_attempt_and_no_evidence(signed_in):
    course = quiz_of(QUESTION)
    client = signed_in(passed(course))
    before = list(QuizAttempt.objects.values()), list(Evidence.objects.values())

    client.post(PAGE, named(course, {"one-of-two": "that"}))

    assert (list(QuizAttempt.objects.values()), list(Evidence.objects.values())) == before


def test_what_is_left_open_is_said_above_the_form_and_nothing_is_saved(signed_in):
    course = quiz_of(QUESTION, SEVERAL)

    page = signed_in(passed(course)).post(PAGE, named(course, {"one-of-two": "this"}))

    assert (page.status_code, [said for _where, said in errors(page)]) == (422, ["Answer question 2"])
    assert re.findall(r"<input[^>]* checked[^>]*>", main(page)) != []
    assert Recall.objects.count() == 0


def test_sending_the_same_answers_again_changes_nothing_and_says_so(signed_in):
    course = quiz_of(QUESTION)
    client = signed_in(passed(course))
    client.post(PAGE, named(course, {"one-of-two": "that"}))

    again = client.post(PAGE, named(course, {"one-of-two": "this"}), follow=True)

    assert again.redirect_chain == [(PAGE, 302)]
    assert "These questions were answered already. Your first answers count." in words(again)
    assert list(Recall.objects.values_list("question", "step")) == [("one-of-two", 0)]


# --- nothing due -----------------------------------------------------------------------------------------------------


def test_page_says_when_the_next_question_comes_back(signed_in):
    page = signed_in(passed(quiz_of(QUESTION), days=0)).get(PAGE)

    day = timezone.localdate() + dt.timedelta(days=2)
    assert "There is nothing to look back at today." in words(page)
    assert f"The next question comes back on {day.day} {day:%B %Y}." in words(page)


def test_page_says_how_it_works_to_somebody_who_has_passed_nothing(signed_in):
    page = signed_in(PersonFactory()).get(PAGE)

    assert "After you pass a quiz, its questions come back a few at a time" in words(page)


def test_my_learning_leads_to_it(signed_in):
    learning = signed_in(learner_of(taught())).get("/learning/")

    assert (PAGE, "Questions to look back at") in links(learning)


def test_questions_of_somebody_else_cannot_be_answered(signed_in):
    course = quiz_of(QUESTION)
    passed(course)

    signed_in(learner_of(course)).post(PAGE, named(course, {"one-of-two": "this"}))

    assert Recall.objects.count() == 0


@pytest.mark.parametrize("questions", [1, 3])
def test_page_costs_the_same_with_one_question_and_with_three(signed_in, django_assert_num_queries, questions):
    client = signed_in(passed(quiz_of(*[QUESTION, SEVERAL, NUMBER][:questions])))
    client.get(PAGE)

    with django_assert_num_queries(6):
        client.get(PAGE)
