"""The figures of one night, out of what was counted. Pure: no database and no clock, so that tests can attack it.

Figures of a root organisation, slice and skill are made anew only when enough has changed, whatever any one line
manager's team did; until then those of the last time stand. With the same counts the same figures come out always: the
secret starts and orders never change.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from .counts import People, Reached, Slices, counted
from .disclosure import (
    LEVELS,
    NOBODY,
    Bools,
    Ints,
    Layout,
    Tree,
    added_up,
    largest_team,
    lay_out,
    protected,
    rounded,
    shown_units,
    walk_order,
)
from .figures import MEASURES, STEP

ENOUGH_NEW = 2 * STEP  # counts that differ for five people: each leaves one and enters another
OF_EACH_REPORT = 2  # counts that differ at most for one person
Key = tuple[str, str]  # path of a root, skill


@dataclass(frozen=True)
class Basis:
    """The counts behind figures that were made before: of which shown organisations, and [piece, measure]."""

    shown: str  # SHA-256 of their paths
    counts: Ints


@dataclass(frozen=True)
class Night:
    """What there is to publish."""

    tree: Tree
    paths: tuple[str, ...]  # of each organisation of the tree; "" for the whole of government
    people: People
    reached: Reached
    targets: Ints  # [role, skill]
    skills: list[str]
    secret: bytes


@dataclass(frozen=True)
class Sliced:
    """What is shown of one slice."""

    kind: str
    name: str
    layout: Layout
    people: Ints  # [place]
    figures: Ints  # [place, skill, measure], or why they are hidden
    anew: dict[Key, Basis] = field(default_factory=dict)  # of those that were made anew


def kinds_of(night: Night) -> Iterator[tuple[Slices, Bools]]:
    """Each kind of slices, and which organisations are shown in them. The first is everybody."""
    everybody = None
    for slices in night.people.slices:
        if not slices.names:
            continue
        staff = night.people.staff(slices)
        shown = shown_units(night.tree, staff, groups=len(slices.names), within=everybody)
        everybody = shown if everybody is None else everybody
        yield slices, shown


def order_of(night: Night) -> Ints:
    """The organisations in the order in which figures are rounded: siblings in one that nobody else can know."""
    lots = [int.from_bytes(_digest(night, "order", path)[:6]) for path in night.paths]
    return walk_order(night.tree, lots=np.array(lots, dtype=np.int64))


def sliced(night: Night, slices: Slices, *, group: int, shown: Bools, order: Ints, basis: dict[Key, Basis]) -> Sliced:
    """What is shown of one slice. `basis`: what the figures of this slice that are shown now were made of."""
    name, layout = slices.names[group], lay_out(night.tree, shown, order=order)
    piece = np.where(slices.group == group, layout.piece[night.people.home], NOBODY)
    true = counted(night.people, night.reached, targets=night.targets, piece=piece, pieces=len(layout.units))
    staff = np.bincount(piece[piece != NOBODY], minlength=len(layout.units))
    made = Sliced(slices.kind, name=name, layout=layout, people=np.zeros_like(staff), figures=true)
    teams = _teams(layout, piece=piece, manager=night.people.manager)
    pieces, heads, counts = np.zeros_like(true), np.zeros_like(staff), true.copy()
    for block, team in zip(layout.blocks, teams, strict=True):
        inside, root = slice(*block), night.paths[layout.units[block[0]]]
        used = counts[inside] = _used(night, made, block=block, true=true[inside], team=int(team), basis=basis)
        starts = _starts(night, root, kind=slices.kind, name=name)
        pieces[inside, :, 1:] = rounded(used[:, :, 1:], starts=starts[:, 1:])
        heads[inside] = rounded(staff[inside], starts=starts[0, 0])
    pieces[:, :, 0] = heads[:, None] - pieces[:, :, 1:LEVELS].sum(axis=2)  # so that a row adds up to all people
    made.people[:] = added_up(heads, layout)
    made.figures[:] = protected(added_up(pieces, layout), pieces=pieces, counts=counts, layout=layout)
    return made


def _used(
    night: Night, made: Sliced, *, block: tuple[int, int], true: Ints, team: int, basis: dict[Key, Basis]
) -> Ints:
    """The counts that are rounded, [piece, skill, measure] of one root: for each skill those of now or of last time."""
    units = [night.paths[unit] for unit in made.layout.units[slice(*block)]]
    shown, used = hashlib.sha256("\n".join(units).encode()).hexdigest(), true.copy()
    for number, skill in enumerate(night.skills):
        known = basis.get((units[0], skill))
        now = true[:, number]
        if known and known.shown == shown and not has_changed_enough(known.counts, now, team=team):
            used[:, number] = known.counts
        else:
            made.anew[units[0], skill] = Basis(shown, counts=now.copy())
    return used


def has_changed_enough(before: Ints, now: Ints, *, team: int) -> bool:
    """Whether figures are made anew: [piece, measure] differ by what five people make, and one whole team more.

    The manager of a team knows how that changed, and must not be able to tell from the next figures what others are.
    """
    differs = np.abs(now - before)
    most = max(differs[:, :LEVELS].sum(), differs[:, LEVELS:].sum())
    return bool(most >= ENOUGH_NEW + OF_EACH_REPORT * team)


def _teams(layout: Layout, *, piece: Ints, manager: Ints) -> Ints:
    """Of each block: the most people in it who report to one manager."""
    starts = np.array([start for start, _stop in layout.blocks], dtype=np.int64)
    block = np.where(piece == NOBODY, NOBODY, np.searchsorted(starts, piece, side="right") - 1)
    return largest_team(block, manager, cells=len(starts))


def _starts(night: Night, root: str, *, kind: str, name: str) -> Ints:
    """[skill, measure]: where the rounding of one root begins, 0 to 4; of none yet: that of all people."""
    starts = np.zeros((max(len(night.skills), 1), len(MEASURES)), dtype=np.int64)
    for number, skill in enumerate(night.skills):
        digest = _digest(night, "start", root, kind, name, skill)
        starts[number] = np.frombuffer(digest[: 2 * len(MEASURES)], dtype="<u2") % STEP
    starts[:, 0] = int.from_bytes(_digest(night, "people", root, kind, name)[:6]) % STEP
    return starts


def _digest(night: Night, *words: str) -> bytes:
    return hmac.digest(night.secret, "\n".join(words).encode(), "sha256")
