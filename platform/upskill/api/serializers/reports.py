"""What managers see: levels of their direct reports by name, and counts of an organisation; null where hidden."""

from functools import lru_cache
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from upskill.people.models import Organisation
from upskill.reports.figures import Figure, Hidden
from upskill.reports.gaps import gaps
from upskill.reports.sights import Sight
from upskill.reports.team import Cell, Team
from upskill.reports.unit_figures import Night, SkillCounts, UnitCounts
from upskill.skills.models import Skill

from .fields import AwardSerializer, LevelNumber, Link

WHY_HIDDEN = {Hidden.FEW: "few", Hidden.WITH: "with", Hidden.OWN_TEAM: "own-team", Hidden.NEW: "new"}


class SkillNameSerializer(serializers.Serializer):
    """A skill by name."""

    skill = serializers.SlugField()
    name = serializers.CharField()


class TeamLevelSerializer(AwardSerializer):
    """The level that somebody has of a skill, and what their role needs."""

    target = LevelNumber(allow_null=True, help_text="What their role needs; null: it does not need the skill.")
    ends_on = serializers.DateField(allow_null=True, help_text="The first day without the level; null: no such day.")


class TeamMemberSerializer(serializers.Serializer):
    """A direct report, their role, and the level of each skill."""

    full_name = serializers.CharField()
    role = serializers.CharField(allow_blank=True, help_text="Of their post; empty where the staff records name none.")
    levels = TeamLevelSerializer(many=True)


class GapSerializer(SkillNameSerializer):
    """A skill that roles of the team need: of how many people, and how many of these are short of it."""

    needed = serializers.IntegerField(min_value=1)
    short = serializers.IntegerField(min_value=0)


class TeamSerializer(serializers.Serializer):
    """The people who report to you directly, by name, live, and what their roles need."""

    skills = SkillNameSerializer(many=True)
    members = TeamMemberSerializer(many=True)
    gaps = GapSerializer(many=True)


class OrganisationSerializer(serializers.Serializer):
    """An organisation whose figures you may see."""

    code = serializers.SlugField()
    name = serializers.CharField()
    url = Link()


class FigureSerializer(serializers.Serializer):
    """A published figure, or why it is hidden."""

    people = serializers.IntegerField(allow_null=True, min_value=0, help_text="A multiple of five. null: hidden.")
    withheld = serializers.ChoiceField(
        choices=[*WHY_HIDDEN.values()],
        allow_null=True,
        help_text="few: below ten, perhaps nobody. with: one about few people would follow. own-team: less your own "
        "team it would be about few people. new: not counted there yet.",
    )


class CountSerializer(FigureSerializer):
    """How many people are at a level."""

    level = LevelNumber()


class SkillCountsSerializer(SkillNameSerializer):
    """The published figures of a skill."""

    people = serializers.IntegerField(
        allow_null=True, min_value=0, help_text="How many were counted, a multiple of five. null: nobody yet."
    )
    counts = CountSerializer(many=True)
    working_or_above = FigureSerializer()
    needs = FigureSerializer(help_text="People whose role asks for the skill.")
    short = FigureSerializer(help_text="Of these, people below the level that it asks for.")

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        """As `_skill` makes it: nothing in it has another form in an answer. Field by field a page takes twice the
        time.
        """
        return instance


class FiguresSerializer(serializers.Serializer):
    """The published figures of everybody or some of the people of an organisation and everything below it."""

    people_shown = serializers.CharField(
        allow_blank=True, help_text="Empty for everybody; else as in the query, such as grade:EO."
    )
    people = serializers.IntegerField(min_value=0, help_text="A multiple of five.")
    skills = SkillCountsSerializer(many=True)


class UnitSerializer(OrganisationSerializer, FiguresSerializer):
    """An organisation with everything below it, for everybody or some of its people, in published figures."""


class NightSerializer(FiguresSerializer):
    """The published figures of one day of the trend."""

    day = serializers.DateField()
    others = serializers.ListField(
        child=serializers.CharField(),
        help_text="Names of the organisations whose figures these are, or are too: it took over their work later.",
    )


class GovernmentSerializer(serializers.Serializer):
    """All of government in the newest publication. `figures` is null where nothing is published of it."""

    day = serializers.DateField(allow_null=True, help_text="Of the figures. null: none are published yet.")
    method = serializers.IntegerField(allow_null=True, help_text="Version of the rules that protect the figures.")
    figures: serializers.Serializer = FiguresSerializer(allow_null=True)
    slices_url = Link()
    trend_url = Link()


class DepartmentSerializer(OrganisationSerializer, GovernmentSerializer):
    """An organisation in the newest publication. `figures` is null where nothing is published of it."""

    figures = UnitSerializer(allow_null=True)
    parts_url = Link()


def team(found: Team) -> dict[str, Any]:
    """A team with its levels and gaps."""
    slugs = [skill.pk for skill in found.skills]
    return {
        "skills": [_name(skill) for skill in found.skills],
        "members": [
            {
                "full_name": member.person.full_name,
                "role": member.role,
                "levels": [_cell(cell, skill=slug) for slug, cell in zip(slugs, member.cells, strict=True)],
            }
            for member in found.members
        ],
        "gaps": [_name(gap.skill) | {"needed": len(gap.asked), "short": len(gap.short)} for gap in gaps(found)],
    }


def organisation(found: Organisation) -> dict[str, Any]:
    """An organisation by name."""
    return {"code": found.code, "name": found.name, "url": _url(found.code)}


def department(found: Organisation, *, seen: Sight | None) -> dict[str, Any]:
    """An organisation with its figures, or without any."""
    return organisation(found) | {
        **_publication(seen),
        "figures": unit(seen.whole) if seen and seen.whole else None,
        "parts_url": reverse("api:department_parts", args=[found.code]),
        "slices_url": reverse("api:department_slices", args=[found.code]),
        "trend_url": reverse("api:department_trend", args=[found.code]),
    }


def government(seen: Sight | None) -> dict[str, Any]:
    """All of government with its figures, or without any."""
    return {
        **_publication(seen),
        "figures": figures(seen.whole) if seen and seen.whole else None,
        "slices_url": reverse("api:government_slices"),
        "trend_url": reverse("api:government_trend"),
    }


def unit(found: UnitCounts) -> dict[str, Any]:
    """An organisation, a part or a slice with its figures."""
    return {"code": found.code, "name": found.name, "url": _url(found.code), **figures(found)}


def figures(found: UnitCounts, *, skill: str = "") -> dict[str, Any]:
    """The figures alone, of one skill where one is named."""
    skills = [_skill(each) for each in found.skills if skill in ("", each.slug)]
    return {"people_shown": found.slice.word, "people": found.people, "skills": skills}


def night(found: Night, *, skill: str) -> dict[str, Any]:
    """One day of the trend."""
    return {"day": found.on, "others": found.others, **figures(found.unit, skill=skill)}


def _publication(seen: Sight | None) -> dict[str, Any]:
    if seen is None:
        return {"day": None, "method": None}
    return {"day": seen.publication.on, "method": seen.publication.method}


def _name(skill: Skill) -> dict[str, Any]:
    return {"skill": skill.pk, "name": skill.name}


def _cell(cell: Cell, *, skill: str) -> dict[str, Any]:
    ends_on = cell.standing.expires_on
    return {"skill": skill, "level": cell.level, "target": cell.target or None, "ends_on": ends_on}


def _skill(counts: SkillCounts) -> dict[str, Any]:
    counted = counts.counted
    return {
        "skill": counts.slug,
        "name": counts.name,
        "people": counted if isinstance(counted, int) else None,
        "counts": [{"level": level, **_figure(each)} for level, each in enumerate(counts.levels)],
        "working_or_above": _figure(counts.working),
        "needs": _figure(counts.needs),
        "short": _figure(counts.short),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    if isinstance(figure, int):
        return {"people": figure, "withheld": None}
    return {"people": None, "withheld": WHY_HIDDEN[figure]}


@lru_cache(maxsize=1000)
def _url(code: str) -> str:
    """Where an organisation is read. Each of its slices names it."""
    return reverse("api:department", args=[code])
