"""The figures of one night, out of what was counted. Pure: no database and no clock, so that tests can attack it.

Figures of a root organisation, slice and skill are made of new counts only when enough has changed, whatever any one
line manager's team did; until then those of the last time are used again, organisation by organisation, also where
others are shown than then. With the same counts the same figures come out: the secret starts and orders never change.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from .counts import Led, People, Reached, Slices, counted
from .disclosure import (
    LEVELS,
    NEEDS,
    NOBODY,
    SHORT,
    Bools,
    Ints,
    Layout,
    Tree,
    added_up,
    largest_team,
    lay_out,
    protected,
    roots_of,
    rounded,
    shown_units,
    walk_order,
)
from .figures import MEASURES, STEP

ENOUGH_NEW = 2 * STEP  # counts of one kind that differ for five people: each leaves one and enters another
OF_EACH_REPORT = 2  # counts of one kind that differ at most for one person
Key = tuple[str, str]  # path of a root, skill


@dataclass(frozen=True)
class Basis:
    """The counts behind figures of one root, slice and skill, organisation by organisation, whichever are shown."""

    since: int  # the day that they are of, as a number
    home: Ints  # the organisations in which anybody counted
    counts: Ints  # [home, measure]


@dataclass(frozen=True)
class Night:
    """What there is to publish."""

    tree: Tree
    paths: tuple[str, ...]  # of each organisation of the tree; "" for the whole of government
    people: People
    led: Led
    reached: Reached
    targets: Ints  # [role, skill]
    skills: list[str]
    secret: bytes
    day: int  # as a number


@dataclass(frozen=True)
class Sliced:
    """What is shown of one slice."""

    kind: str
    name: str
    layout: Layout
    people: Ints  # [place]
    figures: Ints  # [place, skill, measure], or why they are hidden
    oldest: int  # the day of the oldest counts behind them, as a number
    roots: int  # that are rounded apart
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
    """What is shown of one slice. `basis`: the counts that figures of this slice were made of last time."""
    name, layout = slices.names[group], lay_out(night.tree, shown, order=order)
    piece = np.where(slices.group == group, layout.piece[night.people.home], NOBODY)
    staff = np.bincount(piece[piece != NOBODY], minlength=len(layout.units))
    behind = _behind(night, slices, group=group, layout=layout, basis=basis)
    counts, pieces = behind.counts, np.zeros_like(behind.counts)
    heads = np.zeros_like(staff)
    for block in layout.blocks:
        inside, root = slice(*block), night.paths[layout.units[block[0]]]
        starts = _starts(night, root, kind=slices.kind, name=name)
        pieces[inside, :, 1:] = rounded(counts[inside, :, 1:], starts=starts[:, 1:])
        heads[inside] = rounded(staff[inside], starts=starts[0, 0])
    pieces[:, :, 0] = heads[:, None] - pieces[:, :, 1:LEVELS].sum(axis=2)  # so that a row adds up to all people
    figures = protected(added_up(pieces, layout), pieces=pieces, counts=counts, layout=layout)
    return Sliced(
        slices.kind, name=name, layout=layout, people=added_up(heads, layout), figures=figures, oldest=behind.oldest,
        roots=roots_of(counts, layout), anew=behind.anew,
    )  # fmt: skip


@dataclass
class _Behind:
    """The counts that the figures of one slice are made of."""

    counts: Ints  # [piece, skill, measure]
    oldest: int
    anew: dict[Key, Basis] = field(default_factory=dict)


def _behind(night: Night, slices: Slices, *, group: int, layout: Layout, basis: dict[Key, Basis]) -> _Behind:
    """For each root and skill the counts of last time, or of now where enough has changed since."""
    works = (slices.group == group) & (layout.piece[night.people.home] != NOBODY)
    homes, place = np.unique(np.where(works, night.people.home, NOBODY), return_inverse=True)
    first = int(len(homes) > 0 and homes[0] == NOBODY)
    homes, place = homes[first:], place - first
    true = counted(night.people, night.reached, targets=night.targets, piece=place, pieces=len(homes))
    behind = _Behind(_in_pieces(true, layout.piece[homes], pieces=len(layout.units)), oldest=night.day)
    teams = _Teams(night.led, layout, group=night.led.groups[slices.kind] == group)
    for number, (start, stop) in enumerate(layout.blocks):
        root, mine = night.paths[layout.units[start]], (layout.piece[homes] >= start) & (layout.piece[homes] < stop)
        for skill, slug in enumerate(night.skills):
            known, now = basis.get((root, slug)), behind.counts[start:stop, skill]
            before = _again(known, layout=layout, start=start, stop=stop) if known else now
            if known and not has_changed_enough(before, now, team=teams.largest(number, since=known.since)):
                behind.counts[start:stop, skill] = before
                behind.oldest = min(behind.oldest, known.since)
            else:
                behind.anew[root, slug] = Basis(night.day, home=homes[mine], counts=true[mine, skill])
    return behind


def _again(known: Basis, *, layout: Layout, start: int, stop: int) -> Ints:
    """[piece, measure] of a root: the counts of then in what is shown now. What left the root since counts at its top,
    so that the figures of others do not tell how many that were.
    """
    piece = layout.piece[known.home] - start
    return _in_pieces(known.counts, np.where((piece >= 0) & (piece < stop - start), piece, 0), pieces=stop - start)


def _in_pieces(counts: Ints, piece: Ints, *, pieces: int) -> Ints:
    found = np.zeros((pieces, *counts.shape[1:]), dtype=np.int64)
    np.add.at(found, piece, counts)
    return found


def has_changed_enough(before: Ints, now: Ints, *, team: int) -> bool:
    """Whether figures are made anew: [piece, measure] differ by what five people make, and one whole team more, among
    the levels, those who need the skill or those who are short of it.

    The manager of a team knows how that changed, and must not be able to tell from the next figures what others are.
    """
    differs = np.abs(now - before)
    most = max(differs[:, :LEVELS].sum(), differs[:, NEEDS].sum(), differs[:, SHORT].sum())
    return bool(most >= ENOUGH_NEW + OF_EACH_REPORT * team)


class _Teams:
    """Of each block: the most people in it who have reported to one manager, on whichever days."""

    def __init__(self, led: Led, layout: Layout, *, group: Bools) -> None:
        starts = np.array([start for start, _stop in layout.blocks], dtype=np.int64)
        piece = layout.piece[led.home]
        inside = group & (piece != NOBODY)
        self._block = np.searchsorted(starts, piece[inside], side="right") - 1
        self._person, self._manager, self._last = led.person[inside], led.manager[inside], led.last[inside]
        self._blocks, self._known = len(starts), dict[int, Ints]()

    def largest(self, block: int, *, since: int) -> int:
        """Of those who reported on any day from this one on; the day before too, as what it left shows on this one."""
        if since not in self._known:
            held = self._last >= since
            rows = np.unique(np.stack([self._block[held], self._manager[held], self._person[held]]), axis=1)
            self._known[since] = largest_team(rows[0], rows[1], cells=self._blocks)
        return int(self._known[since][block])


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
