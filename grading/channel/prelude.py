"""What the judge's process runs before any test, read from the author's notebook: imports and constants.

The learner's process runs every author cell too. The judge needs its own copy of what tests lean on: modules, and the
locked cells that depend on nothing a learner writes.
"""

import ast
import builtins
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

from grading.channel.magics import without_magics

_ORDER = frozenset({"__lt__", "__le__", "__gt__", "__ge__"})


@dataclass(frozen=True, kw_only=True)
class Prelude:
    """The code for the judge, and which names a test shares with the learner's process."""

    code: str = ""
    author_names: frozenset[str] = frozenset()  # bound by cells that are no tests: deleting one travels
    shared_names: frozenset[str] = frozenset()  # of these, the ones that functions read: setting one travels too
    constants: frozenset[str] = frozenset()  # bound by `code`
    methods: dict[str, frozenset[str]] = field(default_factory=dict)  # author's class -> methods that it defines
    operators: dict[str, frozenset[str]] = field(default_factory=dict)  # the special ones among them


def prelude_of(source: NotebookNode) -> Prelude:
    """The prelude of an author's notebook. Cells that Python cannot read are left out."""
    cells = list(_cells(source))
    bound = set().union(*(_bound(tree) for _, tree in cells))
    read = set().union(*(_read_by_functions(tree) for _, tree in cells))
    methods = _methods([tree for _, tree in cells])
    code = _code(cells, bound)
    return Prelude(
        code="\n".join(dict.fromkeys(map(ast.unparse, code))),
        author_names=frozenset(bound),
        shared_names=frozenset(bound & read),
        constants=frozenset().union(*map(_bound, code)),
        methods=methods,
        operators={name: frozenset(filter(_is_special, own)) for name, own in methods.items()},
    )


def _code(cells: "list[tuple[NotebookNode, ast.Module]]", bound: set[str]) -> list[ast.stmt]:
    """Imports, constants and helpers. A class on which the solution builds stays with the learner's process alone."""
    solution = set().union(*(_names(tree) for cell, tree in cells if not _is_locked(cell)))
    known = set(vars(builtins))
    found: list[ast.stmt] = []
    for cell, tree in cells:
        for statement in tree.body:
            if _is_import(statement) or (_is_locked(cell) and _is_ours(statement, known, bound, solution)):
                found.append(statement)
                known |= _bound(statement)
    return found


def _is_ours(statement: ast.stmt, known: set[str], bound: set[str], solution: set[str]) -> bool:
    if isinstance(statement, ast.ClassDef) and statement.name in solution:
        return False
    if isinstance(statement, ast.FunctionDef):  # what its body names is looked up when a test calls it
        known = known | (bound if not statement.decorator_list else set())
    return _needs(statement) <= known


def _names(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _cells(source: NotebookNode) -> Iterator[tuple[NotebookNode, ast.Module]]:
    for cell in source.cells:
        if cell.cell_type != "code" or _is_test(cell):
            continue
        try:
            yield cell, ast.parse(without_magics(cell.source))
        except (SyntaxError, ValueError):
            continue


def _is_test(cell: NotebookNode) -> bool:
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("grade")) and not marks.get("solution")


def _is_locked(cell: NotebookNode) -> bool:
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("locked")) and not marks.get("solution")


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _bound(tree: ast.AST) -> set[str]:
    """The names that this code binds where it stands, not within its functions and classes."""
    if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {tree.name}
    if isinstance(tree, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return set()
    if isinstance(tree, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in tree.names}
    names = {tree.id} if isinstance(tree, ast.Name) and isinstance(tree.ctx, ast.Store) else set()
    return names.union(*map(_bound, ast.iter_child_nodes(tree)))


def _needs(statement: ast.stmt) -> set[str]:
    """The names that a statement takes from elsewhere, its functions' included."""
    try:
        table = symtable.symtable(ast.unparse(statement), "<author>", "exec")
    except (SyntaxError, ValueError):
        return {"?"}
    inside = {name for scope in table.get_children() for name in _globals_read(scope)}
    here = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    made = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    return (here | inside) - (made - _augmented(statement))


def _augmented(statement: ast.stmt) -> set[str]:
    targets = (node.target for node in ast.walk(statement) if isinstance(node, ast.AugAssign))
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _read_by_functions(tree: ast.Module) -> set[str]:
    table = symtable.symtable(ast.unparse(tree), "<author>", "exec")
    return {name for scope in table.get_children() for name in _globals_read(scope)}


def _globals_read(scope: symtable.SymbolTable) -> Iterator[str]:
    for symbol in scope.get_symbols():
        if symbol.is_global():
            yield symbol.get_name()
    for inner in scope.get_children():
        yield from _globals_read(inner)


def _methods(trees: list[ast.Module]) -> dict[str, frozenset[str]]:
    """The methods that each class defines or inherits from another class of the notebook."""
    found: dict[str, frozenset[str]] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ClassDef):
            own = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
            own |= {name for part in node.body if isinstance(part, ast.Assign) for name in _bound(part)}
            own |= _ORDER if any("total_ordering" in ast.unparse(part) for part in node.decorator_list) else set()
            bases = (found.get(base.id, frozenset()) for base in node.bases if isinstance(base, ast.Name))
            found[node.name] = frozenset(own).union(*bases)
    return found


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
