"""A quiz attempt as its learner reads it: a word on every answer, the chosen ones and the others.

After a first miss the questions that were missed say only what the learner's own answers are about. Right answers shown
just before the next try would make that try a test of memory for a minute.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from upskill.learning import queries, quizzes
from upskill.learning.models import QuizAttempt
from upskill.skills import awards


@dataclass(frozen=True)
class OptionResult:
    """One option: whether it is right, whether it was chosen, and what its author says about it.

    For steps of an order: `place` is where the step belongs (0 where that is not told), `given_place` where the learner
    put it.
    """

    html: SafeString
    feedback: SafeString
    is_right: bool
    is_chosen: bool
    place: int = 0
    given_place: int = 0


@dataclass(frozen=True)
class QuestionResult:
    """One question: right or not, with a result for every option; for a number what was typed and what is right.

    `keeps_back`: what is right is not told, and of the options only those that were chosen are there.
    """

    number: int
    type: str
    html: SafeString
    is_right: bool
    options: list[OptionResult]
    typed: str = ""
    right_number: float | None = None
    feedback: str = ""
    keeps_back: bool = False

    @property
    def lacks_only(self) -> bool:
        """True where everything that was chosen is right, and more is."""
        return self.type == "multiple" and self.keeps_back and all(option.is_right for option in self.options)


@dataclass(frozen=True)
class QuizResult:
    """A whole attempt, how many right answers pass, and the evidence it gave: (name of skill, level).

    `keeps_back`: what is right is not told yet of the questions that were missed.
    """

    attempt: QuizAttempt
    needed: int
    keeps_back: bool
    questions: list[QuestionResult]
    earned: list[awards.Award]


def quiz_result(attempt: QuizAttempt) -> QuizResult:
    """The attempt against the version of the quiz that it answered. One query, and one more for a miss."""
    content = attempt.quiz.content
    keeps_back = not attempt.passed and queries.is_first_attempt(attempt)
    return QuizResult(
        attempt=attempt,
        needed=quizzes.needed_to_pass(content),
        keeps_back=keeps_back,
        questions=[
            question_result(question, answer=attempt.answers[question["id"]], number=number, keeps_back=keeps_back)
            for number, question in enumerate(content["questions"], 1)
        ],
        earned=awards.earned_by_attempt(attempt),
    )


def question_result(question: dict[str, Any], *, answer: Any, number: int, keeps_back: bool = False) -> QuestionResult:
    """One question with this answer, by what its author says about each option. `keeps_back`: if the answer is not
    right, what is right is not told.
    """
    is_right = quizzes.is_right(question, answer=answer)
    keeps_back = keeps_back and not is_right
    return QuestionResult(
        number=number,
        type=question["type"],
        html=_html(question["html"]),
        is_right=is_right,
        keeps_back=keeps_back,
        **_told(question, answer=answer, keeps_back=keeps_back),
    )


def _told(question: dict[str, Any], *, answer: Any, keeps_back: bool) -> dict[str, Any]:
    """What is said about the answer, by the kind of question."""
    if question["type"] == "number":
        return {
            "options": [],
            "typed": answer,
            "right_number": None if keeps_back else question["answer"]["number"],
            "feedback": _html(quizzes.number_feedback(question, answer=answer)["feedback"]),
        }
    if question["type"] == "order":
        return {"options": (_steps_as_put if keeps_back else _steps)(question, answer=answer)}
    options = _options(question, answer=answer)
    return {"options": [option for option in options if option.is_chosen or not keeps_back]}


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


def _steps_as_put(question: dict[str, Any], *, answer: list[str]) -> list[OptionResult]:
    """The steps in the learner's order. What is said about one that stands elsewhere would say where it belongs."""
    as_put = sorted(_steps(question, answer=answer), key=lambda step: step.given_place)
    return [step if step.is_right else replace(step, feedback=_html(""), place=0) for step in as_put]


def _html(text: str) -> SafeString:
    """HTML that was made safe when the course was read."""
    return mark_safe(text)  # noqa: S308 - made safe when the course was read # nosec B308 B703
