"""Marking a quiz: pure functions over a quiz's content and the answers given.

`content` is {"pass_share": 0.8, "questions": [question]}; a question is {"id", "type", "prompt_html", "hints": [html],
"skills": [...], and by type:
  single, multiple: "options": [{"text_html", "correct", "feedback_html", "misconception"}]   answer: list of indexes
  number:           "answer", "tolerance", "feedback_html"                                    answer: text as typed
  order:            "options": [{"text_html"}] in the right order, "shown": [index, ...]       answer: list of indexes
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Answers = dict[str, Any]  # question id -> list of option indexes, or the text of a number


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
    questions = content["questions"]
    missing = [question["id"] for question in questions if answers.get(question["id"]) in (None, "", [])]
    if missing:
        raise Unanswered(missing)
    right = sum(is_right(question, answer=answers[question["id"]]) for question in questions)
    passed = Decimal(right) >= Decimal(str(content["pass_share"])) * len(questions)
    return QuizOutcome(right=right, questions=len(questions), passed=passed)


def is_right(question: dict[str, Any], *, answer: Any) -> bool:
    """True if the answer is right; partly right is not."""
    match question["type"]:
        case "single" | "multiple":
            correct = [index for index, option in enumerate(question["options"]) if option["correct"]]
            return sorted(answer) == correct
        case "number":
            return abs(read_number(answer) - question["answer"]) <= question["tolerance"] + 1e-9
        case "order":
            return list(answer) == list(range(len(question["options"])))
    raise ValueError(f"Unknown question type {question['type']!r}")


def read_number(text: str) -> float:
    """The number that somebody typed: 1,234.5 and 15% are numbers; anything else is NaN, which is never right."""
    try:
        value = float(str(text).strip().removesuffix("%").replace(",", "").replace(" ", ""))
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
