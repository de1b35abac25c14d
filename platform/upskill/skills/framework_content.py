"""What a framework says, before it is written to tables: skills, roles, their levels, and what these ask for."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .models import CapabilityRole, Level

FILE = Path(__file__).parent / "data" / "frameworks.json"


@dataclass(frozen=True)
class Source:
    """A framework in one version: what its row says."""

    slug: str
    name: str
    version: str
    licence: str
    source_url: str = ""


@dataclass(frozen=True)
class SkillEntry:
    """A skill. `statements`: level as text -> "You can ..."."""

    name: str
    description: str = ""
    statements: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LevelEntry:
    """A level of a role, and what it asks for: name of a skill -> level."""

    name: str
    description: str = ""
    asks: dict[str, Level] = field(default_factory=dict)


@dataclass(frozen=True)
class RoleEntry:
    """A role or persona, its levels from the lowest, and the names of all skills that it lists."""

    name: str
    family: str
    levels: tuple[LevelEntry, ...]
    skills: tuple[str, ...]
    description: str = ""
    kind: str = CapabilityRole.Kind.ROLE


@dataclass(frozen=True)
class Content:
    """All of a framework."""

    skills: tuple[SkillEntry, ...]
    roles: tuple[RoleEntry, ...]


GDAD = Source(
    slug="gdad",
    name="Government Digital and Data Profession Capability Framework",
    version="names of November 2026",
    licence="Open Government Licence v3.0",
    source_url="https://ddat-capability-framework.service.gov.uk/",
)
TURING = Source(
    slug="turing-ai-skills-business",
    name="AI Skills for Business Competency Framework",
    version="2, names only",
    licence="Names only, as cited",
    source_url="https://www.turing.ac.uk/skills/collaborate/ai-skills-business-framework",
)


def packaged() -> dict[Source, Content]:
    """What data/frameworks.json says of each framework: names, and required levels where they were read."""
    entries = json.loads(FILE.read_text(encoding="utf-8"))["roles"]
    roles = [_role(entry) for entry in entries if entry["framework"] == GDAD.slug]
    names = dict.fromkeys(skill for role in roles for skill in role.skills)
    [axis] = [entry for entry in entries if entry["framework"] == TURING.slug]
    return {GDAD: Content(tuple(map(SkillEntry, names)), tuple(roles)), TURING: _personas(axis)}


def _role(entry: dict[str, Any]) -> RoleEntry:
    verified = entry.get("verified_levels", {})
    return RoleEntry(
        name=entry["role"],
        family=entry["family"],
        levels=tuple(
            LevelEntry(name, asks={skill: Level[level.upper()] for skill, level in verified.get(name, {}).items()})
            for name in entry["levels"]
        ),
        skills=tuple(entry["skills"]),
    )


def _personas(entry: dict[str, Any]) -> Content:
    dimensions = tuple(entry["dimensions"])
    return Content(
        skills=tuple(map(SkillEntry, dimensions)),
        roles=tuple(
            RoleEntry(name, family="", levels=(LevelEntry(name),), skills=dimensions, kind=CapabilityRole.Kind.PERSONA)
            for name in entry["personas"]
        ),
    )
