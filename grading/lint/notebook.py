"""The author's notebook as the lint sees it: which cells run on whose side, and what they make."""

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from nbformat import NotebookNode

from grading.channel.prelude import prelude_of
from grading.checks import CheckSpec, checks, gives_points, hidden_lines, is_answer, nbgrader_metadata
from grading.lint.reading import Code, NotRead, imports_of, read

BUILTINS = frozenset(vars(builtins))
SESSION = frozenset({"In", "Out", "_ih", "_oh", "_dh", "_i", "_ii", "_", "__", "___", "get_ipython"})  # IPython's


class Place(StrEnum):
    """Whose cell it is, and with that where it runs."""

    TEST = "test"  # runs with the judge
    ANSWER = "answer"  # learners write it; here it holds the author's solution
    SETUP = "setup"  # any other code


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One code cell. `code` is None where it cannot be read."""

    index: int
    place: Place
    source: str
    code: Code | None
    unread: NotRead | None = None


@dataclass(frozen=True)
class Notebook:
    """All code cells in order, and what the judge runs of them before any test."""

    cells: tuple[Cell, ...]
    judges_own: Code
    checks: tuple[tuple[CheckSpec, Cell | None], ...]  # None: a cell without code, which a person marks

    @cached_property
    def learner_side(self) -> tuple[Cell, ...]:
        """The cells that run in the learner's process."""
        return tuple(cell for cell in self.cells if cell.place is not Place.TEST and cell.code)

    @cached_property
    def made_by_learner_side(self) -> frozenset[str]:
        """The names that those cells make."""
        return frozenset().union(*(cell.code.made for cell in self.learner_side if cell.code))

    @cached_property
    def made_in_answers(self) -> frozenset[str]:
        """The names that learners are asked to make."""
        answers = (cell.code for cell in self.learner_side if cell.place is Place.ANSWER)
        return frozenset().union(*(code.made for code in answers if code)) - self.imports.keys()

    @cached_property
    def travelling(self) -> frozenset[str]:
        """The names that reach the learner's functions when a test binds them."""
        read_ = (cell.code.read_by_functions for cell in self.learner_side if cell.code)
        return self.made_by_learner_side & frozenset().union(*read_)

    @cached_property
    def imports(self) -> dict[str, str]:
        """What the names that learner-side cells import stand for."""
        found: dict[str, str] = {}
        for cell in self.learner_side:
            found |= imports_of(cell.code.tree) if cell.code else {}
        return found

    def tests_before(self, cell: Cell) -> Iterator[Code]:
        """The code of earlier tests, whose names later tests see."""
        for other in self.cells[: self.cells.index(cell)]:
            if other.place is Place.TEST and other.code:
                yield other.code


def notebook(source: NotebookNode) -> Notebook:
    """The notebook, read. Raises AuthorError where `checks` does."""
    specs = checks(source)
    rows = [(node, _cell(index, node)) for index, node in enumerate(source.cells) if node.cell_type == "code"]
    readable = NotebookNode(cells=[node for node, cell in rows if cell.code])
    named = {nbgrader_metadata(node).get("grade_id"): cell for node, cell in rows}
    return Notebook(
        cells=tuple(cell for _, cell in rows),
        judges_own=read(prelude_of(readable).code),
        checks=tuple((spec, named.get(spec.check)) for spec in specs),
    )


def hidden_of(cell: Cell) -> range:
    """The lines of a test that learners do not see."""
    return hidden_lines(cell.source)


def _cell(index: int, node: NotebookNode) -> Cell:
    code, unread = None, None
    try:
        code = read(node.source)
    except NotRead as problem:
        unread = problem
    answer = is_answer(node)
    place = Place.ANSWER if answer else Place.TEST if gives_points(node) else Place.SETUP
    return Cell(index=index, place=place, source=node.source, code=code, unread=unread)
