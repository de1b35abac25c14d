"""Who worked elsewhere before: people who moved, and teams whose work others did before them."""

from dataclasses import dataclass

import numpy as np

from .trees import NOBODY, Ints, Staff

MOVED = 0.05  # of all people, within the last year
SAME_PLACE = 0.8  # of these, within their organisation
YEARS = 8  # since when others have worked where they do, at most
REFORMED = 0.01  # of teams without parts
REFORM_DAYS = (60, 600)  # how long ago


@dataclass(frozen=True)
class Earlier:
    """A team that is no more: its number among them, which units do its work now, and how many days ago they began."""

    unit: int  # whose place in the tree it had
    successors: tuple[int, ...]
    days_ago: int


@dataclass(frozen=True)
class Past:
    """When everybody's post began (days ago), who moved from which unit to where they are, and the earlier teams."""

    began: Ints
    movers: Ints
    came_from: Ints
    teams: list[Earlier]


def past(staff: Staff, *, rng: np.random.Generator) -> Past:
    """A past for everybody."""
    began = rng.integers(400, YEARS * 365, len(staff))
    may_move = np.flatnonzero(~staff.leads)
    movers = np.sort(rng.permutation(may_move)[: round(MOVED * len(staff))])
    began[movers] = rng.integers(1, 365, len(movers))
    teams = _reformed(staff, rng=rng)
    for team in teams:
        there = staff.in_units(list(team.successors))
        began[there] = np.minimum(began[there], team.days_ago)
    return Past(began, movers, _origins(staff, movers, rng=rng), teams)


def _origins(staff: Staff, movers: Ints, *, rng: np.random.Generator) -> Ints:
    """The unit in which each of them worked before: where a lot falls on somebody of their place, or of any."""
    order = np.argsort(staff.place, kind="stable")
    begins = np.searchsorted(staff.place[order], np.arange(staff.place.max(initial=0) + 2))
    place = staff.place[movers]
    near = order[(begins[place] + rng.random(len(movers)) * (begins[place + 1] - begins[place])).astype(np.int64)]
    far = rng.integers(0, len(staff), len(movers))
    return staff.unit[np.where(rng.random(len(movers)) < SAME_PLACE, near, far)]


def _reformed(staff: Staff, *, rng: np.random.Generator) -> list[Earlier]:
    """Teams that came out of others, by turns one of one (a new name), two of one (a split), one of two (a merger)."""
    leaves = [at for at, unit in enumerate(staff.units) if not unit.has_parts and unit.parent != NOBODY]
    drawn = sorted(rng.permutation(leaves)[: max(1, round(REFORMED * len(leaves)))].tolist()) if leaves else []
    siblings: dict[int, list[int]] = {}
    for at in leaves:
        siblings.setdefault(staff.units[at].parent, []).append(at)
    teams, used = [], set(drawn)
    for turn, unit in enumerate(drawn):
        days = int(rng.integers(*REFORM_DAYS))
        beside = next((each for each in siblings[staff.units[unit].parent] if each not in used), None)
        if turn % 3 == 1 and beside is not None:
            used.add(beside)
            teams.append(Earlier(unit, (unit, beside), days))
        else:
            teams += [Earlier(unit, (unit,), days)] * (2 if turn % 3 == 2 else 1)
    return teams
