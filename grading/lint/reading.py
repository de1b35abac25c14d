"""Python source read without running it: a tree that is safe to walk, and the names that it makes and takes."""

import ast
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from grading.channel.magics import without_magics

_MAX_DEPTH = 120  # levels of a tree: walking a deeper one needs more of Python's stack than callers may have left


class NotRead(Exception):
    """The source is no Python that the lint can read. Says why, and at which line."""

    def __init__(self, why: str, *, line: int = 1) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Code:
    """A cell's code. All names are those of the notebook, not the local ones of functions."""

    tree: ast.Module
    made: frozenset[str]
    read: frozenset[str]  # anywhere, within functions too
    read_by_functions: frozenset[str]
    read_first: frozenset[str]  # where the cell itself stands, before it makes them


def read(source: str) -> Code:
    """The code of a cell, magics left out. Raises NotRead."""
    source = without_magics(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            if _depth(tree) > _MAX_DEPTH:
                raise NotRead("The code is nested too deeply to be read.")
            compile(source, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            return _code(tree, symtable.symtable(source, "<cell>", "exec"))
    except SyntaxError as problem:
        raise NotRead(f"The code is not Python: {problem.msg}.", line=problem.lineno or 1) from problem
    except (ValueError, RecursionError, MemoryError, OverflowError) as problem:
        raise NotRead("The code is not Python, or is nested too deeply to be read.") from problem


def _code(tree: ast.Module, table: symtable.SymbolTable) -> Code:
    inner = frozenset(_used_inside(table))
    order = _Order()
    order.visit(tree)
    here = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    return Code(
        tree=tree,
        made=frozenset(_made(table)),
        read=inner | here | order.read_first,
        read_by_functions=inner,
        read_first=frozenset(order.read_first),
    )


def lines_of(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of code that runs where it stands: neither functions' bodies nor what is within them."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def root(node: ast.AST) -> str:
    """The name at which a chain like `model.steps[0].coef_` begins; empty if it begins with something else."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred | ast.Await):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def imports_of(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for: {"plt": "matplotlib.pyplot", "sqrt": "math.sqrt"}."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def path_of(node: ast.AST, imports: dict[str, str]) -> str:
    """The full name of a function or module: `plt.gcf` gives "matplotlib.pyplot.gcf". Empty if it has none."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([imports.get(node.id, node.id), *reversed(parts)])


def is_literal(node: ast.AST) -> bool:
    """Whether the value stands in the code itself: a number, a text, a list of such."""
    if isinstance(node, ast.UnaryOp):
        return is_literal(node.operand)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(map(is_literal, node.elts))
    if isinstance(node, ast.Dict):
        return all(key is not None and is_literal(key) for key in node.keys) and all(map(is_literal, node.values))
    return isinstance(node, ast.Constant)


def _depth(tree: ast.AST) -> int:
    level, depth = [tree], 0
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        depth += 1
    return depth


def _made(table: symtable.SymbolTable) -> Iterator[str]:
    """The names bound at the top, by `global` within functions too."""
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            yield symbol.get_name()
    waiting = list(table.get_children())
    while waiting:
        scope = waiting.pop()
        waiting.extend(scope.get_children())
        yield from (part.get_name() for part in scope.get_symbols() if part.is_declared_global() and part.is_assigned())


def _used_inside(table: symtable.SymbolTable) -> Iterator[str]:
    """The notebook's names that functions, classes and comprehensions read."""
    waiting = list(table.get_children())
    while waiting:
        scope = waiting.pop()
        waiting.extend(scope.get_children())
        yield from (part.get_name() for part in scope.get_symbols() if part.is_global() and _is_read(part))


def _is_read(symbol: symtable.Symbol) -> bool:
    return symbol.is_referenced() or symbol.is_declared_global()


class _Order(ast.NodeVisitor):
    """Whether the first thing done with a name, in the order in which Python does it, is to read it."""

    def __init__(self) -> None:
        self.read_first: set[str] = set()
        self._bound: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self._bound.add(node.id)
        else:
            self._read(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._in_order(node.value, *node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._in_order(node.value, node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._read(node.target.id)
        self._in_order(node.value, node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._in_order(node.value, node.target)

    def visit_For(self, node: ast.For) -> None:
        self._in_order(node.iter, node.target, *node.body, *node.orelse)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._define(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._define(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._in_order(*node.decorator_list, *node.bases, *node.keywords)
        self._bound.add(node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehend(node)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._comprehend(node)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehend(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehend(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._bound |= {node.name} if node.name else set()
        self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> None:
        self._bound.add((node.asname or node.name).partition(".")[0])

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._bound.add(node.name)
        self.generic_visit(node)

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._in_order(*node.decorator_list, node.args)
        self._bound.add(node.name)

    def _comprehend(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        parts = [part for generator in node.generators for part in ast.walk(generator.target)]
        local = {part.id for part in parts if isinstance(part, ast.Name)} - self._bound
        self._bound |= local
        self.generic_visit(node)
        self._bound -= local

    def _in_order(self, *nodes: ast.AST) -> None:
        for node in nodes:
            self.visit(node)

    def _read(self, name: str) -> None:
        if name not in self._bound:
            self.read_first.add(name)
