"""The figures of one night, out of what was counted. Pure: no database and no clock, so that tests can attack it.

Figures of a root organisation, slice and skill are made of new counts only when enough has changed, whatever any one
line manager's team did. Until then those of the last time stand as they were, whatever else happens: of what is shown
tonight and was not shown then, or has moved since, nothing is told. With the same counts the same figures come out: the
secret starts and orders never change.
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
    Shown,
    Tree,
    added_up,
    largest_team,
    lay_out,
    limits_of,
    protected,
    protected_whole,
    rounded,
    shown_units,
    walk_order,
)
from .figures import FEW_BELOW, FIGURES, HIDDEN_NEW, MEASURES, STEP

ENOUGH_NEW = 2 * STEP  # counts of one kind that differ for five people: each leaves one and enters another
NOTHING = -1  # in place of a number of people
OF_EACH_REPORT = 2  # counts of one kind that differ at most for one person
Key = tuple[str, str]  # path of a root, skill


@dataclass(frozen=True)
class Basis:
    """What was counted of one root, slice and skill, and the figures that were made of it."""

    since: int  # the day that they are of, as a number
    home: Ints  # the organisations in which anybody counted
    counts: Ints  # [home, measure]
    unit: Ints  # the organisations that were shown
    parent: Ints  # of each of these
    figures: Ints  # [unit, figure]: of FIGURES, or why it is hidden
    whole: Ints  # [figure]: of all of it, rounded, or NOTHING: what it gives to the figures of government


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
    figures: Ints  # [place, skill, figure]: of FIGURES, or why it is hidden
    oldest: int  # the day of the oldest counts behind them, as a number
    roots: int  # that are rounded apart
    anew: dict[Key, Basis] = field(default_factory=dict)  # of those that were made anew


def kinds_of(night: Night) -> Iterator[tuple[Slices, Shown]]:
    """Each kind of slices, and which organisations are shown in them. The first is everybody."""
    everybody = None
    for slices in night.people.slices:
        if not slices.names:
            continue
        staff = night.people.staff(slices)
        shown = shown_units(night.tree, staff, groups=len(slices.names), within=everybody)
        everybody = shown.units if everybody is None else everybody
        yield slices, shown


def order_of(night: Night) -> Ints:
    """The organisations in the order in which figures are rounded: siblings in one that nobody else can know."""
    lots = [int.from_bytes(_digest(night, "order", path)[:6]) for path in night.paths]
    return walk_order(night.tree, lots=np.array(lots, dtype=np.int64))


def sliced(night: Night, slices: Slices, *, group: int, shown: Shown, order: Ints, basis: dict[Key, Basis]) -> Sliced:
    """What is shown of one slice. `basis`: what figures of this slice were made of last time."""
    name, layout = slices.names[group], lay_out(night.tree, shown.units[group], order=order)
    fresh = _fresh(night, slices, group=group, layout=layout, team=shown.team[group])
    standing = _standing(night, layout, fresh=fresh, group=night.led.groups[slices.kind] == group, basis=basis)
    _add_government(standing, layout=layout, team=int(shown.team[group, 0]))
    return Sliced(
        slices.kind, name=name, layout=layout, people=fresh.people, figures=standing.figures, oldest=standing.oldest,
        roots=standing.roots, anew=standing.anew,
    )  # fmt: skip


# --- New figures -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fresh:
    """The figures that would be shown if all of them were made anew tonight."""

    home: Ints
    true: Ints  # [home, skill, measure]
    counts: Ints  # [piece, skill, measure]
    people: Ints  # [place]
    figures: Ints  # [place, skill, figure]
    whole: Ints  # [block, skill, figure]: what it gives to the figures of government


def _fresh(night: Night, slices: Slices, *, group: int, layout: Layout, team: Ints) -> _Fresh:
    works = (slices.group == group) & (layout.piece[night.people.home] != NOBODY)
    homes, place = np.unique(np.where(works, night.people.home, NOBODY), return_inverse=True)
    first = int(len(homes) > 0 and homes[0] == NOBODY)
    homes, place = homes[first:], place - first
    true = counted(night.people, night.reached, targets=night.targets, piece=place, pieces=len(homes))
    counts = _in_pieces(true, layout.piece[homes], pieces=len(layout.units))
    staff = np.bincount(layout.piece[night.people.home[works]], minlength=len(layout.units))
    pieces, heads = _rounded(night, layout, counts=counts, staff=staff, kind=slices.kind, name=slices.names[group])
    told = protected(added_up(pieces, layout), pieces=pieces, counts=counts, layout=layout, team=team[layout.units])
    people = added_up(heads, layout)
    spread = np.broadcast_to(people[:, None, None], (*told.shape[:2], 1))
    return _Fresh(
        homes, true=true, counts=counts, people=people, figures=np.concatenate([told, spread], axis=-1),
        whole=_wholes(pieces, heads=heads, counts=counts, layout=layout, team=team),
    )  # fmt: skip


def _rounded(night: Night, layout: Layout, *, counts: Ints, staff: Ints, kind: str, name: str) -> tuple[Ints, Ints]:
    """The pieces in steps of five: [piece, skill, measure], and how many people are in each."""
    pieces, heads = np.zeros_like(counts), np.zeros_like(staff)
    for block in layout.blocks:
        inside, root = slice(*block), night.paths[layout.units[block[0]]]
        starts = _starts(night, root, kind=kind, name=name)
        pieces[inside, :, 1:] = rounded(counts[inside, :, 1:], starts=starts[:, 1:])
        heads[inside] = rounded(staff[inside], starts=starts[0, 0])
    pieces[:, :, 0] = heads[:, None] - pieces[:, :, 1:LEVELS].sum(axis=2)  # so that a row adds up to all people
    return pieces, heads


def _wholes(pieces: Ints, *, heads: Ints, counts: Ints, layout: Layout, team: Ints) -> Ints:
    """What each block gives to the figures of government. Where beside one team the role asks few of it, it gives
    nothing to *needs* and *short*: what is hidden of it cannot be worked out from the whole, on any night.
    """
    starts = [start for start, _stop in layout.blocks]
    whole = np.add.reduceat(pieces, starts, axis=0)
    asked = np.add.reduceat(counts[..., NEEDS], starts, axis=0)
    whole[..., NEEDS:][asked - team[layout.units[starts], None] < FEW_BELOW] = NOTHING
    people = np.add.reduceat(heads, starts)
    return np.concatenate([whole, np.broadcast_to(people[:, None, None], (*whole.shape[:2], 1))], axis=-1)


# --- Those that stand ------------------------------------------------------------------------------------------------


@dataclass
class _Standing:
    """The figures of tonight: new ones, or those that stand."""

    figures: Ints  # [place, skill, figure]
    whole: Ints  # [block, skill, figure]
    counts: Ints  # [block, skill, measure]: behind them
    oldest: int
    anew: dict[Key, Basis] = field(default_factory=dict)

    @property
    def roots(self) -> int:
        """How many blocks hold anybody: the figures of government are the sum of so many that are rounded apart."""
        return int(self.counts.any(axis=(1, 2)).sum())


def _standing(night: Night, layout: Layout, *, fresh: _Fresh, group: Bools, basis: dict[Key, Basis]) -> _Standing:
    """For each root and skill the figures of last time, or new ones where enough has changed since."""
    starts = [start for start, _stop in layout.blocks]
    behind = np.add.reduceat(fresh.counts, starts, axis=0)
    standing = _Standing(fresh.figures.copy(), whole=fresh.whole.copy(), counts=behind, oldest=night.day)
    teams = _Teams(night.led, layout, group=group)
    for number, (start, stop) in enumerate(layout.blocks):
        for skill, slug in enumerate(night.skills):
            key = (night.paths[layout.units[start]], slug)
            old, now = basis.get(key), fresh.counts[start:stop, skill]
            if old and not has_changed_enough(
                _counts_again(old, layout, start, stop), now, team=teams.largest(number, known=old, layout=layout)
            ):
                standing.figures[start:stop, skill] = _figures_again(old, layout, start, stop, parent=night.tree.parent)
                standing.whole[number, skill], standing.counts[number, skill] = old.whole, old.counts.sum(axis=0)
                standing.oldest = min(standing.oldest, old.since)
            else:
                standing.anew[key] = _basis(night, layout, start, stop, fresh=fresh, number=number, skill=skill)
    return standing


def _counts_again(old: Basis, layout: Layout, start: int, stop: int) -> Ints:
    """[piece, measure] of a root: the counts of then in what is shown now. What left the root since counts at its top,
    so that whether enough has changed does not hang on it.
    """
    piece = layout.piece[old.home] - start
    return _in_pieces(old.counts, np.where((piece >= 0) & (piece < stop - start), piece, 0), pieces=stop - start)


def _figures_again(old: Basis, layout: Layout, start: int, stop: int, *, parent: Ints) -> Ints:
    """[place, figure] of a root: those of then, of what stands where it stood then."""
    found = np.full((stop - start, len(FIGURES)), HIDDEN_NEW, dtype=np.int64)
    place = layout.piece[old.unit]
    stands = (old.unit != NOBODY) & (place >= start) & (place < stop) & (layout.units[place] == old.unit)
    stands &= parent[old.unit] == old.parent
    found[place[stands] - start] = old.figures[stands]
    return found


def _basis(night: Night, layout: Layout, start: int, stop: int, *, fresh: _Fresh, number: int, skill: int) -> Basis:
    piece, units = layout.piece[fresh.home], layout.units[start:stop] if start else layout.units[:0]
    mine = (piece >= start) & (piece < stop)
    return Basis(
        night.day, home=fresh.home[mine], counts=fresh.true[mine, skill], unit=units, parent=night.tree.parent[units],
        figures=fresh.figures[start : start + len(units), skill], whole=fresh.whole[number, skill],
    )  # fmt: skip


def _add_government(standing: _Standing, *, layout: Layout, team: int) -> None:
    """The figures of all of government: the sum of its roots, each of them new or standing."""
    tops, wide = [start for start, _stop in layout.blocks[1:]], len(MEASURES)
    asks = slice(NEEDS, wide)
    gone, given, behind = standing.figures[tops, :, :wide] < 0, standing.whole.copy(), standing.counts.copy()
    nothing = given[..., asks] == NOTHING
    gone[..., asks] &= ~nothing[1:]
    given[..., asks][nothing] = behind[..., asks][nothing] = 0  # nor are they among those who may be short
    whole, at = given.sum(axis=0)[None], np.full(1, team)
    told = protected_whole(
        whole[..., :wide], parts=given[1:, :, :wide], gone=gone, rest=given[:1, :, :wide], roots=standing.roots,
        limits=limits_of(behind.sum(axis=0)[None], team=at), left=limits_of(behind[:1], team=at),
    )  # fmt: skip
    standing.figures[:1] = np.concatenate([told, whole[..., wide:]], axis=-1)


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
    """Of each block, and of all together: the most people who have reported to one manager, on whichever days."""

    def __init__(self, led: Led, layout: Layout, *, group: Bools) -> None:
        piece = layout.piece[led.home]
        inside = group & (piece != NOBODY)
        self._block = _block_of(layout, piece[inside])
        self._person, self._manager, self._last = led.person[inside], led.manager[inside], led.last[inside]
        self._blocks, self._known = len(layout.blocks), dict[int, Ints]()

    def largest(self, block: int, *, known: Basis, layout: Layout) -> int:
        """Of those who reported on any day since these counts; the day before too, as what it left shows on this one.
        Where somebody who counted has left the root with their unit, the team that did may be anywhere.
        """
        has_left = (_block_of(layout, layout.piece[known.home]) != block).any()
        return int(self._since(known.since)[-1 if has_left else block])

    def _since(self, day: int) -> Ints:
        if day not in self._known:
            held = self._last >= day
            rows = np.stack([self._block[held], self._manager[held], self._person[held]])
            anywhere = np.concatenate([np.full((1, rows.shape[1]), self._blocks), rows[1:]])
            each = np.unique(np.concatenate([rows, anywhere], axis=1), axis=1)
            self._known[day] = largest_team(each[0], each[1], cells=self._blocks + 1)
        return self._known[day]


def _block_of(layout: Layout, piece: Ints) -> Ints:
    starts = np.array([start for start, _stop in layout.blocks], dtype=np.int64)
    return np.searchsorted(starts, piece, side="right") - 1


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
