"""What managers see: levels of their direct reports by name, and published figures; null where hidden."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from upskill.people.models import Organisation
from upskill.reports.figures import Figure, Hidden
from upskill.reports.queries import Department, Part, Team

from .fields import AwardSerializer, LevelNumber, Link


class SkillNameSerializer(serializers.Serializer):
    """A skill by name."""

    skill = serializers.SlugField()
    name = serializers.CharField()


class TeamMemberSerializer(serializers.Serializer):
    """A direct report, and the level reached of each skill."""

    full_name = serializers.CharField()
    levels = AwardSerializer(many=True)


class TeamSerializer(serializers.Serializer):
    """The people who report to you directly, by name, live."""

    skills = SkillNameSerializer(many=True)
    members = TeamMemberSerializer(many=True)


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
    """A team with its levels."""
    slugs = [skill.pk for skill in found.skills]
    return {
        "skills": [{"skill": skill.pk, "name": skill.name} for skill in found.skills],
        "members": [
            {
                "full_name": member.person.full_name,
                "levels": [{"skill": slug, "level": level} for slug, level in zip(slugs, member.levels, strict=True)],
            }
            for member in found.members
        ],
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


def _part(part: Part) -> dict[str, Any]:
    return organisation(part.organisation) | {"people": part.people}


def _url(found: Organisation) -> str:
    return reverse("api:department", args=[found.code])
