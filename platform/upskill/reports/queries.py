"""What viewers see: an organisation as it was published last, without a name."""

import datetime as dt
from dataclasses import dataclass

from upskill.people import queries as people_queries
from upskill.people.models import Organisation, User, in_force
from upskill.skills.models import Skill

from . import published
from .figures import Figure
from .models import Publication


@dataclass(frozen=True)
class SkillRow:
    """How many people of an organisation are at each level of a skill, none yet first, or why that is hidden."""

    skill: Skill
    counts: tuple[Figure, ...]


@dataclass(frozen=True)
class Part:
    """An organisation and about how many people work there or below; None where it is too small for figures."""

    organisation: Organisation
    people: int | None


@dataclass(frozen=True)
class Department:
    """An organisation as its viewers see it: counts without names, and the parts just below it. Nothing is published
    where `publication` is None.
    """

    publication: Publication | None
    whole: Part
    rows: list[SkillRow]
    parts: list[Part]


def organisation_in_force(code: str, *, on: dt.date) -> Organisation | None:
    """The organisation with this code, if it exists on that day."""
    return Organisation.objects.filter(in_force(on), code=code).first()


def organisations_viewed_by(viewer: User, *, on: dt.date) -> list[Organisation]:
    """The organisations in force on that day whose counts somebody was given to see, by name. Three queries."""
    granted = [organisation.pk for organisation in people_queries.roles_of(viewer).organisations]
    return list(Organisation.objects.filter(in_force(on), pk__in=granted).order_by("name", "code"))


def above(organisation: Organisation) -> list[Organisation]:
    """The organisations that this one is a part of, topmost first."""
    codes = organisation.path.strip("/").split("/")[:-1]
    return list(Organisation.objects.filter(code__in=codes).order_by("path"))


def department(organisation: Organisation, *, viewer: User, on: dt.date) -> Department:
    """What this viewer sees of an organisation that is in force on that day: its newest publication, less what they
    could work out of it by what they know of their own reports. Six queries.
    """
    publication = published.newest(on)
    below = list(Organisation.objects.filter(in_force(on), parent=organisation).order_by("name", "code"))
    if publication is None:
        return Department(None, whole=Part(organisation, None), rows=[], parts=[Part(each, None) for each in below])
    found = published.unit(publication, path=organisation.path)
    people = {part.path: part.people for part in published.parts(publication, path=organisation.path)}
    names = {skill.pk: skill for skill in Skill.objects.filter(pk__in=publication.skills)}
    seen = published.as_seen(found, reports=published.own_reports(viewer, on=publication.on)) if found else None
    return Department(
        publication,
        whole=Part(organisation, seen.people if seen else None),
        rows=[SkillRow(names[row.skill], counts=row.levels) for row in seen.rows if row.skill in names] if seen else [],
        parts=[Part(each, people.get(each.path)) for each in below],
    )
