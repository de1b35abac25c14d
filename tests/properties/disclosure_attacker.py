"""An attacker who has every figure of every night, view and slice, one's own reports' levels, and the staff records.

They know the rules, and even the order in which figures are rounded; not the secret starts. What they can work out is
what holds in every world that would give the same figures: whole-number programming finds the smallest and the largest
number that a cell can hold in one (scipy's HiGHS). The cell is theirs if the two are the same. The search is bounded by
its steps, not by time, so that every machine finds the same; where it ends before it is sure, the cell is in `unsure`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from upskill.reports.disclosure import NOBODY
from upskill.reports.figures import (
    FARTHEST,
    FARTHEST_OF_NONE,
    FEW_BELOW,
    FEW_BELOW_OF_NONE,
    FIGURES,
    HIDDEN_FEW,
    STEP,
)
from upskill.reports.night import Sliced

from .attacked_world import BANDS, TARGETS, TRADES, Person, Staffing, World, in_slice

LEVELS, MEASURED, SHORT = range(5), range(1, 7), 6  # none yet is not rounded: it is what is left
MOST_STEPS = 1000
MOST_NODES = 2000  # of the solver's search for one answer
IMPOSSIBLE = 2  # in place of an answer: milp's status
TARGET = int(TARGETS[1, 0])
ATTACKER = 0
TURNS = 8  # guesses that rule out many cells at once
Sum = Mapping[int, int]  # variable -> factor
Steps = dict[int, dict[int, int]]  # measure -> place within a root -> variable
PEOPLE = FIGURES.index("people")


@dataclass(frozen=True)
class Cell:
    """People whom one could want to know about: of a place and slice, at a level or below their target."""

    said: str
    night: int
    true: int  # beside the attacker's own reports
    others: frozenset[int]  # variables that it is the sum of
    before: frozenset[int] = frozenset()  # of a change: those to take away


class Program:
    """Variables that are whole numbers, and what is known of sums of them."""

    def __init__(self, most_nodes: int = MOST_NODES) -> None:
        self.most_nodes = most_nodes
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[Sum, float, float]] = []

    def variable(self, low: float, high: float) -> int:
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def know(self, total: Sum, *, low: float = -np.inf, high: float = np.inf) -> None:
        self.rows.append((total, low, high))

    def smallest(self, total: Sum) -> tuple[np.ndarray | None, bool]:
        """A world in which the sum is as small as it can be, and whether that is certain: the search is not endless,
        and may even end before it has found any.
        """
        cost = np.zeros(len(self.low))
        for variable, factor in total.items():
            cost[variable] = factor
        entries = [(n, at, factor) for n, (known, *_) in enumerate(self.rows) for at, factor in known.items()]
        row, column, factors = zip(*entries, strict=True)
        matrix = coo_matrix((factors, (row, column)), shape=(len(self.rows), len(self.low))).tocsr()
        answer = milp(
            cost,
            integrality=np.ones(len(self.low)),
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for *_, high in self.rows]),
            options={"node_limit": self.most_nodes},
        )
        if answer.status == IMPOSSIBLE:
            raise RuntimeError(f"The attacker holds the true world to be impossible: {answer.message}")
        return None if answer.x is None else np.rint(answer.x), answer.status == 0


@dataclass
class Attacker:
    """What somebody knows of a world. Give them what they see, then ask what they can tell."""

    world: World
    fresh_each_night: bool = False  # the rule of a leak: other starts each night
    program: Program = field(default_factory=Program)
    people: dict[tuple[int, Staffing, int], int] = field(default_factory=dict)  # (night, staffing, level) -> variable
    people_of: set[int] = field(default_factory=set)  # the nights of which there are variables
    seen: list[int] = field(default_factory=list)
    starts: dict[tuple, int] = field(default_factory=dict)
    counted: dict[tuple[str, str, str], int] = field(default_factory=dict)  # kind, name and root -> night of the counts
    steps: dict[tuple, Steps] = field(default_factory=dict)  # of a layout, in counts of a night
    unsure: list[str] = field(default_factory=list)  # the cells of which they could not say whether they are told

    def look(self, nights: Sequence[int] | None = None) -> "Attacker":
        """Take in everything that is published on these nights, or on all with news, and what staff records say."""
        self.seen = list(nights_with_news(self.world) if nights is None else nights)
        for night in self.seen:
            self._count(night)
        for night, shown in enumerate(self.world.published):
            for one in shown:
                counted = {(one.kind, one.name, root): night for root, _skill in one.anew}
                self.counted |= counted
                if night in self.seen:
                    self._read(night, one)
        for earlier, later in pairwise(self.seen):
            self._see_what_stood_still(earlier, later)
        return self

    def learn(self, cell: Cell) -> None:
        """They are told exactly what a cell holds, by a leak."""
        self.program.know(_sum(cell), low=cell.true, high=cell.true)

    # --- What is known ---

    def _count(self, night: int) -> None:
        """How many people, beside the attacker's reports, work where: known exactly. At which level: not."""
        for staffing, number in Counter(person.staffing for person in self._others(night)).items():
            self.people_of.add(night)
            levels = [self.program.variable(0, number) for _ in LEVELS]
            self.people |= {(night, staffing, level): variable for level, variable in enumerate(levels)}
            self.program.know(dict.fromkeys(levels, 1), low=number, high=number)

    def _see_what_stood_still(self, earlier: int, later: int) -> None:
        """Between two nights on which nobody else learned anything or moved, they know that nothing changed, but that
        a unit was perhaps split.
        """
        old, line = self.world.trees[earlier].size, self.world.line
        was = {unit: next(each for each in line(unit) if each < old) for unit in range(self.world.trees[later].size)}
        before = list(self._others(earlier))
        if before != [replace(person, unit=was[person.unit]) for person in self._others(later)]:
            return
        same: dict[tuple, Counter[int]] = {}
        for (night, staffing, level), variable in self.people.items():
            if night in (earlier, later):
                now = night == later
                place = was[staffing[0]] if now else staffing[0]
                same.setdefault((place, *staffing[1:], level), Counter())[variable] = 1 if now else -1
        for total in same.values():
            self.program.know(total, low=0, high=0)

    def _root(self, night: int, one: Sliced, block: tuple[int, int]) -> str:
        return self.world.paths(night)[one.layout.units[block[0]]]

    def _read(self, night: int, one: Sliced) -> None:
        """The figures of one slice: each says how many steps of five a running sum has gone. Those that stand were read
        on the night of their counts; all of government is the sum of both.
        """
        whole: dict[int, Counter[int]] = {measure: Counter() for measure in MEASURED}
        asked = 0
        for block in one.layout.blocks:
            then = self.counted[one.kind, one.name, self._root(night, one, block)]
            if then not in self.people_of:  # counted on a night that is not looked at
                return
            was, old = self._as_counted(night, then, one, block)
            steps, units = self._all_steps(then, was, old), _units(was, *old)
            asks_enough = self._asks_enough(then, was, units, team_of=units if old[0] else None)
            asked += self._asked(then, was, units) if asks_enough else 0
            for measure in MEASURED if asks_enough else LEVELS[1:]:
                whole[measure][steps[measure][old[1] - old[0]]] += 1
                whole[measure][steps[measure][0]] -= 1
            if then == night:
                self._read_root(night, one, block, steps)
        enough = asked - self._largest_team(night, one, None) >= FEW_BELOW
        self._see_row(one, 0, whole, enough=enough)

    def _read_root(self, night: int, one: Sliced, block: tuple[int, int], steps: Steps) -> None:
        first = block[0]
        for place in range(*block) if first else ():
            end = int(one.layout.end[place])
            gone = {
                measure: {steps[measure][end - first]: 1, steps[measure][place - first]: -1} for measure in MEASURED
            }
            units = _units(one, place, end)
            self._see_row(one, place, gone, enough=self._asks_enough(night, one, units, team_of=units))

    def _as_counted(self, night: int, then: int, one: Sliced, block: tuple[int, int]) -> tuple[Sliced, tuple[int, int]]:
        """What was shown of the slice on the night of a root's counts, and where the root stood."""
        root = self._root(night, one, block)
        was = next(each for each in self.world.published[then] if (each.kind, each.name) == (one.kind, one.name))
        return was, next(each for each in was.layout.blocks if self._root(then, was, each) == root)

    def _all_steps(self, then: int, was: Sliced, block: tuple[int, int]) -> Steps:
        key = (then, was.kind, was.name, block)
        if key not in self.steps:
            self.steps[key] = {measure: self._steps(then, was, block, measure) for measure in MEASURED}
        return self.steps[key]

    def _see_row(self, one: Sliced, place: int, gone: Mapping[int, Sum], *, enough: bool) -> None:
        people, reached = int(one.figures[place, 0, PEOPLE]) // STEP, Counter[int]()
        roots = max(one.roots, 1) if place == 0 else 1
        few_below = max(FEW_BELOW, STEP * ((FARTHEST + FARTHEST * roots) // STEP + 1))
        none_below = max(FEW_BELOW_OF_NONE, STEP * ((FARTHEST + FARTHEST_OF_NONE * roots) // STEP + 1))
        for measure in MEASURED:
            if measure != SHORT or enough:
                self._see(gone[measure], int(one.figures[place, 0, measure]), low=0, few_below=few_below)
            if measure in LEVELS:
                reached.update(gone[measure])
        none = int(one.figures[place, 0, 0])
        less = {variable: -factor for variable, factor in reached.items()}
        self._see(less, none, low=-np.inf, more=people, few_below=none_below)

    def _asks_enough(self, night: int, one: Sliced, units: set[int], *, team_of: set[int] | None) -> bool:
        """Whether the role asks ten people of these units for the skill, beside those of one manager. `team_of`: where
        their team is; None: anywhere.
        """
        return self._asked(night, one, units) - self._largest_team(night, one, team_of) >= FEW_BELOW

    def _asked(self, night: int, one: Sliced, units: set[int]) -> int:
        return sum(person.role == 1 for person in self._staff(night, one, units))

    def _largest_team(self, night: int, one: Sliced, units: set[int] | None) -> int:
        managers = Counter(person.manager for person in self._staff(night, one, units))
        del managers[NOBODY]
        return max(managers.values(), default=0)

    def _staff(self, night: int, one: Sliced, units: set[int] | None) -> Iterator[Person]:
        """As staff records say: who works in these units, or anywhere, in the slice."""
        for person in self.world.nights[night]:
            if (units is None or person.unit in units) and in_slice(person, one.kind, one.name):
                yield person

    def _see(self, gone: Sum, figure: int, *, low: float, few_below: int, more: int = 0) -> None:
        """A figure is five times the sum of `gone` and `more`, or hidden because that is small or large enough."""
        few = few_below // STEP - 1
        if figure >= 0:
            self.program.know(gone, low=figure // STEP - more, high=figure // STEP - more)
        elif figure == HIDDEN_FEW:
            self.program.know(gone, low=low - more, high=few - more)
        else:
            self.program.know(gone, low=few + 1 - more)

    def _steps(self, then: int, one: Sliced, block: tuple[int, int], measure: int) -> dict[int, int]:
        """Place within the block -> the steps of five that the running sum before it has reached."""
        start, running, own, found = self._start(then, one, block, measure), Counter[int](), 0, {}
        for place in range(block[0], block[1] + 1):
            step = found[place - block[0]] = self.program.variable(0, MOST_STEPS)
            known = Counter(running)
            known.update({start: 1, step: -STEP})
            self.program.know(known, low=-own, high=STEP - 1 - own)
            units = _units(one, place, place + 1) if place < block[1] else set()
            running.update(self._variables(then, units=units, kind=one.kind, name=one.name, measure=measure))
            own += self._own_in(then, one, units, measure)
        return found

    def _start(self, night: int, one: Sliced, block: tuple[int, int], measure: int) -> int:
        key: tuple = (one.kind, one.name, int(one.layout.units[block[0]]), measure)
        key = (*key, night) if self.fresh_each_night else key
        if key not in self.starts:
            self.starts[key] = self.program.variable(0, STEP - 1)
        return self.starts[key]

    def _own_in(self, then: int, one: Sliced, units: set[int], measure: int) -> int:
        return sum(
            _counts(person, measure) and in_slice(person, one.kind, one.name)
            for person in self.world.nights[then]
            if person.manager == ATTACKER and person.unit in units
        )

    def _variables(self, night: int, *, units: Iterable[int], kind: str, name: str, measure: int) -> list[int]:
        wanted = set(units)
        return [
            variable
            for (when, (unit, band, trade, role), level), variable in self.people.items()
            if when == night and unit in wanted
            and in_slice(somebody := Person(unit, band, trade, role, level, NOBODY), kind, name)
            and _counts(somebody, measure)
        ]  # fmt: skip

    def _others(self, night: int) -> Iterator[Person]:
        return (person for person in self.world.nights[night] if person.manager != ATTACKER)

    # --- What can be told ---

    def everything(self) -> list[Cell]:
        """Every cell, also those that are no secret."""
        return [cell for night in self.seen for _what, cell in self._table(night)]

    def cells(self) -> list[Cell]:
        """Everything small that they could want to know, and every small change between nights."""
        found, nights = [], self.seen
        tables = {night: dict(self._table(night)) for night in nights}
        for table in tables.values():
            found += [cell for cell in table.values() if 0 < cell.true < STEP]
        for earlier, later in pairwise(nights):
            for what, cell in tables[later].items():
                old = tables[earlier].get(what)
                if old and 0 < abs(cell.true - old.true) < STEP and (cell.others or old.others):
                    said = f"{cell.said}, from night {earlier}"
                    found.append(Cell(said, later, true=cell.true - old.true, others=cell.others, before=old.others))
        return list({(cell.others, cell.before): cell for cell in reversed(found)}.values())

    def _table(self, night: int) -> Iterator[tuple[tuple, Cell]]:
        """Every unit, what is left of it without its shown parts, and what is left without its shown slices."""
        size, groups = (
            self.world.trees[night].size,
            [("", ""), *(("grade", n) for n in BANDS), *(("profession", n) for n in TRADES)],
        )
        shown = {(one.kind, one.name): one for one in self.world.published[night]}
        for unit in range(size):
            for kind, name in groups:
                yield from self._cells_of(night, ("whole", unit), self.world.below(unit, night=night), [(kind, name)])
                one = shown.get((kind, name))
                if one and unit in one.layout.units:
                    place = int(np.flatnonzero(one.layout.units == unit)[0])
                    piece = {each for each in range(size) if one.layout.piece[each] == place}
                    yield from self._cells_of(night, ("rest", unit), piece, [(kind, name)])

    def _cells_of(
        self, night: int, what: tuple, units: set[int], groups: list[tuple[str, str]]
    ) -> Iterator[tuple[tuple, Cell]]:
        for kind, name in groups:
            for measure in (*LEVELS, 6):
                variables = self._variables(night, units=units, kind=kind, name=name, measure=measure)
                true = sum(
                    _counts(person, measure) and in_slice(person, kind, name) and person.unit in units
                    for person in self._others(night)
                )
                said = f"{what[0]} of {what[1]}, {name or 'everybody'}, measure {measure}, night {night}"
                yield (*what, kind, name, measure), Cell(said, night, true=true, others=frozenset(variables))

    def found_out(self, cells: list[Cell] | None = None, *, seed: int = 0) -> list[str]:
        """The cells of which no other number is possible."""
        left, random = list(self.cells() if cells is None else cells), Random(seed)
        for turn in range(TURNS):
            if left:
                signs = [(1, -1)[turn] if turn < 2 else random.choice((1, -1)) for _ in left]
                left = _still_open(left, self.program.smallest(_weighted(left, signs))[0])
        told: list[str] = []
        while left:
            cell = left.pop()
            worlds = [self.program.smallest(_weighted([cell], [sign])) for sign in (1, -1)]
            for world, _certain in worlds:
                left = _still_open(left, world)
            if all(_still_open([cell], world) for world, _certain in worlds):
                sure = all(certain for _world, certain in worlds)
                (told if sure else self.unsure).append(f"{cell.said}: {cell.true}")
        return told


def _units(one: Sliced, start: int, stop: int) -> set[int]:
    """The units that are counted at these places."""
    return {unit for unit, at in enumerate(one.layout.piece) if start <= at < stop}


def nights_with_news(world: World) -> list[int]:
    """The nights on which anything is shown that the night before did not show."""

    def said(night: int) -> list[tuple[Any, ...]]:
        return [
            (o.kind, o.name, o.layout.units.tolist(), o.people.tolist(), o.figures.tolist())
            for o in world.published[night]
        ]

    return [night for night in range(len(world.published)) if not night or said(night) != said(night - 1)]


def _still_open(cells: list[Cell], world: np.ndarray | None) -> list[Cell]:
    """Those that hold in this world what they hold in truth; all, where none was found."""
    return [cell for cell in cells if world is None or _value(cell, world) == cell.true]


def _weighted(cells: list[Cell], signs: list[int]) -> Sum:
    weights: Counter[int] = Counter()
    for cell, sign in zip(cells, signs, strict=True):
        weights.update({variable: sign * factor for variable, factor in _sum(cell).items()})
    return weights


def _counts(person: Person, measure: int) -> bool:
    """Whether somebody counts in a measure: 0 to 4 is a level, 5 "needs", 6 "short"."""
    if measure in LEVELS:
        return person.level == measure
    return person.role == 1 and (measure == 5 or person.level < TARGET)


def _sum(cell: Cell) -> Sum:
    total = Counter(cell.others)
    total.subtract(cell.before)
    return total


def _value(cell: Cell, world: np.ndarray) -> int:
    return round(sum(factor * float(world[variable]) for variable, factor in _sum(cell).items()))
