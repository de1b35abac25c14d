"""Quizzes: feedback for every answer, hints, all kinds of question, and right answers that are right."""

import re
from itertools import pairwise

import pytest

from tests.content.library import item, library
from upskill.learning import diagnostics, quizzes
from upskill.learning.diagnostics import is_diagnostic

QUIZZES = [it for each in library().courses for module in each.modules for it in module.items if it.kind == "quiz"]
QUESTIONS = [question for quiz in QUIZZES for question in quiz.page["questions"]]
WITH_A_PASS = [quiz for quiz in QUIZZES if not is_diagnostic(quiz.page)]
[DIAGNOSTIC] = [quiz for quiz in QUIZZES if is_diagnostic(quiz.page)]


def by_id(name: str) -> dict:
    """The question of this id."""
    return next(question for question in QUESTIONS if question["id"] == name)


def text_of(question: dict, option: str) -> str:
    """What the option of this id says."""
    return next(each["html"] for each in question["options"] if each["id"] == option)


def test_the_check_has_six_questions_of_all_kinds_and_passes_at_four_fifths():
    quiz = item("check")

    assert quiz.page["pass_share"] == 0.8
    assert [(question["id"], question["type"]) for question in quiz.page["questions"]] == [
        ("fpr-denominator", "single"),
        ("harm-of-false-positive", "multiple"),
        ("work-out-the-rate", "number"),
        ("missing-people", "single"),
        ("audit-order", "order"),
        ("what-equal-rates-show", "single"),
    ]


def test_questions_name_skills_as_the_curriculum_does():
    assert [(question["skill"], question["level"]) for question in item("check").page["questions"]] == [
        ("fairness", 1),
        ("fairness", 1),
        ("stats-reasoning", 1),
        ("data-handling", 1),
        ("fairness", 1),
        ("fairness", 1),
    ]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_every_answer_has_feedback_that_says_why(question):
    answers = list(question["options"])
    if question["type"] == "number":
        answers = [question["answer"], *question["wrong"], question["otherwise"]]

    assert len(answers) >= 3
    assert [answer for answer in answers if len(answer["feedback"].split()) < 5] == []


@pytest.mark.parametrize(
    "question", [each for quiz in WITH_A_PASS for each in quiz.page["questions"]], ids=lambda question: question["id"]
)
def test_every_question_has_hints(question):
    assert 2 <= len(question["hints"]) <= 3


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_wrong_answers_name_their_misconception(question):
    wrong = question.get("wrong", [option for option in question["options"] if option.get("right") is False])

    assert [answer for answer in wrong if not re.fullmatch(r"[a-z]+(-[a-z]+)*", answer["misconception"])] == []


@pytest.mark.parametrize("quiz", WITH_A_PASS, ids=lambda quiz: quiz.slug)
def test_right_answers_pass_and_answers_in_the_order_shown_do_not(quiz):
    asked = quiz.page["questions"]
    right = {q["id"]: str(q["answer"]["number"]) if q["type"] == "number" else q["answer"] for q in asked}
    first = {q["id"]: "0" if q["type"] == "number" else [o["id"] for o in q["options"]] for q in asked}

    assert quizzes.mark(quiz.page, answers=right).right == len(asked)
    assert quizzes.mark(quiz.page, answers=first).right == 0


def test_denominator_question_has_the_right_sum():
    question = by_id("fpr-denominator")

    assert [text_of(question, right) for right in question["answer"]] == [f"{60 / 400:.0%}"]
    assert {option["html"] for option in question["options"]} == {"75%", "15%", "20%"}


def test_rate_question_has_the_right_sums():
    claims, overpaid, picked, found = 1000, 40, 126, 30
    wrong_share = picked - found
    question = by_id("work-out-the-rate")

    known = {entry["misconception"]: entry["number"] for entry in question["wrong"]}
    assert question["answer"]["number"] == 100 * wrong_share / (claims - overpaid)
    assert known == {
        "divides-by-everyone": 100 * wrong_share / claims,
        "fdr-for-fpr": round(100 * wrong_share / picked, 1),
        "referral-rate-for-fpr": 100 * picked / claims,
        "fp-fn-swapped": 100 * (overpaid - found) / overpaid,
    }


def test_known_wrong_numbers_are_told_apart_from_the_right_one_and_each_other():
    question = by_id("work-out-the-rate")
    entries = sorted([question["answer"], *question["wrong"]], key=lambda entry: entry["number"])

    gaps = [b["number"] - b["tolerance"] - a["number"] - a["tolerance"] for a, b in pairwise(entries)]
    assert all(gap > 0 for gap in gaps)


def test_missing_people_question_has_the_right_sum():
    question = by_id("missing-people")

    assert "4,683" in question["html"]
    assert "881" in question["html"]
    assert "436" in text_of(question, question["answer"][0])
    assert 4683 + 881 + 436 == 6000


def test_audit_begins_with_the_harm_and_ends_with_a_decision():
    question = by_id("audit-order")

    steps = [text_of(question, step).split()[0] for step in question["answer"]]
    assert steps == ["Agree", "Set", "Work", "Publish", "Decide"]


def test_diagnostic_asks_two_questions_about_each_of_six_skills_in_ten_minutes():
    asked = [question["skill"] for question in DIAGNOSTIC.page["questions"]]

    assert (DIAGNOSTIC.slug, DIAGNOSTIC.minutes, len(asked)) == ("find-your-start", 10, 12)
    assert {skill: asked.count(skill) for skill in asked} == dict.fromkeys(
        ["ai-literacy", "genai-use", "privacy", "fairness", "data-handling", "stats-reasoning"], 2
    )


def test_diagnostic_has_the_right_sums():
    assert by_id("honest-villagers")["answer"]["number"] == 100 * 30 / 200
    [southtown] = by_id("two-towns")["answer"]
    assert f"{1000 * 300 / 50_000:.0f} for each 1,000 residents, against {1000 * 400 / 100_000:.0f}" in text_of(
        by_id("two-towns"), southtown
    )


EVERYTHING = dict.fromkeys(["ai-literacy", "genai-use", "privacy", "fairness", "data-handling", "stats-reasoning"], 2)


@pytest.mark.parametrize(
    ("right", "path", "start"),
    [
        ({}, "new-recruit", "ai-foundations/what-ai-is"),
        ({"ai-literacy": 1}, "new-recruit", "ai-foundations/what-ai-is"),
        (EVERYTHING | {"genai-use": 1}, "new-recruit", "ai-foundations/generative-ai-at-your-desk"),
        (EVERYTHING | {"privacy": 0}, "new-recruit", "ai-foundations/lawful-safe-fair"),
        (EVERYTHING | {"fairness": 1}, "new-recruit", "ai-ethics-in-practice/harms-and-values"),
        (EVERYTHING | {"data-handling": 0}, "existing-staff", "ai-ethics-in-practice/harms-and-values"),
        (EVERYTHING | {"data-handling": 1}, "analyst", "python-and-data/tables"),
        (EVERYTHING | {"stats-reasoning": 0}, "analyst", "python-and-data/clean-and-join"),
        (EVERYTHING, "analyst", "python-and-data/clean-and-join"),
    ],
)
def test_diagnostic_suggests_where_to_begin(right, path, start):
    said = diagnostics.suggestion(diagnostics.by_skill(DIAGNOSTIC.page, right=right))

    assert (said.path, f"{said.course}/{said.module}") == (path, start)
