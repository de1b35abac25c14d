"""Reads of skills: the level somebody has reached, and what it rests on. A level is the best evidence in effect."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from upskill.people.models import User

from .models import Evidence, Level, Skill


@dataclass(frozen=True)
class SkillRecord:
    """One skill of one person: the level reached, and the evidence in effect, best and newest first."""

    skill: Skill
    level: Level
    evidence: list[Evidence]


def in_effect() -> "QuerySet[Evidence]":
    """Evidence that nothing replaces and that stands for a level."""
    return Evidence.objects.filter(replaced_by=None, level__gt=Level.NONE)


def levels(people: "Iterable[int] | QuerySet[Any, Any]") -> dict[tuple[int, str], Level]:
    """(person id, skill slug) -> level reached, for these people; a pair that is absent has none. One query.

    `people` are ids, or a query for them.
    """
    best = in_effect().filter(learner__in=people).values("learner_id", "skill_id").annotate(best=Max("level"))
    return {(row["learner_id"], row["skill_id"]): Level(row["best"]) for row in best}


def names(skills: Iterable[str]) -> dict[str, str]:
    """Slug -> name, for each of `skills` that is known, in the order in which pages show them. One query."""
    return dict(Skill.objects.filter(pk__in=skills).values_list("pk", "name"))


def record_of(learner: User) -> list[SkillRecord]:
    """The person's whole skills record: every skill that is taught, also those not reached yet. Two queries."""
    exercise = "mark__submission__exercise__item_version"
    related = (f"{exercise}__item", f"{exercise}__module__course_version", "quiz_attempt__quiz__item")
    evidence = in_effect().filter(learner=learner).select_related(*related).order_by("-level", "-earned_at", "-pk")
    by_skill: dict[str, list[Evidence]] = {}
    for piece in evidence:
        by_skill.setdefault(piece.skill_id, []).append(piece)
    return [
        SkillRecord(
            skill=skill,
            level=Level(max((piece.level for piece in by_skill.get(skill.pk, [])), default=0)),
            evidence=by_skill.get(skill.pk, []),
        )
        for skill in Skill.objects.all()
    ]
