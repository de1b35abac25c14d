"""What managers see: their own direct reports by name, live, and an organisation as it was published last."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F

from upskill.catalogue.models import ItemVersion
from upskill.people import queries as people_queries
from upskill.people.models import Organisation, User, in_force
from upskill.skills import queries as skills
from upskill.skills.models import Level, Skill

from . import published
from .figures import Figure
from .models import Publication

Levels = dict[tuple[int, str], Level]  # as skills.queries.levels gives them


@dataclass(frozen=True)
class TeamMember:
    """A direct report, and the level reached of each of the team's skills, in their order."""

    person: User
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Team:
    """The direct reports of a manager, by name, live. Skills that one of them has reached come first."""

    skills: list[Skill]
    members: list[TeamMember]

    def how_many_reach(self, level: Level) -> int:
        """How many people have reached this level, or a higher one, of at least one skill."""
        return sum(any(reached >= level for reached in member.levels) for member in self.members)


@dataclass(frozen=True)
class Reach:
    """Of how many people how many have reached a level; None where the number would tell of somebody by name."""

    people: int
    reached: int | None


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


def team(manager: User, *, on: dt.date) -> Team:
    """The manager's direct reports and their levels. Four queries, however many people."""
    people = list(people_queries.direct_reports(manager, on=on))
    levels = skills.levels([person.pk for person in people], on=on)
    reached = {skill for _person, skill in levels}
    columns = sorted(_skills_in_use(levels), key=lambda skill: skill.pk not in reached)
    return Team(skills=columns, members=[_member(person, columns=columns, levels=levels) for person in people])


def reach_of_team(manager: User, *, level: Level, on: dt.date) -> Reach:
    """How many of the manager's direct reports have reached this level of any skill. Two queries.

    Hidden in a team of fewer than five: there it says so much about each of them that it would be a look at their
    levels, and those are written down.
    """
    people = list(people_queries.direct_reports(manager, on=on).values_list("pk", flat=True))
    if len(people) < settings.SMALLEST_GROUP:
        return Reach(len(people), None)
    best = skills.levels(people, on=on)
    return Reach(len(people), len({person for (person, _skill), reached in best.items() if reached >= level}))


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


def _member(person: User, *, columns: list[Skill], levels: Levels) -> TeamMember:
    reached = tuple(levels.get((person.pk, skill.pk), Level.NONE) for skill in columns)
    return TeamMember(person=person, levels=reached)


def _skills_in_use(levels: Levels) -> list[Skill]:
    """The skills that a published course teaches now, and those that somebody has reached. Two queries."""
    current = ItemVersion.objects.filter(module__course_version=F("item__course__current_version"))
    taught = {award["skill"] for awards in current.values_list("skills", flat=True) for award in awards}
    return list(Skill.objects.filter(pk__in=taught | {skill for _person, skill in levels}))
