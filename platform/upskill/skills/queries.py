"""Reads of skills: the level somebody has, what it rests on, and what their role asks for.

Levels are read from the tallies that PostgreSQL keeps of evidence in effect, and are those of one day: evidence of some
skills counts for so many months only.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from upskill.people.models import Membership, User, in_force

from .models import CapabilityRole, Evidence, Level, LevelTally, Requirement, RoleLevel, SelfAssessment, Skill
from .validity import Standing, standing

Pair = tuple[int, str]  # person id, skill slug
DAYS = ("awareness_on", "working_on", "practitioner_on", "expert_on")


@dataclass(frozen=True)
class SkillRecord:
    """One skill of one person: where they stand, what their role asks for, and the evidence in effect, best and newest
    first.
    """

    skill: Skill
    standing: Standing
    target: Level
    evidence: list[Evidence]

    @property
    def level(self) -> Level:
        """The level that holds on the day of the record."""
        return self.standing.level

    @property
    def is_short(self) -> bool:
        """True where the person's role asks for more than they have."""
        return self.target > self.level


@dataclass(frozen=True)
class Post:
    """What a person's main post says of their role, and of how they meet AI; None where it says nothing known."""

    role_level: RoleLevel | None
    persona: RoleLevel | None


def in_effect() -> "QuerySet[Evidence]":
    """Evidence that nothing replaces and that stands for a level."""
    return Evidence.objects.filter(replaced_by=None, level__gt=Level.NONE)


def levels_with_days(people: "Iterable[int] | QuerySet[Any, Any]", *, on: dt.date) -> dict[Pair, Standing]:
    """(person id, skill slug) -> where they stand on that day, for these people; also where all has expired.

    A pair that is absent never had a level. One query. `people` are ids, or a query for them. `on` is today or later:
    tallies keep the latest days alone, so that they cannot say what was true before.
    """
    tallies = LevelTally.objects.filter(person__in=people)
    return {
        (person, skill): standing(days, valid_months=months, on=on)
        for person, skill, months, *days in tallies.values_list("person_id", "skill_id", "skill__valid_months", *DAYS)
    }


def levels(people: "Iterable[int] | QuerySet[Any, Any]", *, on: dt.date) -> dict[Pair, Level]:
    """(person id, skill slug) -> level that holds on that day; a pair that is absent has none. One query."""
    return {pair: each.level for pair, each in levels_with_days(people, on=on).items() if each.level}


def targets(people: "Iterable[int] | QuerySet[Any, Any]", *, on: dt.date) -> dict[Pair, Level]:
    """(person id, skill slug) -> level that the role of their main post on that day asks for. Two queries."""
    roles = _roles(people, on=on)
    asked = _asked(set(roles.values()))
    return {(person, skill): level for person, role in roles.items() for skill, level in asked.get(role, {}).items()}


def post_of(person: User, *, on: dt.date) -> Post:
    """What the person's main post on that day says of role and persona. Two queries."""
    post = _main_posts([person.pk], on=on).first()
    codes = [post.role, post.persona] if post else []
    known = RoleLevel.objects.filter(code__in=codes).select_related("role__framework", "role__organisation")
    by_kind = {(each.role.kind, each.code): each for each in known}
    if post is None:
        return Post(None, None)
    return Post(
        role_level=by_kind.get((CapabilityRole.Kind.ROLE, post.role)),
        persona=by_kind.get((CapabilityRole.Kind.PERSONA, post.persona)),
    )


def names(skills: Iterable[str]) -> dict[str, str]:
    """Slug -> name, for each of `skills` that is known, in the order in which pages show them. One query."""
    return dict(Skill.objects.filter(pk__in=skills).values_list("pk", "name"))


def reached_by(learner: User, *, on: dt.date) -> list[tuple[Skill, Level]]:
    """The skills of which somebody has a level on that day, with it, in the order of pages. Two queries."""
    held = {skill: level for (_person, skill), level in levels([learner.pk], on=on).items()}
    return [(skill, held[skill.pk]) for skill in Skill.objects.filter(pk__in=held)]


def skills_of(learner: User, *, on: dt.date) -> "QuerySet[Skill]":
    """The skills that say something to somebody: those of our courses, and of a framework's those alone that their role
    asks for or that they have evidence of.
    """
    asked = Requirement.objects.filter(role_level__in=_main_posts([learner.pk], on=on).values("role"))
    has = LevelTally.objects.filter(person=learner)
    return Skill.objects.filter(Q(framework=None) | Q(pk__in=asked.values("skill")) | Q(pk__in=has.values("skill")))


def record_of(learner: User, *, on: dt.date) -> list[SkillRecord]:
    """The person's whole skills record on a day: every skill that says something to them, also those not reached yet.
    Five queries.
    """
    exercise = "mark__submission__exercise__item_version"
    related = (f"{exercise}__item", f"{exercise}__module__course_version", "quiz_attempt__quiz__item")
    evidence = in_effect().filter(learner=learner).select_related(*related).order_by("-level", "-earned_at", "-pk")
    by_skill: dict[str, list[Evidence]] = {}
    for piece in evidence:
        by_skill.setdefault(piece.skill_id, []).append(piece)
    stands, asked = levels_with_days([learner.pk], on=on), targets([learner.pk], on=on)
    return [
        SkillRecord(
            skill=skill,
            standing=stands.get((learner.pk, skill.pk), Standing()),
            target=asked.get((learner.pk, skill.pk), Level.NONE),
            evidence=by_skill.get(skill.pk, []),
        )
        for skill in skills_of(learner, on=on)
    ]


def listed_without_level(role_level: RoleLevel | None) -> list[Skill]:
    """The skills that a framework lists for the role of this level, where none of its levels asks for them: how far is
    not known here. One query, none for a role that is no framework's.
    """
    if role_level is None or role_level.role.framework_id is None:
        return []
    asked = Requirement.objects.filter(role_level__role=role_level.role_id)
    named = asked.annotate(named=Coalesce("stated_as", "skill")).values("named")
    return list(role_level.role.skills.exclude(pk__in=named))


def self_view_of(person: User) -> dict[str, SelfAssessment]:
    """Skill slug -> where the person last said that they see themselves. For them alone. One query."""
    said = SelfAssessment.objects.filter(person=person).order_by("skill_id", "-said_at", "-pk").distinct("skill_id")
    return {each.skill_id: each for each in said}


def _main_posts(people: "Iterable[int] | QuerySet[Any, Any]", *, on: dt.date) -> "QuerySet[Membership]":
    """Where people mainly work on that day, the newest first: it alone counts, as in figures."""
    return Membership.objects.filter(in_force(on), person__in=people, is_main=True).order_by("-valid_from", "-pk")


def _roles(people: "Iterable[int] | QuerySet[Any, Any]", *, on: dt.date) -> dict[int, str]:
    found = _main_posts(people, on=on).exclude(role="").values_list("person_id", "role")
    return dict(reversed(list(found)))  # the newest last, so that it stays


def _asked(roles: set[str]) -> dict[str, dict[str, Level]]:
    """Code of a role level -> skill -> level asked for."""
    asked: dict[str, dict[str, Level]] = {}
    for role, skill, level in Requirement.objects.filter(role_level__in=roles).values_list(
        "role_level_id", "skill_id", "level"
    ):
        asked.setdefault(role, {})[skill] = Level(level)
    return asked
