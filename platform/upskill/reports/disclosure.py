"""What may be shown of a whole organisation tree, so that no figure about fewer than five people can be worked out.

Pure functions over arrays of numbers. docs/decisions/0039-figures-are-rounded-so-that-they-add-up.md says why they are
enough; tests/properties/test_reports_disclosure.py attacks them.

shown_units   which organisations are shown, by how many people work there alone: it says nothing of anybody's level
lay_out       these in the order in which figures are rounded
rounded       figures in steps of five that add up, each at most 4 away from the truth
protected     the same, with those hidden that could be about few people, and those from which they could be worked out
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .figures import (
    FARTHEST,
    FARTHEST_OF_NONE,
    FEW_BELOW,
    FEW_BELOW_OF_NONE,
    HIDDEN_FEW,
    HIDDEN_WITH,
    LEAST_STAFF,
    MEASURES,
    STEP,
)

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
NEEDS, SHORT = MEASURES.index("needs"), MEASURES.index("short")
LEVELS = 5  # the first of the measures: how many people at each level, which together are all people
NOBODY = -1  # in place of a number: no organisation, no line manager, no slice
LARGEST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Tree:
    """Organisations by number. 0 is the whole of government, which holds all others; each stands after its parent."""

    parent: Ints  # NOBODY for the first
    depth: Ints

    @property
    def size(self) -> int:
        """How many."""
        return len(self.parent)

    @cached_property
    def above(self) -> Ints:
        """[depth, organisation]: which one holds it at that depth; itself at its own, NOBODY below."""
        found = np.full((int(self.depth.max()) + 1, self.size), NOBODY, dtype=np.int64)
        found[self.depth, np.arange(self.size)] = np.arange(self.size)
        for depth in range(len(found) - 2, -1, -1):
            lower = self.depth > depth
            found[depth, lower] = self.parent[found[depth + 1, lower]]
        return found


@dataclass(frozen=True)
class Staff:
    """Who works where: one place in each array for each person."""

    home: Ints  # the organisation
    manager: Ints  # the same number for all who report to the same person; NOBODY: to nobody
    group: Ints  # which slice of one kind; NOBODY: none of them


@dataclass(frozen=True)
class Shown:
    """Which organisations are shown in which slice, and how many of it report to one person at most."""

    units: Bools  # [slice, organisation]
    team: Ints  # [slice, organisation]


@dataclass(frozen=True)
class Layout:
    """The organisations that are shown, each before its parts, siblings in a secret order. A *piece* is what is left
    of one without the parts that are shown too.
    """

    units: Ints  # organisation at each place
    parent: Ints  # place of its parent; NOBODY for the first
    end: Ints  # the place after its last part
    piece: Ints  # place of the piece in which each organisation is counted; NOBODY where nothing is shown
    blocks: tuple[tuple[int, int], ...]  # first place and the one after the last: the top alone, then each root


# --- Which are shown -------------------------------------------------------------------------------------------------


def shown_units(tree: Tree, staff: Staff, *, groups: int = 1, within: Bools | None = None) -> Shown:
    """What is shown of each slice. `within`: what is shown of everybody, where `staff` has slices of it.

    A unit is shown if its parent is, and if beside the largest team of one manager it has LEAST_STAFF people. So must
    what is left: of the parent without its shown parts, and of the unit without its shown slices; otherwise the
    smallest of them is hidden too, with which it is always enough.
    """
    shown, team = np.zeros((groups, tree.size), dtype=bool), np.zeros((groups, tree.size), dtype=np.int64)
    if not groups:  # nobody has a profession, say
        return Shown(shown, team=team)
    known = staff.group != NOBODY
    for depth in range(len(tree.above)):
        here = tree.above[depth][staff.home]
        inside = known & (here != NOBODY)
        cell = np.where(inside, staff.group * tree.size + here, NOBODY)
        people, others = _people(cell, staff.manager, cells=shown.size)
        team += (people - others).reshape(shown.shape)
        fits = (others >= LEAST_STAFF).reshape(shown.shape)
        if depth:
            fits[:, 1:] &= shown[:, tree.parent[1:]]
        if within is not None:
            fits &= within
        if depth:
            _leave_enough_of_parents(fits, people, tree=tree, staff=staff, shown=shown, depth=depth)
        if within is not None:
            _leave_enough_of_slices(fits, people, staff=staff, within=within, here=here)
        shown |= fits
    return Shown(shown, team=team)


def _leave_enough_of_parents(fits: Bools, people: Ints, *, tree: Tree, staff: Staff, shown: Bools, depth: int) -> None:
    """Hide the smallest shown part where otherwise too little would be left of its parent."""
    over, here = tree.above[depth - 1][staff.home], tree.above[depth][staff.home]
    inside = (staff.group != NOBODY) & (over != NOBODY)
    inside &= shown[staff.group, over]
    left = inside & ~((here != NOBODY) & fits[staff.group, here])
    few = _too_few(np.where(left, staff.group * tree.size + over, NOBODY), staff.manager, cells=shown.size)
    group, unit = np.nonzero(fits)
    parent = group * tree.size + tree.parent[unit]
    _hide_smallest(fits, people, group=group, unit=unit, family=parent, few=few)


def _leave_enough_of_slices(fits: Bools, people: Ints, *, staff: Staff, within: Bools, here: Ints) -> None:
    """Hide the smallest shown slice where otherwise too few people of the unit would be in none."""
    size = fits.shape[1]
    inside = (here != NOBODY) & within[0, here]
    left = inside & ~((staff.group != NOBODY) & fits[staff.group, here])
    few = _too_few(np.where(left, here, NOBODY), staff.manager, cells=size)
    group, unit = np.nonzero(fits)
    _hide_smallest(fits, people, group=group, unit=unit, family=unit, few=few)


def _hide_smallest(fits: Bools, people: Ints, *, group: Ints, unit: Ints, family: Ints, few: Bools) -> None:
    """In each family of which too little would be left, the member with the fewest people."""
    asked = few[family]
    group, unit, family = group[asked], unit[asked], family[asked]
    order = np.lexsort((unit, group, people[group * fits.shape[1] + unit], family))
    _each, first = np.unique(family[order], return_index=True)
    chosen = order[first]
    fits[group[chosen], unit[chosen]] = False


def _too_few(cell: Ints, manager: Ints, *, cells: int) -> Bools:
    people, others = _people(cell, manager, cells=cells)
    return (people > 0) & (others < LEAST_STAFF)


def _people(cell: Ints, manager: Ints, *, cells: int) -> tuple[Ints, Ints]:
    """Of each cell: how many people, and how many of them beside the largest team of one manager."""
    people = np.bincount(cell[cell != NOBODY], minlength=cells)
    return people, people - largest_team(cell, manager, cells=cells)


def largest_team(cell: Ints, manager: Ints, *, cells: int) -> Ints:
    """Of each cell: the most people in it who report to one manager. NOBODY as a cell is none."""
    led = (cell != NOBODY) & (manager != NOBODY)
    largest = np.zeros(cells, dtype=np.int64)
    if led.any():
        managers = int(manager.max()) + 1
        team, size = np.unique(cell[led] * managers + manager[led], return_counts=True)
        np.maximum.at(largest, team // managers, size)
    return largest


# --- In which order --------------------------------------------------------------------------------------------------


def walk_order(tree: Tree, *, lots: Ints) -> Ints:
    """The organisations, each before its parts, siblings by their lots (0 or more)."""
    keys = np.where(tree.above == NOBODY, NOBODY, lots[tree.above])
    return np.lexsort(keys[::-1])


def lay_out(tree: Tree, shown: Bools, *, order: Ints) -> Layout:
    """What is shown of one slice, in the order in which it is rounded."""
    units = order[shown[order]]
    place = np.full(tree.size, NOBODY, dtype=np.int64)
    place[units] = np.arange(len(units))
    piece = place.copy()
    for depth in range(1, len(tree.above)):
        below = np.flatnonzero((tree.depth == depth) & ~shown)
        piece[below] = piece[tree.parent[below]]
    parent = np.where(tree.parent[units] == NOBODY, NOBODY, place[tree.parent[units]])
    size = np.ones(len(units), dtype=np.int64)
    for depth in range(len(tree.above) - 1, 0, -1):
        at = np.flatnonzero(tree.depth[units] == depth)
        np.add.at(size, parent[at], size[at])
    starts = [*np.flatnonzero(tree.depth[units] <= 1), len(units)]
    blocks = tuple((int(start), int(stop)) for start, stop in pairwise(starts))
    return Layout(units, parent=parent, end=np.arange(len(units)) + size, piece=piece, blocks=blocks)


# --- Rounding --------------------------------------------------------------------------------------------------------


def rounded(counts: Ints, *, starts: Ints) -> Ints:
    """Pieces of one block in steps of five: [piece, ...], as `counts`. `starts`: the secret, 0 to 4 for each column.

    Of any pieces that follow each other the sum is at most 4 away from the truth, so that of any organisation is.
    """
    reached = (np.cumsum(counts, axis=0) + starts) // STEP
    before = np.zeros_like(reached[:1])
    return STEP * np.diff(reached, axis=0, prepend=before)


def added_up(pieces: Ints, layout: Layout) -> Ints:
    """Each organisation with all its parts, from the pieces."""
    until = np.concatenate([np.zeros_like(pieces[:1]), np.cumsum(pieces, axis=0)])
    return until[layout.end] - until[: len(layout.units)]


# --- Hiding ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """What staff records tell of the people behind figures: [organisation, skill]."""

    people: Ints
    asked: Ints  # of how many the role asks for the skill
    beside: Ints  # of these, how many at least are not of one manager's team


def limits_of(counts: Ints, *, team: Ints) -> Limits:
    """From true counts [organisation, skill, measure], and how many report to one person at most [organisation]."""
    asked = counts[..., NEEDS]
    return Limits(counts[..., :LEVELS].sum(axis=-1), asked=asked, beside=asked - team[:, None])


def protected(figures: Ints, *, pieces: Ints, counts: Ints, layout: Layout, team: Ints) -> Ints:
    """[organisation, skill, measure]: the figure, or HIDDEN_FEW or HIDDEN_WITH; each root by itself. What stands there
    for the whole of government is nothing to show: `protected_whole` has that.

    `pieces`: the rounded figures of what is left of each without its shown parts; `counts`: the true ones. Of the true
    ones only those count here that staff records tell: how many people there are, and of how many the role asks for the
    skill. So what is hidden says nothing of levels that the rounded figures do not.
    """
    limits = limits_of(added_up(counts, layout), team=team)
    few, hidden = _few(figures, limits=limits), np.zeros(figures.shape, dtype=bool)
    families = _Families(layout, figures=figures, few=few, pieces=pieces, left=limits_of(counts, team=team))
    more = few
    while more.any():
        hidden |= more
        more = _alone_in_rows(figures, few=few, hidden=hidden) | _crowded(figures, hidden=hidden, limits=limits)
        more |= families.alone(hidden)
        more &= ~hidden
    return np.where(few, HIDDEN_FEW, np.where(hidden, HIDDEN_WITH, figures))


def protected_whole(
    figures: Ints, *, parts: Ints, gone: Bools, rest: Ints, limits: Limits, left: Limits, roots: int
) -> Ints:
    """[1, skill, measure]: the figures of all of government, or why they are hidden. So many roots are rounded apart.

    `parts`: [root, skill, measure], rounded, and which of them are hidden; `rest`: of who is in none of them. Where one
    of these could be worked out, the whole is hidden: what is shown of a root does not hang on other roots.
    """
    few = figures < STEP + FARTHEST * roots
    few[..., 0] = figures[..., 0] < STEP + FARTHEST_OF_NONE * roots
    few[..., SHORT] |= limits.beside < FEW_BELOW
    number = gone.sum(axis=0)[None]
    told = _told(
        number, few=number, together=np.where(gone, parts, 0).sum(axis=0)[None], whole_gone=few,
        rest=_rest_of(rest, limits=left),
    )  # fmt: skip
    hidden, more = np.zeros_like(few), few | told
    while more.any():
        hidden |= more
        more = _alone_in_rows(figures, few=few, hidden=hidden) | _crowded(figures, hidden=hidden, limits=limits)
        more &= ~hidden
    return np.where(few, HIDDEN_FEW, np.where(hidden, HIDDEN_WITH, figures))


def _few(figures: Ints, *, limits: Limits) -> Bools:
    few = figures < FEW_BELOW
    few[..., 0] = figures[..., 0] < FEW_BELOW_OF_NONE
    few[..., SHORT] |= limits.beside < FEW_BELOW  # rounded up, it could be as large as they are
    return few


def _alone_in_rows(figures: Ints, *, few: Bools, hidden: Bools) -> Bools:
    """Among the levels of a skill, the figure to hide with one that would follow from the others."""
    levels, gone = figures[..., :LEVELS], hidden[..., :LEVELS]
    number = gone.sum(axis=-1)
    only_few = (gone <= few[..., :LEVELS]).all(axis=-1) & ~gone[..., 0]
    all_five = (number > 0) & only_few & (np.where(gone, levels, 0).sum(axis=-1) == STEP * number)
    told = ((number == 1) | all_five) & (number < LEVELS)
    smallest = np.where(gone, LARGEST, levels).argmin(axis=-1)
    more = np.zeros_like(hidden)
    more[..., :LEVELS] = told[..., None] & (np.arange(LEVELS) == smallest[..., None])
    return more


def _crowded(figures: Ints, *, hidden: Bools, limits: Limits) -> Bools:
    """The figure to hide where those shown together could only be as small as they can, because there are no more
    people: whoever knows how many there are would know all of them.
    """
    levels, more = figures[..., 1:LEVELS], np.zeros_like(hidden)
    gone = hidden[..., 1:LEVELS]
    least = np.where(gone, 0, levels - FARTHEST).sum(axis=-1)
    smallest = np.where(gone, LARGEST, levels).argmin(axis=-1)
    crowded = (least > limits.people - FARTHEST) & ~gone.all(axis=-1)
    more[..., 1:LEVELS] = crowded[..., None] & (np.arange(LEVELS - 1) == smallest[..., None])
    more[..., SHORT] = ~hidden[..., SHORT] & (figures[..., SHORT] > limits.asked)
    return more


@dataclass(frozen=True)
class _Rest:
    """What is left of organisations without their shown parts: [organisation, skill, measure]."""

    is_there: Bools  # staff records say that somebody is
    is_enough: Bools  # and what is known of them says nothing of few people


def _rest_of(pieces: Ints, *, limits: Limits) -> _Rest:
    some = np.stack([limits.people > 0, limits.asked > 0], axis=-1)
    is_there = np.repeat(some, [LEVELS, len(MEASURES) - LEVELS], axis=-1)
    few = _few(pieces, limits=limits)
    least = np.maximum(pieces[..., 1:LEVELS] - FARTHEST, 0).sum(axis=-1)
    few[..., :LEVELS] |= (least > limits.people - FARTHEST)[..., None]
    few[..., SHORT] |= pieces[..., SHORT] > limits.asked
    return _Rest(is_there, is_enough=is_there & ~few)


def _told(number: Ints, *, few: Ints, together: Ints, whole_gone: Bools, rest: _Rest) -> Bools:
    """Where of a whole, its parts and what is left one figure alone is hidden, or all that are must be 5.

    Of the parts: how many are hidden, how many of these as they are few, and what the hidden ones come to.
    """
    unknown = number + whole_gone + rest.is_there
    only_rest = (number == 0) & ~whole_gone
    all_five = ~whole_gone & ~rest.is_there & (number > 0) & (few == number) & (together == STEP * number)
    told: Bools = (unknown == 1) & ~(only_rest & rest.is_enough) | all_five
    return told


class _Families:
    """Each organisation that has shown parts, with them: what could be worked out between them. `left`: of what is left
    of each.
    """

    def __init__(self, layout: Layout, *, figures: Ints, few: Bools, pieces: Ints, left: Limits) -> None:
        below = np.flatnonzero(layout.parent > 0)
        self.children = below[np.argsort(layout.parent[below], kind="stable")]
        self.parents, self.starts = np.unique(layout.parent[self.children], return_index=True)
        self.figures, self.few = figures[self.children], few[self.children]
        self.size = len(layout.units)
        at = self.parents
        self.rest = _rest_of(pieces[at], limits=Limits(left.people[at], asked=left.asked[at], beside=left.beside[at]))

    def alone(self, hidden: Bools) -> Bools:
        """The figures to hide with those that would follow from others: the smallest part, or else the whole."""
        more = np.zeros_like(hidden)
        if not len(self.parents):
            return more
        gone = hidden[self.children]
        told = _told(
            np.add.reduceat(gone, self.starts, axis=0, dtype=np.int64),
            few=np.add.reduceat(gone & self.few, self.starts, axis=0, dtype=np.int64),
            together=np.add.reduceat(np.where(gone, self.figures, 0), self.starts, axis=0),
            whole_gone=hidden[self.parents],
            rest=self.rest,
        )
        rank = np.where(gone, LARGEST, self.figures * self.size + self.children[:, None, None])
        smallest = np.minimum.reduceat(rank, self.starts, axis=0)
        family, skill, measure = np.nonzero(told)
        best = smallest[family, skill, measure]
        chosen = np.where(best == LARGEST, self.parents[family], best % self.size)
        more[chosen, skill, measure] = True
        return more & ~hidden
