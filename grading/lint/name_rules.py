"""Rules about names: which side makes them, and which side needs them."""

import ast
import sys
from collections.abc import Iterator

from grading.lint.chance import unseeded
from grading.lint.findings import Finding, cannot, note, weak
from grading.lint.kinds import Kind
from grading.lint.notebook import BUILTINS, SESSION, Cell
from grading.lint.reliance import Check

_USUAL = frozenset({"np", "pd", "plt", "sns", "sm", "stats", "sp", "sk", "nx", "px", "go", "mpl"})  # names of modules
_OF_THE_SESSION = frozenset({"display", "exit", "quit", "__name__", "__builtins__"}) | SESSION


def made_in_test(check: Check) -> Iterator[Finding]:
    """Names that a test makes and the learner's process needs."""
    for name in sorted(check.code.made):
        readers = [cell for cell in check.notebook.learner_side if _needs(cell, name, test=check.cell)]
        if not readers or name in check.notebook.travelling:
            continue
        line = _line_of(check.code.tree, name)
        if name in check.notebook.made_by_learner_side:
            yield from _changed(name, readers, line=line, test=check.cell)
        elif name in BUILTINS:
            cure = f'Use unittest.mock.patch("builtins.{name}") for input and print, or let learners pass a function.'
            problem = f"The test makes its own {name}, which the learner's code does not see."
            yield cannot("test-name-needed", at=line, problem=problem, cure=cure)
        else:
            problem = f"The test makes {name}, and the learner's code needs it, but does not see what tests make."
            cure = f"Make {name} in a setup cell above the learner's cell."
            yield cannot("test-name-needed", at=line, problem=problem, cure=cure)


def _needs(cell: Cell, name: str, *, test: Cell) -> bool:
    if cell.code is None:
        return False
    if cell.index > test.index:
        return name in cell.code.read and (name in cell.code.read_first or name not in cell.code.made)
    return name in cell.code.read_by_functions and name not in cell.code.made


def _changed(name: str, readers: list[Cell], *, line: int, test: Cell) -> Iterator[Finding]:
    if any(cell.index > test.index for cell in readers):
        problem = f"The test gives {name} a new value, and a later cell uses {name}, which there still has the old one."
        cure = "Use another name in the test."
        yield weak("test-changes-name", at=line, problem=problem, cure=cure)


def missing(check: Check) -> Iterator[Finding]:
    """Names that nobody makes, modules above all."""
    known = check.code.made | check.earlier_names | check.notebook.made_by_learner_side | BUILTINS | _OF_THE_SESSION
    if "*" in check.imports or _expects_name_error(check.code.tree):
        return
    for name in sorted(check.code.read - known):
        line = _line_of(check.code.tree, name)
        if name in _USUAL | sys.stdlib_module_names:
            problem = f"The test uses {name}, which no cell of yours imports."
            cure = "Import it in the test or in a setup cell."
            yield cannot("missing-import", at=line, problem=problem, cure=cure)
        else:
            problem = f"The test uses {name}, which no cell makes, not even your solution."
            yield weak("missing-name", at=line, problem=problem, cure="Correct the name, or make it in your solution.")


def named_like_builtin(check: Check) -> Iterator[Finding]:
    """Names asked of learners that Python uses itself."""
    for name in sorted(check.notebook.made_in_answers & check.code.read & BUILTINS):
        yield weak(
            "builtin-name",
            at=_line_of(check.code.tree, name),
            problem=f"Learners make {name}, but Python has its own {name}, so that a missing answer is not noticed.",
            cure=f"Ask for another name, such as my_{name}.",
        )


def unlocked_setup(check: Check) -> Iterator[Finding]:
    """Data that learners may have changed before the test reads it."""
    for name in sorted(check.names - check.notebook.made_in_answers):
        if check.kinds.names.get(name) in (Kind.DATA, Kind.UNKNOWN, None):
            yield note(
                "unlocked-setup",
                at=_line_of(check.code.tree, name),
                problem=f"The test reads {name} from a cell that learners can change.",
                cure=f"Make {name} again in the test.",
            )


def setup_by_chance(check: Check) -> Iterator[Finding]:
    """Locked setup that draws numbers: both sides run it, each on its own."""
    own = check.notebook.judges_own
    theirs = frozenset().union(*(cell.code.read for cell in check.notebook.learner_side if cell.code))
    draws = list(unseeded(own.tree, imports=check.notebook.imports))
    for statement in own.tree.body:
        made = {
            node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        if any(draw in ast.walk(statement) for draw in draws) and (used := sorted(made & check.code.read & theirs)):
            yield cannot(
                "setup-by-chance",
                at=_line_of(check.code.tree, used[0]),
                problem=f"A locked cell makes {used[0]} by chance, so the learner's and the judge's are not the same.",
                cure="Give the random source a seed: np.random.default_rng(7).",
            )


def subclassed(check: Check) -> Iterator[Finding]:
    """Classes of the test's own that inherit from a learner's."""
    for node in ast.walk(check.code.tree):
        if isinstance(node, ast.ClassDef) and any(map(check.touches, node.bases)):
            yield cannot(
                "subclass",
                at=node,
                problem=f"The test's class {node.name} inherits from a class of the learner's.",
                cure=f"Write {node.name} in a locked cell, or test objects of the learner's class.",
            )


def _expects_name_error(tree: ast.AST) -> bool:
    caught = (node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type)
    return any("NameError" in ast.unparse(kind) for kind in caught)


def _line_of(tree: ast.AST, name: str) -> int:
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name]
    defined = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name
    ]
    return min(lines + defined, default=1)
