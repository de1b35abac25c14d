"""What a diagnostic says to its learner: of each skill what was right and why it matters, and one suggestion."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from upskill.catalogue import paths as catalogue
from upskill.catalogue import queries as catalogue_queries
from upskill.catalogue.models import LearningPath
from upskill.learning import diagnostics, quizzes
from upskill.learning import paths as learning
from upskill.learning.diagnostics import Said
from upskill.learning.models import DiagnosticResult
from upskill.skills import queries as skills_queries

from .quiz_result import QuestionResult, question_result


@dataclass(frozen=True)
class Start:
    """A course or a module of one to begin at."""

    url: str
    title: str


@dataclass(frozen=True)
class SkillLine:
    """One skill: its name, what is said of it, and where that leads to (None: nowhere, or it is not published now)."""

    name: str
    said: Said
    start: Start | None


@dataclass(frozen=True)
class Result:
    """The whole result. `path`: the one suggested, None if it is offered no more; `chosen`: the skill that decided."""

    result: DiagnosticResult
    path: LearningPath | None
    is_followed: bool
    chosen: SkillLine
    lines: list[SkillLine]


def diagnostic_result(result: DiagnosticResult) -> Result:
    """The result as its learner reads it. Six queries."""
    said = diagnostics.by_skill(result.quiz.content, right=result.right)
    names = skills_queries.names([each.skill for each in said])
    starts = _starts(said)
    lines = [
        SkillLine(names.get(each.skill, each.skill), each, starts.get((each.course, each.module))) for each in said
    ]
    chosen = lines[said.index(diagnostics.suggestion(said))]
    path = catalogue.path(chosen.said.path)
    return Result(
        result=result,
        path=path if path and path.is_offered else None,
        is_followed=path is not None and path == learning.followed(result.learner),
        chosen=chosen,
        lines=lines,
    )


def questions_with_feedback(content: dict[str, Any], *, answers: quizzes.Answers) -> list[QuestionResult]:
    """A word on every answer, for the one moment in which we know what was answered."""
    return [
        question_result(question, answer=answers[question["id"]], number=number)
        for number, question in enumerate(content["questions"], 1)
    ]


def _starts(said: list[Said]) -> dict[tuple[str, str], Start]:
    """(course, module) -> where to begin, for those that are published. Three queries."""
    outlines = catalogue_queries.outlines_of([each.course for each in said if each.course])
    found = {}
    for course, outline in outlines.items():
        url = reverse("learner:course", args=[course])
        found[course, ""] = Start(url, outline.version.title)
        found |= {(course, module.slug): Start(f"{url}#{module.slug}", module.title) for module in outline.modules}
    return found
