"""Roles, and what they ask of skills."""

import factory
from factory.django import DjangoModelFactory

from upskill.skills.models import CapabilityRole, Requirement, RoleLevel


class CapabilityRoleFactory(DjangoModelFactory):
    class Meta:
        model = CapabilityRole

    slug = factory.Sequence(lambda n: f"role-{n:05d}")
    name = factory.Sequence(lambda n: f"Role {n:05d}")


class RoleLevelFactory(DjangoModelFactory):
    class Meta:
        model = RoleLevel

    role = factory.SubFactory(CapabilityRoleFactory)
    code = factory.Sequence(lambda n: f"role-level-{n:05d}")
    position = 0
    name = "Data scientist"


def role_asking(asked: dict[str, int] | None = None, *, name: str = "Data scientist", **skills: int) -> str:
    """The code of a new role level that asks for these skills, which exist, at these levels."""
    made = RoleLevelFactory(name=name)
    for skill, level in ((asked or {}) | skills).items():
        Requirement.objects.create(role_level=made, skill_id=skill, level=level, source=Requirement.Source.LOCAL)
    return str(made.code)
