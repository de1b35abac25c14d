"""The roles that departments of the demo, and of large invented populations, have written for themselves."""

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from upskill.people.models import Organisation, User

from . import roles
from .models import CapabilityRole, Level, Skill

FILE = Path(__file__).parent / "data" / "local_roles.yml"


@transaction.atomic
def add_to(organisation: Organisation, *, by: User | None, now: dt.datetime) -> int:
    """Make the roles of data/local_roles.yml roles of this organisation; returns how many are new.

    Safe to repeat: a role that is there stays as it is. What they ask of skills that no course here names is left out,
    and so is a role of which nothing is left.
    """
    known = Skill.objects.in_bulk()
    there = set(CapabilityRole.objects.filter(organisation=organisation).values_list("pk", flat=True))
    new = [
        each
        for each in _content()["roles"]
        if roles.code_of(organisation.code, each["id"]) not in there
        and any(skill in known for level in each["levels"] for skill in level["asks"])
    ]
    for each in new:
        role = roles.add_role(organisation, name=each["name"], family=each["family"], slug=each["id"], by=by, now=now)
        for level in each["levels"]:
            code = code_in(organisation.code, level=level["id"])
            added = roles.add_level(role, name=level["name"], slug=code, by=by, now=now)
            for skill, asked in level["asks"].items():
                if skill in known:
                    rank = Level[asked.upper()]
                    roles.set_requirement(added, skill=known[skill], level=rank, by=by, now=now)
    return len(new)


def level_for(*, profession: str, grade: str) -> str:
    """The id of the role level for a post of this profession and grade; "" where none fits."""
    return str(_fitting(profession, grade).get("id", ""))


def persona_for(*, profession: str, grade: str) -> str:
    """The code of the persona for a post of this profession and grade."""
    return str(_fitting(profession, grade).get("persona", _content()["personas"]["default"]))


def code_in(organisation: str, *, level: str) -> str:
    """The code of a role level, by its id, in the organisation with this code at the top of a tree."""
    return roles.code_of(organisation, level)


def _fitting(profession: str, grade: str) -> dict[str, Any]:
    levels = [level for role in _content()["roles"] for level in role["levels"]]
    fits = (
        level
        for level in levels
        if grade in level["grades"] and (level["professions"] == "any" or profession in level["professions"])
    )
    return next(fits, {})


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content
