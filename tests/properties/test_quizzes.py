"""What always holds of marking a quiz, whatever a learner sends."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upskill.learning import quizzes
from upskill.learning.quizzes import Unanswered

slugs = st.text("abcdefgh", min_size=1, max_size=4)
shares = st.decimals(min_value="0.05", max_value=1, places=2).map(float)
numbers = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False).map(lambda number: round(number, 3))
typed = st.text(max_size=12)


def entry(number: float, tolerance: float = 0.05) -> dict:
    return {"number": number, "tolerance": tolerance, "feedback": "", "misconception": ""}


@st.composite
def questions(draw: st.DrawFn, *, slug: str) -> dict:
    kind = draw(st.sampled_from(["single", "multiple", "order", "number"]))
    if kind == "number":
        return {"id": slug, "type": kind, "answer": entry(draw(numbers)), "wrong": [], "otherwise": {}}
    options = draw(st.lists(slugs, min_size=2, max_size=5, unique=True))
    right = {
        "single": [options[0]],
        "multiple": options[: draw(st.integers(1, len(options)))],
        "order": draw(st.permutations(options)),
    }[kind]
    return {"id": slug, "type": kind, "options": [{"id": option} for option in options], "answer": list(right)}


@st.composite
def quizzes_drawn(draw: st.DrawFn) -> dict:
    ids = draw(st.lists(slugs, min_size=1, max_size=6, unique=True))
    return {"pass_share": draw(shares), "questions": [draw(questions(slug=slug)) for slug in ids]}


def right_answer(question: dict):
    return str(question["answer"]["number"]) if question["type"] == "number" else question["answer"]


def right_answers(quiz: dict) -> dict:
    return {question["id"]: right_answer(question) for question in quiz["questions"]}


def wrong_answer(question: dict):
    if question["type"] == "number":
        return str(question["answer"]["number"] + 1)
    if question["type"] == "order":
        return question["answer"][::-1]
    return [question["answer"][0], "none-of-these"]


@given(quizzes_drawn())
def test_the_authors_own_answers_are_all_right_and_pass(quiz):
    outcome = quizzes.mark(quiz, answers=right_answers(quiz))

    assert (outcome.right, outcome.questions, outcome.passed) == (len(quiz["questions"]), len(quiz["questions"]), True)


@given(quizzes_drawn(), st.data())
def test_each_wrong_answer_costs_exactly_one(quiz, data):
    wrong = data.draw(st.sets(st.sampled_from([question["id"] for question in quiz["questions"]])))
    answers = right_answers(quiz) | {
        question["id"]: wrong_answer(question) for question in quiz["questions"] if question["id"] in wrong
    }

    outcome = quizzes.mark(quiz, answers=answers)

    assert outcome.right == len(quiz["questions"]) - len(wrong)
    assert outcome.passed == (Fraction(outcome.right) >= Fraction(str(quiz["pass_share"])) * outcome.questions)


@given(quizzes_drawn(), st.data())
def test_the_order_in_which_boxes_are_ticked_does_not_matter(quiz, data):
    answers = {
        question["id"]: data.draw(st.permutations(right_answer(question)))
        if question["type"] == "multiple"
        else right_answer(question)
        for question in quiz["questions"]
    }

    assert quizzes.mark(quiz, answers=answers) == quizzes.mark(quiz, answers=right_answers(quiz))


@given(quizzes_drawn(), st.data())
def test_an_order_is_right_in_one_way_only(quiz, data):
    for question in (each for each in quiz["questions"] if each["type"] == "order"):
        shuffled = data.draw(st.permutations(question["answer"]))

        assert quizzes.is_right(question, answer=shuffled) == (shuffled == question["answer"])


@given(quizzes_drawn(), st.data())
def test_what_is_left_open_is_named_in_the_order_of_the_quiz(quiz, data):
    ids = [question["id"] for question in quiz["questions"]]
    left_open = data.draw(st.sets(st.sampled_from(ids), min_size=1))
    answers = {slug: answer for slug, answer in right_answers(quiz).items() if slug not in left_open}

    with pytest.raises(Unanswered) as refusal:
        quizzes.mark(quiz, answers=answers)

    assert refusal.value.questions == [slug for slug in ids if slug in left_open]


@given(shares, st.integers(1, 40))
def test_the_number_needed_to_pass_is_the_smallest_that_reaches_the_share(share, count):
    needed = quizzes.needed_to_pass({"pass_share": share, "questions": [{}] * count})

    assert Fraction(needed, count) >= Fraction(str(share))
    assert Fraction(needed - 1, count) < Fraction(str(share))


@given(typed)
def test_whatever_is_typed_is_a_finite_number_or_none(text):
    number = quizzes.read_number(text)

    assert math.isnan(number) or math.isfinite(number)


@given(numbers)
def test_a_number_is_read_however_people_write_it(number):
    plain = f"{number:.3f}"

    assert [quizzes.read_number(text) for text in (plain, f" {plain} ", f"{plain}%", f"{number:,.3f}")] == [number] * 4


@given(numbers, st.floats(0, 10).map(lambda number: round(number, 3)), numbers)
def test_a_number_is_right_within_its_tolerance_and_nowhere_else(number, tolerance, value):
    question = {"id": "n", "type": "number", "answer": entry(number, tolerance), "wrong": [], "otherwise": {}}

    right = quizzes.is_right(question, answer=f"{value:.3f}")

    assert right == (abs(Fraction(f"{value:.3f}") - Fraction(str(number))) <= Fraction(str(tolerance)))


@given(typed)
def test_an_answer_that_is_no_number_is_wrong_and_not_an_error(text):
    question = {"id": "n", "type": "number", "answer": entry(3), "wrong": [entry(4)], "otherwise": entry(0)}

    right = quizzes.is_right(question, answer=text)

    assert right == (abs(quizzes.read_number(text) - 3) <= 0.05 + 1e-9)
    assert quizzes.number_feedback(question, answer=text) in (question["answer"], entry(4), entry(0))
