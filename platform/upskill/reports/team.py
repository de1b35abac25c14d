"""A manager's own direct reports by name, live: the level each has of each skill, and what their role asks for."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from upskill.catalogue.queries import skills_taught
from upskill.people import queries as people_queries
from upskill.people.models import Membership, User, in_force
from upskill.skills import queries as skills
from upskill.skills.models import Level, RoleLevel, Skill
from upskill.skills.validity import Standing

SOON = dt.timedelta(days=90)  # a level that ends within these is said to end soon


class Show(StrEnum):
    """Which skills of a team are shown."""

    TARGETS = "targets"  # that somebody's role asks for
    GAPS = "gaps"  # that somebody is short of
    ALL = "all"


@dataclass(frozen=True)
class Cell:
    """One skill of one person: where they stand, and the level that their role asks for (NONE: it does not ask)."""

    standing: Standing
    target: Level

    @property
    def level(self) -> Level:
        """The level that holds today."""
        return self.standing.level

    @property
    def is_short(self) -> bool:
        """Whether the role asks for more."""
        return self.target > self.level

    def ends_soon(self, *, on: dt.date) -> bool:
        """Whether the level holds today and no longer in 90 days, unless evidence is added."""
        return self.standing.expires_on is not None and self.standing.expires_on <= on + SOON


@dataclass(frozen=True)
class TeamMember:
    """A direct report, the name of the role of their post ("" for none), and a cell for each of the team's skills."""

    person: User
    role: str
    cells: tuple[Cell, ...]

    @property
    def needs(self) -> tuple[tuple[int, Level], ...]:
        """Of each skill that they are short of its place among the team's skills, and the level asked for."""
        return tuple((place, cell.target) for place, cell in enumerate(self.cells) if cell.is_short)


@dataclass(frozen=True)
class Team:
    """The direct reports of a manager, by name, live on a day. Skills that roles ask for come first, then those that
    somebody has.
    """

    on: dt.date
    skills: list[Skill]
    members: list[TeamMember]

    def how_many_reach(self, level: Level) -> int:
        """How many people have this level, or a higher one, of at least one skill."""
        return sum(any(cell.level >= level for cell in member.cells) for member in self.members)

    def column(self, place: int) -> list[tuple[TeamMember, Cell]]:
        """Everybody's cell of the skill at this place."""
        return [(member, member.cells[place]) for member in self.members]

    @property
    def has_targets(self) -> bool:
        """Whether anybody's role asks for anything."""
        return any(cell.target for member in self.members for cell in member.cells)

    def showing(self, show: Show) -> "Team":
        """The same team with these skills alone."""
        wanted: dict[Show, Callable[[Cell], bool]] = {
            Show.TARGETS: lambda cell: bool(cell.target),
            Show.GAPS: lambda cell: cell.is_short,
            Show.ALL: lambda cell: True,
        }
        places = [at for at in range(len(self.skills)) if any(wanted[show](cell) for _member, cell in self.column(at))]
        members = [replace(each, cells=tuple(each.cells[at] for at in places)) for each in self.members]
        return Team(on=self.on, skills=[self.skills[at] for at in places], members=members)


@dataclass(frozen=True)
class Reach:
    """Of how many people how many have reached a level, and how many are short of what their role asks for; None where
    the numbers would tell of somebody by name.
    """

    people: int
    reached: int | None
    short: int | None = None


def team(manager: User, *, on: dt.date) -> Team:
    """The manager's direct reports, their levels and targets. Six queries, however many people."""
    people = list(_with_roles(people_queries.direct_reports(manager, on=on), on=on))
    ids = [person.pk for person in people]
    stands, targets = skills.levels_with_days(ids, on=on), skills.targets(ids, on=on)
    asked, held = ({skill for _person, skill in pairs} for pairs in (targets, stands))
    columns = sorted(_skills_in_use(asked | held), key=lambda skill: (skill.pk not in asked, skill.pk not in held))
    members = []
    for person in people:
        pairs = [(person.pk, skill.pk) for skill in columns]
        cells = tuple(Cell(stands.get(pair, Standing()), targets.get(pair, Level.NONE)) for pair in pairs)
        members.append(TeamMember(person=person, role=person.role_name or "", cells=cells))  # type: ignore[attr-defined] # annotated
    return Team(on=on, skills=columns, members=members)


def reach_of_team(manager: User, *, level: Level, on: dt.date) -> Reach:
    """How many of the manager's direct reports have reached this level of any skill, and how many are short of what
    their role asks for. Four queries; one in a team of fewer than five.

    Hidden there: it says so much about each of them that it would be a look at their levels, and those are written
    down.
    """
    people = list(people_queries.direct_reports(manager, on=on).values_list("pk", flat=True))
    if len(people) < settings.SMALLEST_GROUP:
        return Reach(len(people), None)
    best, targets = skills.levels(people, on=on), skills.targets(people, on=on)
    return Reach(
        people=len(people),
        reached=len({person for (person, _skill), reached in best.items() if reached >= level}),
        short=len({pair[0] for pair, target in targets.items() if target > best.get(pair, Level.NONE)}),
    )


def _with_roles(people: "QuerySet[User]", *, on: dt.date) -> "QuerySet[User]":
    """With the name of the role level of each one's main post."""
    posts = Membership.objects.filter(in_force(on), person=OuterRef(OuterRef("pk")), is_main=True)
    code = Subquery(posts.order_by("-valid_from", "-pk").values("role")[:1])
    return people.annotate(role_name=Subquery(RoleLevel.objects.filter(code=code).values("name")[:1]))


def _skills_in_use(slugs: set[str]) -> list[Skill]:
    """These skills, and those that a published course teaches now. Two queries."""
    return list(Skill.objects.filter(pk__in=skills_taught() | slugs))
