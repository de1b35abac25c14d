"""Writes what a framework says to the tables, as a new version of it: what differs changes, and nothing is deleted but
a requirement that is asked no more, which the audit trail keeps.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from upskill.core import audit
from upskill.core.turns import wait_for_turn
from upskill.people.models import User

from .framework_content import Content, LevelEntry, RoleEntry, Source, packaged
from .models import CapabilityRole, Framework, Level, Requirement, RoleLevel, Skill
from .roles import code_of
from .standing_in import stand_ins

OWN = Source(slug="upskill", name="Skills that the courses here teach", version="", licence="As each course says")


class SameCode(Exception):
    """Two names of the framework come to the same code."""


@dataclass(frozen=True)
class _Import:
    """What every step of an import needs: the skills by their names, and for which of them one of ours stands."""

    framework: Framework
    version: str
    now: dt.datetime
    skills: dict[str, Skill]
    ours: dict[str, str]


@transaction.atomic
def apply(content: Content, *, source: Source, by: User | None, now: dt.datetime, ran_by: str = "") -> list[str]:
    """Make the framework's tables equal to `content`; returns what was changed, a line each. `ran_by`: who ran the
    command, as the machine says it.

    Roles and levels that are no longer there are ended: whoever has one keeps it. Safe to repeat: where nothing differs
    nothing is written. Raises SameCode.
    """
    wait_for_turn("frameworks")
    _check_codes(content, source=source)
    first = {"name": source.name, "licence": source.licence, "source_url": source.source_url, "imported_at": now}
    framework, is_new = Framework.objects.get_or_create(slug=source.slug, defaults=first | {"version": source.version})
    old_version = "" if is_new else framework.version
    skills, changes = _write_skills(content, framework=framework, version=source.version)
    this = _Import(framework, source.version, now, skills, stand_ins())
    changes += _write_roles(content.roles, this)
    if changes or old_version != source.version:
        Framework.objects.filter(pk=framework.pk).update(**first, version=source.version)
        said: dict[str, Any] = {"version": source.version, "before": old_version, "ran_by": ran_by}
        audit.record("framework.imported", subject=framework, by=by, at=now, **said, changes=changes)
    return changes


def differences(content: Content, *, source: Source, now: dt.datetime) -> list[str]:
    """What `apply` would change: it is done, and taken back."""
    with transaction.atomic():
        changes = apply(content, source=source, by=None, now=now)
        transaction.set_rollback(True)
    return changes


@transaction.atomic
def load_packaged(*, by: User | None, now: dt.datetime) -> dict[str, int]:
    """Slug of each framework in data/frameworks.json -> how much was changed. One of which another version was read
    from its official file stays as it is. Our own list gets its row too. Safe to repeat.
    """
    changed = {}
    for source, content in packaged().items():
        known = Framework.objects.filter(pk=source.slug).first()
        if known is None or known.version == source.version:
            changed[source.slug] = len(apply(content, source=source, by=by, now=now))
    _note_our_own(by=by, now=now)
    return changed


def skill_code(source: str, *, name: str) -> str:
    """The code of a framework's skill."""
    return code_of(source, name)


def level_code(role: str, *, role_name: str, name: str) -> str:
    """The code of a level of the framework's role with this code."""
    return role if name == role_name else code_of(role, name, between="--")


def _note_our_own(*, by: User | None, now: dt.datetime) -> None:
    """The row of our own list: its version is a digest of what it says."""
    ours = list(Skill.objects.filter(framework=None).values_list("slug", "name", "statements", "valid_months"))
    version = hashlib.sha256(json.dumps(ours, sort_keys=True).encode()).hexdigest()[:12]
    if not Framework.objects.filter(pk=OWN.slug, version=version).exists():
        row = {"name": OWN.name, "licence": OWN.licence, "version": version, "imported_at": now}
        framework, _is_new = Framework.objects.update_or_create(slug=OWN.slug, defaults=row)
        audit.record("framework.imported", subject=framework, by=by, at=now, version=version)


def _write_skills(content: Content, *, framework: Framework, version: str) -> tuple[dict[str, Skill], list[str]]:
    known = Skill.objects.in_bulk([skill_code(framework.slug, name=entry.name) for entry in content.skills])
    rows: dict[str, Skill] = {}
    new: list[Skill] = []
    changed: list[Skill] = []
    for position, entry in enumerate(content.skills):
        code = skill_code(framework.slug, name=entry.name)
        old = known.get(code)
        row = old or Skill(slug=code, framework=framework, position=position)
        before = (row.name, row.description, row.statements)
        row.name, row.description = entry.name, entry.description or row.description
        row.statements = row.statements | entry.statements
        if old is None or before != (row.name, row.description, row.statements):
            row.changed_in = version
            (changed if old else new).append(row)
        rows[entry.name] = row
    Skill.objects.bulk_create(new)
    Skill.objects.bulk_update(changed, ["name", "description", "statements", "changed_in"], batch_size=200)
    return rows, [*_lines("new skill", new), *_lines("changed skill", changed)]


def _write_roles(roles: Iterable[RoleEntry], this: _Import) -> list[str]:
    known = {
        role.pk: role
        for role in CapabilityRole.objects.filter(framework=this.framework).prefetch_related("skills", "levels")
    }
    changes: list[str] = []
    for entry in roles:
        code = code_of(this.framework.slug, entry.name)
        role, said = _write_role(entry, known.pop(code, None), code=code, framework=this.framework)
        said += _write_listed(role, [this.skills[name] for name in entry.skills])
        said += _write_levels(entry, this, role=role)
        if said:
            CapabilityRole.objects.filter(pk=role.pk).update(changed_in=this.version)
        changes += said
    ended = [role for role in known.values() if role.ended_at is None]
    CapabilityRole.objects.filter(pk__in=[role.pk for role in ended]).update(ended_at=this.now, changed_in=this.version)
    return [*changes, *_lines("ended role", ended)]


def _write_role(
    entry: RoleEntry, old: CapabilityRole | None, *, code: str, framework: Framework
) -> tuple[CapabilityRole, list[str]]:
    wanted = {"name": entry.name, "family": entry.family, "description": entry.description, "kind": entry.kind}
    if old is None:
        return CapabilityRole.objects.create(slug=code, framework=framework, **wanted), [f"new role: {entry.name}"]
    wanted["description"] = entry.description or old.description
    if old.ended_at is None and all(getattr(old, field) == value for field, value in wanted.items()):
        return old, []
    CapabilityRole.objects.filter(pk=code).update(**wanted, ended_at=None)
    return old, [f"changed role: {entry.name}"]


def _write_listed(role: CapabilityRole, listed: list[Skill]) -> list[str]:
    before = {skill.pk: skill for skill in role.skills.all()}
    role.skills.set(listed)
    more = [skill for skill in listed if skill.pk not in before]
    less = [skill for code, skill in before.items() if code not in {each.pk for each in listed}]
    return [*_lines(f"{role.name}, also lists", more), *_lines(f"{role.name}, no longer lists", less)]


def _write_levels(entry: RoleEntry, this: _Import, *, role: CapabilityRole) -> list[str]:
    known = {level.pk: level for level in role.levels.all()}
    changes: list[str] = []
    for position, each in enumerate(entry.levels):
        code = level_code(role.pk, role_name=entry.name, name=each.name)
        old = known.pop(code, None)
        description = each.description or (old.description if old else "")
        wanted = {"name": each.name, "description": description, "position": position, "ended_at": None}
        if old is None:
            RoleLevel.objects.create(code=code, role=role, **wanted)
            changes.append(f"new level of {entry.name}: {each.name}")
        elif any(getattr(old, field) != value for field, value in wanted.items()):
            RoleLevel.objects.filter(pk=code).update(**wanted)
            changes.append(f"changed level of {entry.name}: {each.name}")
        changes += _write_requirements(each, this, code=code)
    return [*changes, *_end_levels(known.values(), after=len(entry.levels), now=this.now)]


def _end_levels(gone: Iterable[RoleLevel], *, after: int, now: dt.datetime) -> Iterator[str]:
    """They stand behind those that are there, so that each has a position of its own."""
    for position, level in enumerate(gone, start=after):
        if level.position != position:
            RoleLevel.objects.filter(pk=level.pk).update(position=position)
        if level.ended_at is None:
            RoleLevel.objects.filter(pk=level.pk).update(ended_at=now)
            yield f"ended level: {level.name}"


def _write_requirements(entry: LevelEntry, this: _Import, *, code: str) -> Iterator[str]:
    """What the level asks for, of our skill where one stands for the framework's."""
    known = {each.stated_as_id or each.skill_id: each for each in Requirement.objects.filter(role_level=code)}
    for name, level in entry.asks.items():
        stated = this.skills[name].pk
        old = known.pop(stated, None)
        if old is None:
            _ask(code, stated=stated, skill=this.ours.get(stated, stated), level=level)
            yield f"{entry.name}, {name}: {level.label}"
        elif old.level != level:
            Requirement.objects.filter(pk=old.pk).update(level=level)
            yield f"{entry.name}, {name}: {Level(old.level).label} -> {level.label}"
    for stated, old in known.items():
        old.delete()
        yield f"{entry.name}, {stated}: {Level(old.level).label} -> not asked"


def _ask(code: str, *, stated: str, skill: str, level: Level) -> None:
    Requirement.objects.create(
        role_level_id=code,
        skill_id=skill,
        stated_as_id=stated if skill != stated else None,
        level=level,
        source=Requirement.Source.OFFICIAL,
    )


def _check_codes(content: Content, *, source: Source) -> None:
    """Raises SameCode."""
    named = [("skill", source.slug, each.name) for each in content.skills]
    for role in content.roles:
        named.append(("role", source.slug, role.name))
        named += [(f"level of {role.name}", source.slug, level.name) for level in role.levels]
    codes: dict[tuple[str, str], str] = {}
    for kind, before, name in named:
        first = codes.setdefault((kind, code_of(before, name)), name)
        if first != name:
            raise SameCode(_("“%(one)s” and “%(other)s” are too alike.") % {"one": first, "other": name})


def _lines(what: str, rows: "Iterable[Model]") -> Iterator[str]:
    return (f"{what}: {row}" for row in rows)
