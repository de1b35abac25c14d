"""Marking a quiz: which answers are right, what is missing, and which of the author's words fit a number."""

import math

import pytest

from tests.factories.catalogue import QUESTION
from upskill.learning import quizzes
from upskill.learning.quizzes import QuizOutcome, Unanswered

SEVERAL = QUESTION | {"id": "several", "type": "multiple", "answer": ["this", "both"]}
ORDER = QUESTION | {"id": "order", "type": "order", "answer": ["first", "second", "third"]}
NUMBER = {
    "id": "rate",
    "type": "number",
    "answer": {"number": 10.0, "tolerance": 0.05, "feedback": "Yes.", "misconception": ""},
    "wrong": [{"number": 9.6, "tolerance": 0.05, "feedback": "Not by everyone.", "misconception": "by-everyone"}],
    "otherwise": {"feedback": "Work it out again.", "misconception": ""},
}
QUIZ = {"pass_share": 0.8, "questions": [QUESTION, SEVERAL, ORDER, NUMBER]}
RIGHT = {
    "one-of-two": ["this"],
    "several": ["both", "this"],
    "order": ["first", "second", "third"],
    "rate": "10",
}


def test_all_right_answers_pass():
    outcome = quizzes.mark(QUIZ, answers=RIGHT)

    assert outcome == QuizOutcome(right=4, questions=4, passed=True)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("one-of-two", ["that"]),
        ("several", ["this"]),
        ("several", ["this", "both", "that"]),
        ("order", ["second", "first", "third"]),
        ("order", ["first", "second"]),
        ("rate", "10.06"),
        ("rate", "ten"),
    ],
)
def test_one_wrong_answer_of_four_does_not_reach_four_fifths(question, answer):
    outcome = quizzes.mark(QUIZ, answers=RIGHT | {question: answer})

    assert outcome == QuizOutcome(right=3, questions=4, passed=False)


@pytest.mark.parametrize(("pass_share", "passed"), [(0.75, True), (0.76, False)])
def test_the_share_that_passes_is_reached_exactly(pass_share, passed):
    outcome = quizzes.mark(QUIZ | {"pass_share": pass_share}, answers=RIGHT | {"rate": "0"})

    assert outcome == QuizOutcome(right=3, questions=4, passed=passed)


@pytest.mark.parametrize("nothing", [None, "", []])
def test_every_question_without_an_answer_is_named_in_the_order_of_the_quiz(nothing):
    answers = {"order": RIGHT["order"], "rate": nothing, "several": nothing}

    with pytest.raises(Unanswered) as refusal:
        quizzes.mark(QUIZ, answers=answers)

    assert refusal.value.questions == ["one-of-two", "several", "rate"]


def test_a_question_of_an_unknown_type_is_a_fault_and_not_a_wrong_answer():
    with pytest.raises(ValueError, match="essay"):
        quizzes.is_right(QUESTION | {"type": "essay"}, answer=["this"])


@pytest.mark.parametrize(
    ("typed", "number"),
    [("10", 10), (" 10 ", 10), ("10%", 10), ("10 %", 10), ("1,234.5", 1234.5), ("-3", -3), ("1 000", 1000)],
)
def test_numbers_are_read_as_people_type_them(typed, number):
    assert quizzes.read_number(typed) == number


@pytest.mark.parametrize("typed", ["", "ten", "1.2.3", "inf", "nan", "10 to 12"])
def test_what_is_no_number_is_never_equal_to_one(typed):
    assert math.isnan(quizzes.read_number(typed))


@pytest.mark.parametrize(
    ("typed", "feedback"),
    [("10", "Yes."), ("9.6", "Not by everyone."), ("9.7", "Work it out again."), ("ten", "Work it out again.")],
)
def test_a_number_gets_the_words_that_its_author_wrote_for_it(typed, feedback):
    assert quizzes.number_feedback(NUMBER, answer=typed)["feedback"] == feedback
