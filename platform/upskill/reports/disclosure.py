"""What may be shown of a whole organisation tree, so that no figure about fewer than five people can be worked out.

Pure functions over counts. `shown_totals` and `shown_rows` decide for the whole tree at once, so that no page gives
away what another hides. What an attacker can add and subtract is then always 0 or at least `smallest`:

- An organisation's total is shown only if its parent's is. What is left of the parent, without the children that are
  shown, is never 1 to 4: if it would be, the smallest child is hidden too.
- A row holds the people of one organisation at each level of one skill. A hidden cell never stands alone: the hidden
  cells of a shown row hold 0 or at least `smallest` people together, so a total gives none of them away.
- All children of one parent hide the same levels, and every level that the parent hides. The children that are shown,
  and the rest of the parent as one more row, form a table whose every sum is 0 or at least `smallest`. So somebody in
  a hidden cell of 1 to 4 can be exchanged with somebody outside it, and every shown figure stays the same: the cell
  could as well hold another number. docs/decisions/0011-figures-about-fewer-than-five.md has the whole argument.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

Row = tuple[int, ...]  # people at each level, none yet first
ShownRow = tuple[int | None, ...]  # None: hidden


@dataclass(frozen=True)
class Branch:
    """An organisation with everything below it. `own` holds the people who work in no smaller part of it."""

    code: str
    own: Row
    children: tuple["Branch", ...] = field(default=())

    @cached_property
    def counts(self) -> Row:
        """Its people at each level, with everything below."""
        return _sum([self.own, *(child.counts for child in self.children)])

    @cached_property
    def total(self) -> int:
        """Its people, with everything below."""
        return sum(self.counts)

    def walk(self) -> Iterator["Branch"]:
        """This organisation and everything below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def shown_totals(root: Branch, *, smallest: int) -> dict[str, int | None]:
    """Code -> how many people work there, or None where that is hidden. The same for every skill."""
    shown: dict[str, int | None] = dict.fromkeys((branch.code for branch in root.walk()), None)
    queue = [root] if _fits(root.total, smallest=smallest) else []
    while queue:
        branch = queue.pop()
        shown[branch.code] = branch.total
        queue += _safe_parts(branch, smallest=smallest)
    return shown


def shown_rows(root: Branch, *, totals: dict[str, int | None], smallest: int) -> dict[str, ShownRow]:
    """Code -> the row of one skill, with None in each hidden cell. `totals`: `shown_totals` of the same tree."""
    width = len(root.own)
    shown: dict[str, ShownRow] = dict.fromkeys((branch.code for branch in root.walk()), (None,) * width)
    queue = [(root, _hidden_at_top(root.counts, smallest=smallest))] if totals[root.code] is not None else []
    while queue:
        branch, hidden = queue.pop()
        shown[branch.code] = tuple(None if at in hidden else n for at, n in enumerate(branch.counts))
        candidates = [child for child in branch.children if totals[child.code] is not None]
        children, below = _best(branch, candidates, hidden=hidden, smallest=smallest)
        queue += [(child, below) for child in children]
    return shown


def _safe_parts(branch: Branch, *, smallest: int) -> list[Branch]:
    """The children whose totals can be shown: each large enough, and what is left of the parent too."""
    parts = [child for child in branch.children if _fits(child.total, smallest=smallest)]
    while not _fits(branch.total - sum(part.total for part in parts), smallest=smallest):
        parts.remove(_smallest(parts))
    return parts


def _hidden_at_top(row: Row, *, smallest: int) -> frozenset[int]:
    """The levels to hide in the topmost row: from the first small one on, and from lower ones if those are too few.

    Never by size: whoever knows the rule could tell from which cells it left out how large the hidden ones are. Here
    the first hidden cell may be any small number, and the others whatever is left.
    """
    first = next((at for at, n in enumerate(row) if not _fits(n, smallest=smallest)), len(row))
    while not _fits(sum(row[first:]), smallest=smallest):
        first -= 1
    return frozenset(range(first, len(row)))


def _best(
    branch: Branch, children: list[Branch], *, hidden: frozenset[int], smallest: int
) -> tuple[list[Branch], frozenset[int]]:
    """Which children to show, and the levels that all of them hide: the choice that tells most."""
    choices = []
    free = [at for at in range(len(branch.own)) if at not in hidden]
    for number in range(len(free)):  # hiding every level would show nothing
        for more in combinations(free, number):
            pattern = hidden | frozenset(more)
            parts = _safe_children(branch, children, hidden=pattern, smallest=smallest)
            choices.append((_worth(parts, hidden=pattern), parts, pattern))
    best = max(choices, key=lambda choice: choice[0], default=None)
    return (best[1], best[2]) if best else ([], hidden)


def _worth(parts: list[Branch], *, hidden: frozenset[int]) -> tuple[int, int, int, int]:
    """Sorts choices: figures that are not 0 come first, then figures, then the people in them, then hidden levels."""
    figures = [n for part in parts for at, n in enumerate(part.counts) if at not in hidden]
    return sum(n > 0 for n in figures), len(figures), sum(figures), -len(hidden)


def _safe_children(branch: Branch, children: list[Branch], *, hidden: frozenset[int], smallest: int) -> list[Branch]:
    """The children whose rows can be shown without these levels, and what is left of the parent too."""
    parts = [part for part in children if _row_fits(part.counts, hidden=hidden, smallest=smallest)]
    rest = list(branch.counts)
    for part in parts:
        rest = [have - n for have, n in zip(rest, part.counts, strict=True)]
    while not _row_fits(tuple(rest), hidden=hidden, smallest=smallest):
        gone = _smallest(parts)
        parts.remove(gone)
        rest = [have + n for have, n in zip(rest, gone.counts, strict=True)]
    return parts


def _row_fits(row: Row, *, hidden: frozenset[int], smallest: int) -> bool:
    together = sum(row[at] for at in hidden)
    return _fits(together, smallest=smallest) and all(
        _fits(n, smallest=smallest) for at, n in enumerate(row) if at not in hidden
    )


def _fits(n: int, *, smallest: int) -> bool:
    return n == 0 or n >= smallest


def _smallest(parts: list[Branch]) -> Branch:
    """The part with the fewest people, but some: hiding an empty one protects nobody."""
    return min((part for part in parts if part.total), key=lambda part: (part.total, part.code))


def _sum(rows: list[Row]) -> Row:
    return tuple(map(sum, zip(*rows, strict=True)))
