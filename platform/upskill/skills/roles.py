"""Roles that an organisation adds for itself, with their levels and what these ask for; and who has which role."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from upskill.core import audit
from upskill.people.models import Membership, Organisation, User, in_force

from .models import CapabilityRole, Level, Requirement, RoleLevel, Skill
from .standing_in import stand_ins

MOST_LEVELS = 12  # of a role
CODE_LENGTH = 80


class RoleNameTaken(Exception):
    """The organisation has a role, or the role has a level, of this name."""


class TooManyLevels(Exception):
    """A role has as many levels as it may have."""


class OfAFramework(Exception):
    """What a framework says is read from its file, not changed here."""


class NoSuchRole(Exception):
    """No role level or persona that people can be given has this code."""


def roles_of(organisation: Organisation) -> "QuerySet[CapabilityRole]":
    """The roles that the organisation added for itself, those in use first, with their levels. Two queries."""
    found = CapabilityRole.objects.filter(organisation=organisation).prefetch_related("levels")
    return found.order_by(F("ended_at").desc(nulls_first=True), "family", "name")


def levels_for(organisation: Organisation) -> "QuerySet[RoleLevel]":
    """The role levels and personas that people of an organisation can be given: those of frameworks, and those that it
    or one above it added.
    """
    above = organisation.path.strip("/").split("/")
    known = RoleLevel.objects.filter(ended_at=None, role__ended_at=None).select_related("role")
    return known.filter(role__organisation=None) | known.filter(role__organisation__code__in=above)


def skills_to_ask_for() -> "QuerySet[Skill]":
    """The skills that a role can ask for: ours first, then a framework's for which none of ours stands."""
    return Skill.objects.exclude(pk__in=stand_ins()).order_by("framework", "position", "name")


@transaction.atomic
def add_role(
    organisation: Organisation,
    *,
    name: str,
    by: User | None,
    now: dt.datetime,
    family: str = "",
    description: str = "",
    slug: str = "",
) -> CapabilityRole:
    """A new role of the organisation, without levels yet. Raises RoleNameTaken."""
    code = code_of(organisation.code, slug or name)
    fields = {"name": name, "family": family, "description": description, "organisation": organisation}
    role, is_new = CapabilityRole.objects.get_or_create(slug=code, defaults=fields)
    if not is_new:
        raise RoleNameTaken(_("There is a role like %(name)s already. Choose another name.") % {"name": name})
    audit.record("capability_role.added", subject=role, by=by, at=now, name=name, path=organisation.path)
    return role


@transaction.atomic
def end_role(role: CapabilityRole, *, by: User | None, now: dt.datetime) -> None:
    """Nobody can be given the role any more; whoever has it keeps it until their post changes. Safe to repeat."""
    _check_own(role)
    if CapabilityRole.objects.filter(pk=role.pk, ended_at=None).update(ended_at=now):
        audit.record("capability_role.ended", subject=role, by=by, at=now, name=role.name)


@transaction.atomic
def add_level(
    role: CapabilityRole, *, name: str, by: User | None, now: dt.datetime, description: str = "", slug: str = ""
) -> RoleLevel:
    """A new highest level of a role that the organisation added. Raises RoleNameTaken, TooManyLevels, OfAFramework."""
    locked = CapabilityRole.objects.select_for_update().select_related(None).get(pk=role.pk)
    _check_own(locked)
    levels = RoleLevel.objects.filter(role=locked)
    if levels.count() >= MOST_LEVELS:
        raise TooManyLevels(_("A role has at most %(most)s levels.") % {"most": MOST_LEVELS})
    code = code_of(slug) if slug else code_of(locked.pk, name)
    if RoleLevel.objects.filter(code=code).exists() or levels.filter(name=name).exists():
        raise RoleNameTaken(_("There is a level like %(name)s already. Choose another name.") % {"name": name})
    highest = levels.aggregate(highest=Max("position"))["highest"]
    place = 0 if highest is None else highest + 1
    level = RoleLevel.objects.create(code=code, role=locked, position=place, name=name, description=description)
    audit.record("role_level.added", subject=level, by=by, at=now, name=name)
    return level


@transaction.atomic
def set_requirement(
    role_level: RoleLevel, *, skill: Skill, level: Level, by: User | None, now: dt.datetime
) -> Requirement | None:
    """What a level of an organisation's own role asks of a skill; Level.NONE: nothing more. Safe to repeat. Raises
    OfAFramework.
    """
    _check_own(role_level.role)
    RoleLevel.objects.select_for_update().get(pk=role_level.pk)
    asked = Requirement.objects.filter(role_level=role_level, skill=skill).first()
    if (asked.level if asked else Level.NONE) == level:
        return asked
    details: dict[str, Any] = {"skill": skill.pk, "old": asked.level if asked else 0, "new": int(level)}
    if asked and level == Level.NONE:
        asked.delete()
        audit.record("requirement.ended", subject=role_level, by=by, at=now, **details)
        return None
    fields = {"level": level, "source": Requirement.Source.LOCAL}
    asked, _is_new = Requirement.objects.update_or_create(role_level=role_level, skill=skill, defaults=fields)
    audit.record("requirement.set", subject=role_level, by=by, at=now, **details)
    return asked


@transaction.atomic
def set_requirements(
    role_level: RoleLevel, *, wanted: Iterable[tuple[Skill, Level]], by: User | None, now: dt.datetime
) -> None:
    """What a level of an organisation's own role asks of several skills. Safe to repeat. Raises OfAFramework."""
    for skill, level in wanted:
        set_requirement(role_level, skill=skill, level=level, by=by, now=now)


@transaction.atomic
def give_role(
    post: Membership, *, role: str, by: User | None, now: dt.datetime, persona: str | None = None
) -> Membership:
    """The post asks for what this role level asks for ("": for nothing), and meets AI as the persona says (None: as
    before). Safe to repeat. Raises NoSuchRole for a code that people of this organisation cannot be given.
    """
    wanted = {"role": role, "persona": post.persona if persona is None else persona}
    kinds = {"role": CapabilityRole.Kind.ROLE, "persona": CapabilityRole.Kind.PERSONA}
    for field, code in wanted.items():
        known = levels_for(post.organisation).filter(code=code, role__kind=kinds[field])
        if code and code != getattr(post, field) and not known.exists():
            raise NoSuchRole(_("There is no role with the code %(code)s.") % {"code": code})
    if Membership.objects.filter(pk=post.pk).exclude(**wanted).update(**wanted):
        audit.record("person.role_given", subject=post, by=by, at=now, about=post.person, **wanted)
    post.role, post.persona = wanted["role"], wanted["persona"]
    return post


def people_in(role: CapabilityRole, *, on: dt.date) -> int:
    """How many main posts in force on that day name a level of the role. One query."""
    codes = RoleLevel.objects.filter(role=role).values("code")
    field = "persona" if role.kind == CapabilityRole.Kind.PERSONA else "role"
    return Membership.objects.filter(in_force(on), is_main=True, **{f"{field}__in": codes}).count()


def code_of(*names: str, between: str = "-") -> str:
    """A code made of these names, no longer than a code may be; the same each time, and another one for other names."""
    parts = [slugify(name) for name in names]
    whole = between.join(parts)
    if len(whole) <= CODE_LENGTH and all(parts):
        return whole
    digest = hashlib.sha256("/".join(names).encode()).hexdigest()[:8]
    return f"{whole[: CODE_LENGTH - 9].rstrip('-')}-{digest}"


def _check_own(role: CapabilityRole) -> None:
    if role.organisation_id is None:
        raise OfAFramework(_("This role is a framework's. Add a role of your own to ask for something else."))
