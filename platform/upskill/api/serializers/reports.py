"""What managers see: levels of their direct reports by name, and published figures; null where hidden."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from upskill.people.models import Organisation
from upskill.reports.figures import Figure, Hidden
from upskill.reports.gaps import gaps
from upskill.reports.queries import Department, Part
from upskill.reports.team import Cell, Team
from upskill.skills.models import Skill

from .fields import AwardSerializer, LevelNumber, Link


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


class PartSerializer(OrganisationSerializer):
    """A part of an organisation, and how many people work there or below."""

    people = serializers.IntegerField(allow_null=True, min_value=0, help_text="null: hidden, to protect few people.")


class CountSerializer(serializers.Serializer):
    """How many people are at a level."""

    level = LevelNumber()
    people = serializers.IntegerField(allow_null=True, min_value=0, help_text="null: hidden, to protect few people.")


class SkillCountsSerializer(SkillNameSerializer):
    """How many people of an organisation are at each level of a skill."""

    counts = CountSerializer(many=True)


class DepartmentSerializer(PartSerializer):
    """An organisation in counts, without a name."""

    published_on = serializers.DateField(allow_null=True, help_text="null: nothing is published yet.")
    skills = SkillCountsSerializer(many=True)
    parts = PartSerializer(many=True)


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
    return {"code": found.code, "name": found.name, "url": _url(found)}


def department(found: Department) -> dict[str, Any]:
    """An organisation with its figures."""
    return _part(found.whole) | {
        "published_on": found.publication.on if found.publication else None,
        "skills": [
            {
                "skill": row.skill.pk,
                "name": row.skill.name,
                "counts": [{"level": level, "people": _shown(figure)} for level, figure in enumerate(row.counts)],
            }
            for row in found.rows
        ],
        "parts": [_part(part) for part in found.parts],
    }


def _shown(figure: Figure) -> int | None:
    return None if isinstance(figure, Hidden) else figure


def _name(skill: Skill) -> dict[str, Any]:
    return {"skill": skill.pk, "name": skill.name}


def _cell(cell: Cell, *, skill: str) -> dict[str, Any]:
    ends_on = cell.standing.expires_on
    return {"skill": skill, "level": cell.level, "target": cell.target or None, "ends_on": ends_on}


def _part(part: Part) -> dict[str, Any]:
    return organisation(part.organisation) | {"people": part.people}


def _url(found: Organisation) -> str:
    return reverse("api:department", args=[found.code])
