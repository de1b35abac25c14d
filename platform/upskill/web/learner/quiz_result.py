"""A quiz attempt as its learner reads it: a word on every answer, the chosen ones and the others."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from upskill.learning import quizzes
from upskill.learning.models import QuizAttempt
from upskill.skills import awards


@dataclass(frozen=True)
class OptionResult:
    """One option: whether it is right, whether it was chosen, and what its author says about it.

    For steps of an order: `place` is where the step belongs, `given_place` where the learner put it.
    """

    html: SafeString
    feedback: SafeString
    is_right: bool
    is_chosen: bool
    place: int = 0
    given_place: int = 0


@dataclass(frozen=True)
class QuestionResult:
    """One question: right or not, with a result for every option; for a number what was typed and what is right."""

    number: int
    type: str
    html: SafeString
    is_right: bool
    options: list[OptionResult]
    typed: str = ""
    right_number: float | None = None
    feedback: str = ""


@dataclass(frozen=True)
class QuizResult:
    """A whole attempt, how many right answers pass, and the evidence it gave: (name of skill, level)."""

    attempt: QuizAttempt
    needed: int
    questions: list[QuestionResult]
    earned: list[awards.Award]


def quiz_result(attempt: QuizAttempt) -> QuizResult:
    """The attempt against the version of the quiz that it answered. One query."""
    content = attempt.quiz.content
    return QuizResult(
        attempt=attempt,
        needed=quizzes.needed_to_pass(content),
        questions=[
            question_result(question, answer=attempt.answers[question["id"]], number=number)
            for number, question in enumerate(content["questions"], 1)
        ],
        earned=awards.earned_by_attempt(attempt),
    )


def question_result(question: dict[str, Any], *, answer: Any, number: int) -> QuestionResult:
    """One question with this answer, by what its author says about each option."""
    is_right = quizzes.is_right(question, answer=answer)
    html = _html(question["html"])
    if question["type"] == "number":
        return QuestionResult(
            number=number,
            type="number",
            html=html,
            is_right=is_right,
            options=[],
            typed=answer,
            right_number=question["answer"]["number"],
            feedback=_html(quizzes.number_feedback(question, answer=answer)["feedback"]),
        )
    options = _steps(question, answer=answer) if question["type"] == "order" else _options(question, answer=answer)
    return QuestionResult(number=number, type=question["type"], html=html, is_right=is_right, options=options)


def _options(question: dict[str, Any], *, answer: list[str]) -> list[OptionResult]:
    return [
        OptionResult(
            html=_html(option["html"]),
            feedback=_html(option["feedback"]),
            is_right=option["right"],
            is_chosen=option["id"] in answer,
        )
        for option in question["options"]
    ]


def _steps(question: dict[str, Any], *, answer: list[str]) -> list[OptionResult]:
    """The steps in the right order."""
    by_id = {option["id"]: option for option in question["options"]}
    return [
        OptionResult(
            html=_html(by_id[name]["html"]),
            feedback=_html(by_id[name]["feedback"]),
            is_right=answer.index(name) + 1 == place,
            is_chosen=True,
            place=place,
            given_place=answer.index(name) + 1,
        )
        for place, name in enumerate(question["answer"], 1)
    ]


def _html(text: str) -> SafeString:
    """HTML that was made safe when the course was read."""
    return mark_safe(text)  # noqa: S308 - made safe when the course was read # nosec B308 B703
