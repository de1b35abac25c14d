"""What a course, a quiz attempt or a mark gives: skills by name, each with a level."""

from typing import Any

from django.db.models import QuerySet

from upskill.learning.models import QuizAttempt
from upskill.marking.models import Mark

from .models import Evidence, Level, Skill
from .queries import in_effect

Award = tuple[str, Level]  # name of the skill, level


def named(awards: list[dict[str, Any]]) -> list[Award]:
    """Skills as a course or an item lists them ({"skill", "level"}), by name. One query."""
    names = dict(Skill.objects.filter(pk__in=[award["skill"] for award in awards]).values_list("pk", "name"))
    return [(names[award["skill"]], Level(award["level"])) for award in awards if award["skill"] in names]


def earned_by_mark(mark: Mark) -> list[Award]:
    """The evidence in effect that rests on this mark. One query."""
    return _awards(in_effect().filter(mark=mark))


def earned_by_attempt(attempt: QuizAttempt) -> list[Award]:
    """The evidence in effect that rests on this attempt. One query."""
    return _awards(in_effect().filter(quiz_attempt=attempt))


def _awards(evidence: "QuerySet[Evidence]") -> list[Award]:
    pieces = evidence.select_related("skill").order_by("skill__position", "skill_id")
    return [(piece.skill.name, Level(piece.level)) for piece in pieces]
