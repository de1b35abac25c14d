"""What a post asks for: the role of its department and the persona that fit its profession and grade."""

import datetime as dt
from collections.abc import Sequence
from functools import cache

from upskill.people.models import Organisation
from upskill.skills import local_roles
from upskill.skills.models import CapabilityRole, Requirement, RoleLevel


def add_to(paths: Sequence[str], *, now: dt.datetime) -> None:
    """The roles that departments have written for themselves, in each department at the top of one of these paths.

    The first one gets them as in life, the others copies of its rows.
    """
    tops = list(Organisation.objects.filter(code__in={_top(path) for path in paths}).order_by("pk"))
    if not tops:
        return
    local_roles.add_to(tops[0], by=None, now=now)
    there = set(CapabilityRole.objects.exclude(organisation=None).values_list("organisation_id", flat=True))
    for organisation in tops:
        if organisation.pk not in there:
            _copy(of=tops[0], to=organisation)


def asked_of(path: str, *, profession: str, grade: str) -> tuple[str, str]:
    """The codes of role level and persona for a post in the organisation at this path, "" where none fits."""
    level, persona = _fitting(profession, grade)
    return (local_roles.code_in(_top(path), level=level) if level else "", persona)


def _copy(*, of: Organisation, to: Organisation) -> None:
    """Rows of the same roles, levels and requirements, with codes that begin with the other department's."""
    mine = {"role__organisation": of}
    roles = list(CapabilityRole.objects.filter(organisation=of))
    levels = list(RoleLevel.objects.filter(**mine))
    requirements = list(Requirement.objects.filter(role_level__role__organisation=of))
    for role in roles:
        role.slug, role.organisation = f"{to.code}{role.slug.removeprefix(of.code)}", to
    for level in levels:
        level.code = f"{to.code}{level.code.removeprefix(of.code)}"
        level.role_id = f"{to.code}{level.role_id.removeprefix(of.code)}"
    for each in requirements:
        each.pk, each.role_level_id = None, f"{to.code}{each.role_level_id.removeprefix(of.code)}"
    CapabilityRole.objects.bulk_create(roles)
    RoleLevel.objects.bulk_create(levels)
    Requirement.objects.bulk_create(requirements)


@cache
def _fitting(profession: str, grade: str) -> tuple[str, str]:
    post = {"profession": profession, "grade": grade}
    return local_roles.level_for(**post), local_roles.persona_for(**post)


def _top(path: str) -> str:
    return path.partition("/")[0]
