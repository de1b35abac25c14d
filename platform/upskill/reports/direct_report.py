"""One direct report as their manager sees them: levels, targets, and the assessment that each level rests on.

Of the assessment its title, its course and the day: never an attempt, a mark, an answer or a draft, and nothing that
earned no level. Decision 0045 says why.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from upskill.skills.models import Level, Skill
from upskill.skills.queries import in_effect

from .team import Cell, Team, TeamMember

EXERCISE, QUIZ = "mark__submission__exercise__item_version", "quiz_attempt__quiz"  # from evidence to what was passed


@dataclass(frozen=True)
class Source:
    """The assessment that a level rests on, and the day on which it was passed."""

    title: str
    course_title: str
    on: dt.date


@dataclass(frozen=True)
class Line:
    """One skill of the person. `source` is None where they have no level."""

    skill: Skill
    cell: Cell
    source: Source | None


def member_of(team: Team, *, public_id: UUID) -> TeamMember | None:
    """The direct report with this id; None for anybody else."""
    return next((each for each in team.members if each.person.public_id == public_id), None)


def lines_of(member: TeamMember, *, team: Team) -> list[Line]:
    """The skills that the person's role asks for, or that they have a level of: gaps first. One query."""
    sources = _sources(member)
    told = [
        Line(skill, cell, _newest(sources.get(skill.pk, []), cell=cell))
        for skill, cell in zip(team.skills, member.cells, strict=True)
        if cell.target or cell.level
    ]
    return sorted(told, key=lambda line: (not line.cell.is_short, not line.cell.target))


def _sources(member: TeamMember) -> dict[str, list[tuple[int, Source]]]:
    """Skill -> (level, what proved it), newest first."""
    title = Coalesce(F(f"{EXERCISE}__title"), F(f"{QUIZ}__title"))
    course = "module__course_version__title"
    course_title = Coalesce(F(f"{EXERCISE}__{course}"), F(f"{QUIZ}__{course}"))
    pieces = in_effect().filter(learner=member.person).order_by("-earned_at", "-pk")
    found: dict[str, list[tuple[int, Source]]] = {}
    for skill, level, earned_at, *said in pieces.values_list("skill_id", "level", "earned_at", title, course_title):
        source = Source(title=said[0], course_title=said[1], on=timezone.localdate(earned_at))
        found.setdefault(skill, []).append((level, source))
    return found


def _newest(sources: list[tuple[int, Source]], *, cell: Cell) -> Source | None:
    """The newest that proves the level which holds, or a higher one."""
    if cell.level == Level.NONE:
        return None
    return next((source for level, source in sources if level >= cell.level), None)
