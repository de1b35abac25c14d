"""Marking a quiz: pure functions over a quiz's content, as catalogue.course_files.quiz draws it, and the answers given.

An answer is a list of option ids (single, multiple; for order all of them, in the learner's order), or for a number
the text as typed.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Answers = dict[str, Any]  # question id -> list of option ids, or the text of a number


class Unanswered(Exception):
    """Questions without an answer. `questions` holds their ids, in the quiz's order."""

    def __init__(self, questions: list[str]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


@dataclass(frozen=True)
class QuizOutcome:
    """How many answers are right, of how many questions, and whether that passes."""

    right: int
    questions: int
    passed: bool


def mark(content: dict[str, Any], *, answers: Answers) -> QuizOutcome:
    """The outcome of answering the whole quiz. Raises Unanswered."""
    right = len(right_questions(content, answers=answers))
    return QuizOutcome(right=right, questions=len(content["questions"]), passed=right >= needed_to_pass(content))


def right_questions(content: dict[str, Any], *, answers: Answers) -> list[dict[str, Any]]:
    """The questions that were answered right. Raises Unanswered."""
    questions = content["questions"]
    missing = [question["id"] for question in questions if answers.get(question["id"]) in (None, "", [])]
    if missing:
        raise Unanswered(missing)
    return [question for question in questions if is_right(question, answer=answers[question["id"]])]


def needed_to_pass(content: dict[str, Any]) -> int:
    """The smallest number of right answers that passes."""
    return math.ceil(Decimal(str(content["pass_share"])) * len(content["questions"]))


def is_right(question: dict[str, Any], *, answer: Any) -> bool:
    """True if the answer is right; partly right is not."""
    match question["type"]:
        case "single" | "multiple":
            return sorted(answer) == sorted(question["answer"])
        case "number":
            return _fits(question["answer"], value=read_number(answer))
        case "order":
            return list(answer) == question["answer"]
    raise ValueError(f"Unknown question type {question['type']!r}")


def number_feedback(question: dict[str, Any], *, answer: str) -> dict[str, Any]:
    """What the author says about this number: {"feedback", "misconception"} of the first answer that it fits."""
    value = read_number(answer)
    known = [question["answer"], *question["wrong"]]
    return next((entry for entry in known if _fits(entry, value=value)), question["otherwise"])


def _fits(entry: dict[str, Any], *, value: float) -> bool:
    """True if the number is the entry's, within its tolerance and the inexactness of floating point."""
    return abs(value - entry["number"]) <= entry["tolerance"] + 1e-9


def read_number(text: str) -> float:
    """The number that somebody typed: 1,234.5 and 15% are numbers; anything else is NaN, which is never right."""
    try:
        value = float(str(text).strip().removesuffix("%").replace(",", "").replace(" ", ""))
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
