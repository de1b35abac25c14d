"""A small civil service over some nights, with what was published of it, to be attacked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np

from upskill.reports.counts import Led, People, Reached, Slices
from upskill.reports.disclosure import NOBODY, Tree
from upskill.reports.night import Basis, Night, Sliced, kinds_of, order_of, sliced

SKILLS = ["fairness"]
BANDS, TRADES = ("EO", "SCS"), ("Tax", "Policy")
TARGETS = np.array([[0], [2]])  # of the roles "" and "analyst"
MOST_NEW = 4  # units by splits
Staffing = tuple[int, int, int, int]  # what stands in the staff records: unit, band, trade, role


@dataclass
class Person:
    """Somebody on one night. `trade` may be NOBODY."""

    unit: int
    band: int
    trade: int
    role: int
    level: int
    manager: int

    @property
    def staffing(self) -> Staffing:
        return self.unit, self.band, self.trade, self.role


@dataclass
class World:
    """Who works where under which organisations, and what was published, of each night. Manager 0 is the attacker.

    A unit keeps its number: one that was split stays, empty, and may stand before a unit that its parts went to.
    """

    trees: list[Tree]
    nights: list[list[Person]]
    published: list[list[Sliced]] = field(default_factory=list)
    origin: dict[int, int] = field(default_factory=dict)  # unit -> the one that was split into it

    def paths(self, night: int) -> tuple[str, ...]:
        """The path of each unit on that night."""
        tree = self.trees[night]
        paths = [""] * tree.size
        for unit in np.argsort(tree.depth, kind="stable")[1:]:
            paths[unit] = f"{paths[tree.parent[unit]]}{unit}/"
        return tuple(paths)

    def below(self, unit: int, *, night: int) -> set[int]:
        """The unit, or what it was split into, and everything below on that night."""
        tree = self.trees[night]
        became = {each for each in range(tree.size) if unit in self.line(each)}
        return {each for each in range(tree.size) if became.intersection(tree.above[:, each].tolist())}

    def line(self, unit: int) -> list[int]:
        """The unit, the one that was split into it, and so on."""
        line = [unit]
        while line[-1] in self.origin:
            line.append(self.origin[line[-1]])
        return line

    def open_units(self) -> list[int]:
        """Those that are there on the last night."""
        return [unit for unit in range(1, self.trees[-1].size) if unit not in self.origin.values()]


def night_of(world: World, number: int, *, secret: bytes) -> Night:
    staff = world.nights[number]

    def column(name: str) -> np.ndarray:
        return np.array([getattr(person, name) for person in staff], dtype=np.int64)

    slices = (
        Slices("", names=("",), group=np.zeros(len(staff), dtype=np.int64)),
        Slices("grade", names=BANDS, group=column("band")),
        Slices("profession", names=TRADES, group=column("trade")),
    )
    people = People(
        np.arange(len(staff)), home=column("unit"), manager=column("manager"), role=column("role"),
        roles=("", "analyst"), slices=slices,
    )  # fmt: skip
    reached = np.flatnonzero(column("level"))
    return Night(
        world.trees[number],
        paths=world.paths(number),
        people=people,
        led=led_until(world, number),
        reached=Reached(reached, skill=np.zeros(len(reached), dtype=np.int64), level=column("level")[reached]),
        targets=TARGETS,
        skills=SKILLS,
        secret=secret,
        day=number,
    )


def led_until(world: World, number: int) -> Led:
    """Who has reported to whom on any night so far, with every place where they counted."""
    posts: dict[int, set[tuple[int, int, int]]] = {}
    until: dict[tuple[int, int], int] = {}
    for night, staff in enumerate(world.nights[: number + 1]):
        for place, person in enumerate(staff):
            posts.setdefault(place, set()).add((person.unit, person.band, person.trade))
            if person.manager != NOBODY:
                until[place, person.manager] = night + 1
    rows = [
        (place, manager, unit, last, band, trade)
        for (place, manager), last in until.items() for unit, band, trade in posts[place]
    ]  # fmt: skip
    persons, managers, homes, lasts, bands, trades = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    groups = {"": np.zeros_like(persons), "grade": bands, "profession": trades}
    return Led(persons, managers, homes, lasts, groups=groups)


def publish(
    world: World,
    *,
    secret: bytes,
    each_night: Callable[[int], bytes] | None = None,
) -> None:
    """Publish every night. `each_night`: the secret of each, and nothing is carried on, which is a leak."""
    kept: dict[tuple[str, str], dict] = {}
    for number in range(len(world.nights)):
        night = night_of(world, number, secret=each_night(number) if each_night else secret)
        order, tonight = order_of(night), []
        for slices, shown in kinds_of(night):
            for group, name in enumerate(slices.names):
                if shown.units[group].any():
                    basis: dict[tuple[str, str], Basis] = {} if each_night else kept.get((slices.kind, name), {})
                    one = sliced(night, slices, group=group, shown=shown, order=order, basis=basis)
                    kept[slices.kind, name] = basis | one.anew
                    tonight.append(one)
        world.published.append(tonight)


def in_slice(person: Person, kind: str, name: str) -> bool:
    """Whether somebody counts in a slice."""
    return {"": lambda: True, "grade": lambda: BANDS[person.band] == name,
            "profession": lambda: person.trade != NOBODY and TRADES[person.trade] == name}[kind]()  # fmt: skip


# --- Worlds ----------------------------------------------------------------------------------------------------------


def small_world(random: Random, *, nights: int) -> World:
    """A department or two of some units, each of some people who are much alike, and what happens each night."""
    tree = _tree(random)
    first = [person for unit in range(1, tree.size) for person in _people_of(random, unit)]
    _give_managers(random, first)
    world = World([tree], nights=[first])
    for _ in range(nights - 1):
        _add_night(random, world)
    return world


def _tree(random: Random) -> Tree:
    parent, depth = [NOBODY], [0]
    for number in range(1, random.randint(3, 7)):
        above = 0 if number == 1 or random.random() < 0.15 else random.randint(1, number - 1)
        parent.append(above)
        depth.append(depth[above] + 1)
    return Tree(np.array(parent), depth=np.array(depth))


def _people_of(random: Random, unit: int) -> Iterator[Person]:
    kinds = random.randint(1, 4)
    for _ in range(kinds):
        alike = Person(
            unit, band=random.choice([0, 0, 1]), trade=random.choice([0, 1, NOBODY]), role=random.choice([0, 1]),
            level=random.choice([0, 0, 1, 2, 3, 4]), manager=NOBODY,
        )  # fmt: skip
        for _ in range(random.choice([1, 2, 3, 4, 6, 11, 12, 16])):
            yield replace(alike)


def _give_managers(random: Random, staff: list[Person]) -> None:
    """Manager 0 is the attacker, with some of the people of one unit, perhaps of its neighbour's too."""
    order = sorted(staff, key=lambda person: (person.unit, random.random()))
    start = random.randrange(len(order))
    mine = order[start : start + random.choice([0, 1, 5, 8])]
    for number, person in enumerate(order):
        person.manager = 1 + number // random.choice([4, 8]) if person not in mine else 0


def _add_night(random: Random, world: World) -> None:
    """A quiet night, or one on which the attacker's team alone learns, or some, or many; on which people move, somebody
    joins or leaves; or on which a unit is split or goes below another one.
    """
    kind = random.choice(["quiet", "mine", "some", "many", "moves", "joins", "leaves", "split", "reorganised"])
    if kind == "split" and len(world.origin) < MOST_NEW:
        _split(random, world)
        return
    if kind == "reorganised":
        _reorganise(random, world)
        return
    staff = list(_changed(random, world.nights[-1], kind=kind, units=world.open_units()))
    if kind == "joins":
        staff.append(replace(random.choice(staff), level=random.choice([0, 1, 2, 4])))
    if kind == "leaves":
        staff.remove(random.choice(staff))
    world.trees.append(world.trees[-1])
    world.nights.append(staff)


def _changed(random: Random, staff: list[Person], *, kind: str, units: list[int]) -> Iterator[Person]:
    share = {"mine": 0.8, "some": 0.1, "many": 0.5, "moves": 0.3}.get(kind, 0.0)
    for person in staff:
        if random.random() >= share or (kind == "mine" and person.manager != 0):
            yield replace(person)
        elif kind == "moves":
            yield replace(person, unit=random.choice(units))
        else:
            yield replace(person, level=random.choice([0, 1, 2, 2, 3, 4]))


def _split(random: Random, world: World) -> None:
    """A unit becomes two, which take over its people and parts. On some such nights a few people learn, too."""
    tree, old = world.trees[-1], random.choice(world.open_units())
    new = [tree.size, tree.size + 1]
    parent = np.append(tree.parent, tree.parent[[old, old]])
    for part in np.flatnonzero(tree.parent == old):
        parent[part] = random.choice(new)
    world.trees.append(Tree(parent, depth=np.append(tree.depth, tree.depth[[old, old]])))
    world.origin |= dict.fromkeys(new, old)
    staff = list(_changed(random, world.nights[-1], kind=random.choice(["quiet", "some"]), units=new))
    for person in staff:
        if person.unit == old:
            person.unit = random.choice(new)
    world.nights.append(staff)


def _reorganise(random: Random, world: World) -> None:
    """A unit without parts goes below another one, or becomes a department. Nobody learns anything."""
    tree, units = world.trees[-1], world.open_units()
    unit = random.choice([each for each in units if each not in tree.parent])
    parent, depth = tree.parent.copy(), tree.depth.copy()
    parent[unit] = random.choice([0, *(each for each in units if each != unit)])
    depth[unit] = depth[parent[unit]] + 1
    world.trees.append(Tree(parent, depth=depth))
    world.nights.append([replace(person) for person in world.nights[-1]])
