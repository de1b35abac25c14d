"""Finding where to start: a quiz with fixed rules. It has no pass mark, earns nothing, and only its learner sees it.

Of each skill the first rule speaks that has enough right answers; of those that speak, the first that names a path
suggests. course_files.diagnostic sees to it that there is one, whatever is answered.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from upskill.catalogue.models import Item, ItemVersion
from upskill.people.models import User

from . import quizzes, services
from .models import DiagnosticResult


@dataclass(frozen=True)
class Said:
    """What the rules say of one skill: how many answers are right of how many, why that matters, and where it leads to.

    `path` is "" where the rule suggests nothing. `module` is "" for a whole course.
    """

    skill: str
    right: int
    asked: int
    because: str
    path: str = ""
    course: str = ""
    module: str = ""


def is_diagnostic(content: dict[str, Any]) -> bool:
    """True for a quiz that helps to find a start."""
    return "diagnostic" in content


def by_skill(content: dict[str, Any], *, right: dict[str, int]) -> list[Said]:
    """What is said of each skill, in the order in which the rules name them. `right`: skill -> right answers."""
    asked = Counter(question["skill"] for question in content["questions"])
    skills = dict.fromkeys(rule["skill"] for rule in content["diagnostic"])
    return [_said(content, skill, right=right.get(skill, 0), asked=asked[skill]) for skill in skills]


def suggestion(said: list[Said]) -> Said:
    """Of what is said of each skill, the first that suggests a path."""
    return next(each for each in said if each.path)


@transaction.atomic
def record_result(learner: User, *, quiz: ItemVersion, answers: quizzes.Answers, now: dt.datetime) -> DiagnosticResult:
    """The result, which replaces the one before; what was answered is not kept. Raises quizzes.Unanswered."""
    questions = quizzes.right_questions(quiz.content, answers=answers)
    right = dict(Counter(question["skill"] for question in questions))
    newest = {"quiz": quiz, "right": right, "answered_at": now}
    result, _is_new = DiagnosticResult.objects.update_or_create(learner=learner, item=quiz.item, defaults=newest)
    services.complete_item(learner, item=quiz.item, now=now)
    return result


def newest_result(learner: User, *, item: Item) -> DiagnosticResult | None:
    """The learner's result of this diagnostic, in the version that they answered. One query."""
    return DiagnosticResult.objects.filter(learner=learner, item=item).select_related("quiz").first()


def start_in(path: str, *, learner: User) -> Said | None:
    """Where the learner's newest diagnostic suggests to begin this path; None where it suggests another. One query."""
    results = DiagnosticResult.objects.filter(learner=learner).select_related("quiz")
    newest = results.order_by("-answered_at", "-pk").first()
    said = suggestion(by_skill(newest.quiz.content, right=newest.right)) if newest else None
    return said if said and said.path == path else None


def _said(content: dict[str, Any], skill: str, *, right: int, asked: int) -> Said:
    rules = [rule for rule in content["diagnostic"] if rule["skill"] == skill]
    rule = next(rule for rule in rules if right >= rule["at_least"])
    where = {name: rule.get(name, "") for name in ("path", "course", "module")}
    return Said(skill=skill, right=right, asked=asked, because=rule["because"], **where)
