"""Writes organisations, people, and where they work and worked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from upskill.people.models import Membership, Organisation, Succession, User

from . import copying, names, roles
from .copying import NULL
from .departments import Place
from .past import Past
from .posts import grades, professions
from .trees import NOBODY, Staff

REACH = dt.timedelta(days=10 * 365)  # how long ago the oldest post and every organisation began
FIELDS = (
    "Operations", "Customers", "Payments", "Casework", "Strategy", "Analysis", "Digital services", "Finance",
    "People", "Estates", "Delivery", "Standards", "Planning", "Compliance", "Enquiries", "Research",
    "Commercial", "Assurance", "Risk", "Communications", "Projects", "Data", "Support", "Improvement",
)  # fmt: skip
AREAS = (
    "North", "South", "East", "West", "Midlands", "Wales", "Scotland", "Northern Ireland", "Coast", "Central",
    "London", "Borders",
)  # fmt: skip


@dataclass(frozen=True)
class Hired:
    """What was written: the id of each person, id and path of each unit, and what each post is."""

    people: range
    units: list[int]
    paths: list[str]
    grades: list[str]
    professions: list[str]


def write(
    staff: Staff, *, places: Sequence[Place], past: Past, today: dt.date, since: dt.date | None,
    rng: np.random.Generator,
) -> Hired:  # fmt: skip
    """Everybody and everything. Nothing began before `since`, where that is given."""
    known, which = professions(staff, places, rng=rng)
    graded = grades(staff, places, professions=(known, which), rng=rng)
    people = _write_people(len(staff), today=today, rng=rng)
    hired = Hired(people, [], [], graded, [known[at] for at in which.tolist()])
    first_on = max(today - REACH, since or today - REACH)
    units = _Units(staff, places, people=people, past=past, first_on=first_on, today=today)
    hired.units.extend(units.write())
    hired.paths.extend(units.paths)
    _Posts(staff, places, past, hired, units, first_on=first_on, today=today).write()
    return hired


def _write_people(number: int, *, today: dt.date, rng: np.random.Generator) -> range:
    ids = copying.next_ids(User, rows=number)
    full, mail = names.names(number, rng=rng)
    columns: dict[str, copying.Column] = {
        "id": ids,
        "public_id": copying.uuids(number, rng=rng),
        "email": [names.address(each, number=at) for each, at in zip(mail, ids, strict=True)],
        "staff_number": [f"{at:08d}" for at in ids],
        "full_name": full,
        "joined_at": f"{today - REACH}T09:00:00Z",
    }
    copying.add(User, rows=number, columns=columns)
    return ids


class _Units:
    """The units as organisations: those of places that are there already are gone on with."""

    def __init__(
        self, staff: Staff, places: Sequence[Place], *, people: range, past: Past, first_on: dt.date, today: dt.date
    ) -> None:
        self.staff, self.places, self.people, self.past = staff, places, people, past
        self.first_on, self.today = first_on, today
        self.began = {unit: team.days_ago for team in past.teams for unit in team.successors}
        self.tops = {unit.place: at for at, unit in enumerate(staff.units) if unit.parent == NOBODY}
        taken = _highest_numbers([place.code for place in places])
        self.codes = [self._code(at, taken=taken) for at in range(len(staff.units))]
        self.paths: list[str] = []
        self.ids: list[int] = []
        self.earlier: range = range(0)

    def write(self) -> list[int]:
        """The id of each unit, once it is written."""
        units, there = self.staff.units, {self.tops[at]: place.id for at, place in enumerate(self.places) if place.id}
        new = [at for at in range(len(units)) if at not in there]
        numbers = dict(zip(new, copying.next_ids(Organisation, rows=len(new)), strict=True))
        self.ids = [there.get(at) or numbers[at] for at in range(len(units))]
        known = dict(Organisation.objects.filter(pk__in=there.values()).values_list("pk", "path"))
        for at in range(len(units)):
            self.paths.append(known[self.ids[at]] if at in there else f"{self._path_above(at)}{self.codes[at]}/")
        for at in there:
            _lead(self.ids[at], head=self._head(at))
        copying.add(Organisation, rows=len(new), columns=self._columns(new))
        self._write_earlier()
        return self.ids

    def _columns(self, new: list[int]) -> dict[str, copying.Column]:
        days = self.past_days
        return {
            "id": [self.ids[at] for at in new],
            "code": [self.codes[at] for at in new],
            "name": [self._name(at) for at in new],
            "kind": [self._kind(at) for at in new],
            "parent_id": [self._above(at) or NULL for at in new],
            "path": [self.paths[at] for at in new],
            "head_id": [self._head(at) or NULL for at in new],
            "valid_from": [days(self.began[at]) if at in self.began else str(self.first_on) for at in new],
        }

    def _write_earlier(self) -> None:
        """Teams that are no more, beside those that do their work now."""
        teams = self.past.teams
        self.earlier = copying.next_ids(Organisation, rows=len(teams))
        codes = [f"{self.codes[team.unit]}-before-{at}" for at, team in enumerate(teams)]
        above = [self.staff.units[team.unit].parent for team in teams]
        ended = [self.past_days(team.days_ago) for team in teams]
        columns: dict[str, copying.Column] = {
            "id": self.earlier,
            "code": codes,
            "name": [f"{self._name(team.unit)} (until {on[:4]})" for team, on in zip(teams, ended, strict=True)],
            "kind": [self._kind(team.unit) for team in teams],
            "parent_id": [self.ids[at] for at in above],
            "path": [f"{self.paths[at]}{code}/" for at, code in zip(above, codes, strict=True)],
            "valid_from": str(self.first_on - dt.timedelta(days=1)),
            "valid_to": ended,
        }
        copying.add(Organisation, rows=len(teams), columns=columns)
        follows = [(old, unit, on) for old, team, on in zip(self.earlier, teams, ended, strict=True)
                   for unit in team.successors]  # fmt: skip
        columns = {
            "predecessor_id": [old for old, _unit, _on in follows],
            "successor_id": [self.ids[unit] for _old, unit, _on in follows],
            "on": [on for _old, _unit, on in follows],
        }
        copying.add(Succession, rows=len(follows), columns=columns)

    def past_days(self, days: int) -> str:
        """The day so many days ago, none before everything began."""
        return str(max(self.first_on, self.today - dt.timedelta(days=days)))

    def _code(self, at: int, *, taken: dict[str, int]) -> str:
        unit = self.staff.units[at]
        code = self.places[unit.place].code
        return f"{code}-{taken.get(code, 0) + unit.number}" if unit.number else code

    def _above(self, at: int) -> int | None:
        """The id of the organisation above; of a place's topmost unit that of the place above."""
        unit = self.staff.units[at]
        if unit.parent != NOBODY:
            return self.ids[unit.parent]
        parent = self.places[unit.place].parent
        return None if parent is None else self.ids[self.tops[parent]]

    def _path_above(self, at: int) -> str:
        unit = self.staff.units[at]
        parent = self.places[unit.place].parent
        above = unit.parent if unit.parent != NOBODY else self.tops.get(NOBODY if parent is None else parent)
        return "" if above is None else self.paths[above]

    def _head(self, at: int) -> int | None:
        head = self.staff.units[at].head
        return None if head == NOBODY else self.people[head]

    def _kind(self, at: int) -> str:
        unit = self.staff.units[at]
        if unit.parent == NOBODY:
            return self.places[unit.place].kind
        return str(Organisation.Kind.DIRECTORATE if unit.has_parts else Organisation.Kind.TEAM)

    def _name(self, at: int) -> str:
        """What it does, where, and its number: no two in an organisation are called the same."""
        unit = self.staff.units[at]
        if unit.parent == NOBODY:
            return self.places[unit.place].name
        does, area = FIELDS[unit.number * 7 % len(FIELDS)], AREAS[unit.number * 5 % len(AREAS)]
        return f"{does} {area} {unit.number}" if unit.has_parts else f"{does} team {unit.number}"


class _Posts:
    """Who works where, and who worked where before."""

    def __init__(
        self, staff: Staff, places: Sequence[Place], past: Past, hired: Hired, units: _Units, *,
        first_on: dt.date, today: dt.date,
    ) -> None:  # fmt: skip
        self.staff, self.past, self.hired, self.units = staff, past, hired, units
        heads = [self._head_of(at, places=places) for at in range(len(places))]
        above = [self._leader_above(at, places=places, heads=heads) for at in range(len(places))]
        self.managers = [
            hired.people[manager] if manager != NOBODY else above[place] or NULL
            for manager, place in zip(staff.manager.tolist(), staff.place.tolist(), strict=True)
        ]
        longest = (today - first_on).days
        self.began = np.minimum(past.began, longest)
        self.days = [str(today - dt.timedelta(days=ago)) for ago in range(longest + 1)]
        self.asks = [
            roles.asked_of(path, profession=profession, grade=grade)
            for path, profession, grade in zip(
                [units.paths[at] for at in staff.unit.tolist()], hired.professions, hired.grades, strict=True
            )
        ]

    def _head_of(self, place: int, *, places: Sequence[Place]) -> int | None:
        """Who leads a place: whoever did already, or the person who was invented for it."""
        return places[place].head or self.units._head(self.units.tops[place])

    @staticmethod
    def _leader_above(place: int, *, places: Sequence[Place], heads: list[int | None]) -> int | None:
        """Whom those report to who report to nobody invented: the head there was, or that of the place above."""
        if places[place].head:
            return places[place].head
        parent = places[place].parent
        return None if parent is None else heads[parent]

    def write(self) -> None:
        """Everybody's post, and the earlier ones."""
        everybody = np.arange(len(self.staff))
        began = [self.days[ago] for ago in self.began.tolist()]
        self._write(everybody, [self.units.ids[at] for at in self.staff.unit.tolist()], self.managers, began, NULL)
        self._write_origins()
        self._write_reformed()

    def _write_origins(self) -> None:
        """Where those who moved worked before: below whoever leads that unit now."""
        movers = [
            (person, unit)
            for person, unit in zip(self.past.movers.tolist(), self.past.came_from.tolist(), strict=True)
            if unit != self.staff.unit[person] and 0 < self.began[person] < len(self.days) - 1
        ]
        persons = np.array([person for person, _unit in movers], dtype=np.int64)
        managers = [self.units._head(unit) or NULL for _person, unit in movers]
        self._write_before(persons, [self.units.ids[unit] for _person, unit in movers], managers)

    def _write_reformed(self) -> None:
        """Those who came with their team's work from an earlier team have worked there."""
        persons: list[int] = []
        teams: list[int] = []
        begun: dict[int, int] = {}
        for old, team in zip(self.units.earlier, self.past.teams, strict=True):
            for unit in team.successors:
                begun.setdefault(unit, old)  # of a merger the first
        moved = set(self.past.movers.tolist())
        for person in self.staff.in_units(list(begun)).tolist():
            if person not in moved and 0 < self.began[person] < len(self.days) - 1:
                persons.append(person)
                teams.append(begun[int(self.staff.unit[person])])
        chosen = np.array(persons, dtype=np.int64)
        self._write_before(chosen, teams, [self.managers[person] for person in persons])

    def _write_before(self, persons: "np.ndarray", organisations: list[int], managers: list) -> None:
        ends = self.began[persons]
        ended = [self.days[ago] for ago in ends.tolist()]
        begins = np.minimum(ends + 200 + persons % 1000, len(self.days) - 1)
        self._write(persons, organisations, managers, [self.days[ago] for ago in begins.tolist()], ended)

    def _write(
        self, persons: "np.ndarray", organisations: list[int], managers: list, begun: list[str], ended: copying.Column
    ) -> None:
        chosen = persons.tolist()
        columns: dict[str, copying.Column] = {
            "person_id": [self.hired.people[at] for at in chosen],
            "organisation_id": organisations,
            "line_manager_id": managers,
            "grade": [self.hired.grades[at] for at in chosen],
            "profession": [self.hired.professions[at] for at in chosen],
            "role": [self.asks[at][0] for at in chosen],
            "persona": [self.asks[at][1] for at in chosen],
            "valid_from": begun,
            "valid_to": ended,
        }
        copying.add(Membership, rows=len(chosen), columns=columns)


def _lead(organisation: int, *, head: int | None) -> None:
    """Let somebody invented lead an organisation that was there and has no head."""
    Organisation.objects.filter(pk=organisation, head=None).update(head=head)


def _highest_numbers(codes: list[str]) -> dict[str, int]:
    """Code -> the highest number of the units that somebody made below it before: those that come go on after it."""
    highest: dict[str, int] = {}
    for known in Organisation.objects.values_list("code", flat=True):
        code, _dash, number = known.rpartition("-")
        if number.isdecimal():
            highest[code] = max(highest.get(code, 0), int(number))
    return {code: highest[code] for code in codes if code in highest}
