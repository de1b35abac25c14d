"""Who leads whom: trees of staff with six to ten direct reports, and a unit for most of those who lead.

Everything is counted by place in a list, from 0: people in the order in which they were invented, units likewise.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .departments import Place

Ints = NDArray[np.int64]
NOBODY = -1
FEWEST, MOST = 6, 10  # direct reports, as a rule
STRETCHED = 13  # up to so many people stay one team
CROWDED = (0.01, 18, 32)  # how often a team is larger by far, and how large
OWN_UNIT = 0.5  # of the smallest teams, how many are a unit of their own; of larger ones all are


@dataclass
class Unit:
    """An organisation: the place whose own it is, or part of it; `number` counts the parts of a place."""

    place: int
    parent: int  # NOBODY: the topmost one of its place
    level: int  # 0 for the topmost
    number: int
    head: int = NOBODY
    has_parts: bool = False


@dataclass(frozen=True)
class Staff:
    """Everybody who was invented: their manager (NOBODY: whoever is above their place), unit, place and depth."""

    units: list[Unit]
    manager: Ints
    unit: Ints
    place: Ints
    depth: Ints

    def __len__(self) -> int:
        return len(self.manager)

    @property
    def leads(self) -> NDArray[np.bool_]:
        """Of each, whether anybody reports to them."""
        return np.bincount(self.manager[self.manager != NOBODY], minlength=len(self)) > 0

    def in_units(self, units: list[int]) -> Ints:
        """Who works in one of these."""
        return np.flatnonzero(np.isin(self.unit, units))


def grow(places: list[Place], *, rng: np.random.Generator) -> Staff:
    """A tree of staff for each place."""
    growth = _Growth(rng)
    for number, place in enumerate(places):
        growth.add(number, place)
    return growth.staff()


@dataclass
class _Growth:
    rng: np.random.Generator
    units: list[Unit] = field(default_factory=list)
    runs: list[tuple[int, int, int, int, int]] = field(default_factory=list)  # how many, manager, unit, place, depth
    people: int = 0

    def add(self, number: int, place: Place) -> None:
        """The place's topmost unit, its head unless it has one, and everybody below."""
        top = self._open_unit(Unit(place=number, parent=NOBODY, level=0, number=0))
        head, below, depth = NOBODY, place.people, 0
        if below and place.head is None:
            head, below, depth = self._hire(1, NOBODY, top, depth=0), below - 1, 1
            self.units[top].head = head
        waiting, parts = [(below, head, top, depth)], 0
        while waiting:
            below, leader, unit, depth = waiting.pop()
            for team in self._share_out(below, leader, unit, depth=depth):
                if team - 1 > STRETCHED or self.rng.random() < OWN_UNIT:
                    parts += 1
                    level = self.units[unit].level + 1
                    own = self._open_unit(Unit(place=number, parent=unit, level=level, number=parts))
                    self.units[unit].has_parts = True
                    lead = self.units[own].head = self._hire(1, leader, own, depth=depth)
                else:
                    own, lead = unit, self._hire(1, leader, unit, depth=depth)
                waiting.append((team - 1, lead, own, depth + 1))

    def _share_out(self, below: int, leader: int, unit: int, *, depth: int) -> list[int]:
        """So many people below a leader: some report directly and lead nobody; how large the teams of the others are,
        each with who leads it.
        """
        span = int(self.rng.integers(FEWEST, MOST + 1))
        often, few, many = CROWDED
        crowd = int(self.rng.integers(few, many)) if self.rng.random() < often else STRETCHED
        teams = min(span, (below - span) // FEWEST)
        if below <= crowd or teams < 1:
            self._hire(below, leader, unit, depth=depth)
            return []
        alone = span - teams
        self._hire(alone, leader, unit, depth=depth)
        return self._split(below - alone, teams)

    def _split(self, people: int, teams: int) -> list[int]:
        """Teams of unlike sizes, none too small for somebody to lead."""
        weights = self.rng.uniform(0.5, 1.5, teams)
        spare = people - teams * (FEWEST + 1)
        edges = np.rint(np.concatenate([[0], np.cumsum(weights) / weights.sum()]) * spare).astype(int)
        return [FEWEST + 1 + int(end - begin) for begin, end in pairwise(edges)]

    def _open_unit(self, unit: Unit) -> int:
        self.units.append(unit)
        return len(self.units) - 1

    def _hire(self, number: int, manager: int, unit: int, *, depth: int) -> int:
        """So many people who report to the same one; the first of them."""
        self.runs.append((number, manager, unit, self.units[unit].place, depth))
        self.people += number
        return self.people - number

    def staff(self) -> Staff:
        runs = np.array(self.runs, dtype=np.int64)
        manager, unit, place, depth = (np.repeat(column, runs[:, 0]) for column in runs[:, 1:].T)
        return Staff(units=self.units, manager=manager, unit=unit, place=place, depth=depth)
