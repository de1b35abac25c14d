"""An attacker has every page of one moment, and knows how the tree is built. Which small figures can they work out?

The attacker here does not know our rules: they search for another organisation tree, with another number in the cell
that they want to know, that would give exactly the pages they have. If there is one, they cannot tell.
"""

from collections.abc import Iterator
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from upskill.reports.disclosure import Branch, Row, ShownRow, shown_rows, shown_totals

SMALLEST = 3  # five in production; three keeps the search short
LEVELS = 3
Cell = tuple[str, int]  # organisation, level
Sums = list[tuple[frozenset[Cell], int]]  # cells of people who work in no smaller part -> how many they hold together


def row_counts(most: int) -> st.SearchStrategy[Row]:
    return st.tuples(*[st.integers(0, most)] * LEVELS)


@st.composite
def trees(draw: st.DrawFn, *, most: int = 5, widest: int = 3) -> Branch:
    """Three generations at most."""
    children = []
    for number in range(draw(st.integers(0, widest))):
        below = [Branch(f"{number}-{n}", draw(row_counts(most))) for n in range(draw(st.integers(0, 2)))]
        children.append(Branch(f"{number}", draw(row_counts(most)), tuple(below)))
    return Branch("top", draw(row_counts(most)), tuple(children))


class Attacker:
    """Knows each shown figure as a sum over the people who work in no smaller part, and searches for other trees."""

    def __init__(self, tree: Branch, *, totals: dict[str, int | None], rows: dict[str, ShownRow]) -> None:
        self.truth = {(branch.code, at): n for branch in tree.walk() for at, n in enumerate(branch.own)}
        self.below = {branch.code: [each.code for each in branch.walk()] for branch in tree.walk()}
        self.sums: Sums = []
        for code, codes in self.below.items():
            total = totals[code]
            if total is not None:
                self.sums.append((self._cells(codes, levels=range(LEVELS)), total))
            self.sums += [(self._cells(codes, levels=[at]), n) for at, n in enumerate(rows[code]) if n is not None]

    def can_tell(self, code: str, *, level: int) -> bool:
        """True if no other number in this cell would give the same pages."""
        cells = self._cells(self.below[code], levels=[level])
        true = sum(self.truth[cell] for cell in cells)
        others = [n for n in (true - 1, true + 1, true - 2, true + 2) if n >= 0]
        return not any(self._solvable([*self.sums, (cells, n)]) for n in others)

    def _cells(self, codes: list[str], *, levels: "range | list[int]") -> frozenset[Cell]:
        return frozenset((code, at) for code in codes for at in levels)

    def _solvable(self, sums: Sums) -> bool:
        """Whether whole numbers of people, none below zero, give these sums. Tries numbers near the truth first."""
        order = sorted(self.truth, key=lambda cell: (-sum(cell in cells for cells, _n in sums), cell))
        open_sums = [[set(cells), n] for cells, n in sums]
        return self._fill(order, open_sums)

    def _fill(self, order: list[Cell], sums: list) -> bool:
        if any(n < 0 or (n > 0 and not cells) for cells, n in sums):
            return False
        if not order:
            return True
        cell, *later = order
        mine = [entry for entry in sums if cell in entry[0]]
        most = min((n for _cells, n in mine), default=self.truth[cell] + 1)
        for value in sorted(range(most + 1), key=lambda n: abs(n - self.truth[cell])):
            left = [[cells - {cell}, n - value] if cell in cells else [cells, n] for cells, n in sums]
            if self._fill(later, left):
                return True
        return False


def small_cells(tree: Branch) -> Iterator[Cell]:
    for branch in tree.walk():
        yield from ((branch.code, at) for at, n in enumerate(branch.counts) if 0 < n < SMALLEST)


@settings(max_examples=150, deadline=None)
@given(trees())
def test_no_small_cell_can_be_worked_out_from_all_pages_together(tree):
    totals = shown_totals(tree, smallest=SMALLEST)
    rows = shown_rows(tree, totals=totals, smallest=SMALLEST)

    attacker = Attacker(tree, totals=totals, rows=rows)

    assert [cell for cell in small_cells(tree) if attacker.can_tell(cell[0], level=cell[1])] == []


def test_the_attacker_is_able_a_lone_hidden_cell_is_found():
    tree = Branch("top", (5, 2, 0), (Branch("0", (4, 0, 0)),))

    attacker = Attacker(tree, totals={"top": 11, "0": 4}, rows={"top": (9, None, 0), "0": (4, 0, 0)})

    assert attacker.can_tell("top", level=1)


def test_the_attacker_is_able_a_hidden_child_is_found_by_taking_the_others_from_their_parent():
    tree = Branch("top", (0, 0, 0), (Branch("0", (4, 0, 0)), Branch("1", (3, 2, 0)), Branch("2", (3, 4, 0))))
    rows: dict[str, ShownRow] = {"top": (10, 6, 0), "0": (4, 0, 0), "1": (None, None, None), "2": (3, 4, 0)}

    attacker = Attacker(tree, totals={"top": 16, "0": 4, "1": None, "2": 7}, rows=rows)

    # The people who work for the top itself could be in the child's place: only their absence gives it away.
    assert not attacker.can_tell("1", level=1)
    attacker.sums.append((frozenset({("top", 1)}), 0))
    assert attacker.can_tell("1", level=1)


@settings(max_examples=300, deadline=None)
@given(trees(most=9, widest=4))
def test_every_difference_of_shown_figures_that_counts_people_is_none_or_enough(tree):
    totals = shown_totals(tree, smallest=SMALLEST)
    rows = shown_rows(tree, totals=totals, smallest=SMALLEST)

    counted = list(chain(_shown(totals, rows), _of_the_rest(tree, totals, rows), _left_of_rows(totals, rows)))

    assert [n for n in counted if 0 < n < SMALLEST] == []


@settings(max_examples=200, deadline=None)
@given(trees(most=9))
def test_what_is_shown_is_true_and_stands_below_what_is_shown(tree):
    totals = shown_totals(tree, smallest=SMALLEST)
    rows = shown_rows(tree, totals=totals, smallest=SMALLEST)

    for branch in tree.walk():
        assert totals[branch.code] in {None, branch.total}
        assert all(shown in {None, n} for shown, n in zip(rows[branch.code], branch.counts, strict=True))
        for child in branch.children:
            assert totals[branch.code] is not None or totals[child.code] is None
            assert totals[child.code] is not None or set(rows[child.code]) == {None}
            hidden_above = {at for at, n in enumerate(rows[branch.code]) if n is None}
            assert hidden_above <= {at for at, n in enumerate(rows[child.code]) if n is None}


@settings(max_examples=100, deadline=None)
@given(trees(most=9), st.randoms())
def test_the_order_in_which_parts_are_stored_does_not_matter(tree, random):
    def shuffled(branch: Branch) -> Branch:
        children = [shuffled(child) for child in branch.children]
        random.shuffle(children)
        return Branch(branch.code, branch.own, tuple(children))

    other = shuffled(tree)

    totals = shown_totals(tree, smallest=SMALLEST)
    assert shown_totals(other, smallest=SMALLEST) == totals
    assert shown_rows(other, totals=totals, smallest=SMALLEST) == shown_rows(tree, totals=totals, smallest=SMALLEST)


def _shown(totals, rows) -> Iterator[int]:
    yield from (n for n in totals.values() if n is not None)
    yield from (n for row in rows.values() for n in row if n is not None)


def _left_of_rows(totals, rows) -> Iterator[int]:
    """What a total leaves when any of its row's shown cells are taken away."""
    for code, row in rows.items():
        known = [n for n in row if n is not None]
        for some in chain.from_iterable(combinations(known, size) for size in range(1, len(known) + 1)):
            yield (totals[code] or 0) - sum(some)


def _of_the_rest(tree, totals, rows) -> Iterator[int]:
    """What a parent leaves when any of its children are taken away: of its total, of a cell, of its hidden cells."""
    for branch in tree.walk():
        for size in range(1, len(branch.children) + 1):
            for some in combinations(branch.children, size):
                yield from _rest(totals[branch.code], [totals[child.code] for child in some])
                for at in range(LEVELS):
                    yield from _rest(rows[branch.code][at], [rows[child.code][at] for child in some])
                yield from _rest_of_hidden(branch, some, totals, rows)


def _rest(whole: int | None, parts: list[int | None]) -> list[int]:
    known = [part for part in parts if part is not None]
    return [whole - sum(known)] if whole is not None and len(known) == len(parts) else []


def _rest_of_hidden(branch, some, totals, rows) -> list[int]:
    """The levels that the children hide, taken together: their totals less what they show, taken from the parent's."""
    if any(totals[child.code] is None for child in some) or totals[branch.code] is None:
        return []
    hidden = {at for child in some for at, n in enumerate(rows[child.code]) if n is None}

    def together(code: str) -> int:
        return totals[code] - sum(n for at, n in enumerate(rows[code]) if at not in hidden and n is not None)

    return [together(branch.code) - sum(together(child.code) for child in some)]
