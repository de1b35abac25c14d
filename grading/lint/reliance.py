"""What a check relies on: which of the learner's names it reads, calls and asks."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from grading.checks import CheckSpec
from grading.lint.kinds import HANDLES, Kind, Kinds
from grading.lint.notebook import Cell, Notebook
from grading.lint.reading import Code, imports_of, path_of, root

_CALLED = frozenset({Kind.FUNCTION, Kind.CLASS})
_ONLY_LOOK = frozenset({
    "isinstance", "issubclass", "callable", "hasattr", "getattr", "type", "repr", "str", "id", "len", "check_is_fitted",
})  # fmt: skip
# Of a thing of unknown kind: what only objects have that stay with the learner.
_ASKED = frozenset({
    "predict", "predict_proba", "decision_function", "transform", "fit", "fit_transform", "score", "named_steps",
    "lines", "patches", "collections", "containers", "axes", "execute", "fetchall", "cursor",
})  # fmt: skip
_CONVERSIONS = frozenset({"int", "float", "round", "abs", "len", "sum", "min", "max", "list", "sorted"})


@dataclass(frozen=True)
class Check:
    """One test cell that can be read, within its notebook."""

    cell: Cell
    spec: CheckSpec
    code: Code
    notebook: Notebook

    @cached_property
    def imports(self) -> dict[str, str]:
        """What the names that the test may use from libraries stand for."""
        found = dict(self.notebook.imports)
        for earlier in self.notebook.tests_before(self.cell):
            found |= imports_of(earlier.tree)
        return found | imports_of(self.code.tree)

    @cached_property
    def earlier_names(self) -> frozenset[str]:
        """The names that earlier tests made, which the judge still has."""
        return frozenset().union(*(code.made for code in self.notebook.tests_before(self.cell)))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the judge has to fetch from the learner's process."""
        theirs = self.notebook.made_by_learner_side - self.notebook.judges_own.made - self.imports.keys()
        own = (self.code.made - self.code.read_first) | self.earlier_names
        return (theirs & self.code.read) - own

    @cached_property
    def kinds(self) -> Kinds:
        """What all names stand for at the end of the test."""
        kinds = Kinds()
        for cell in self.notebook.learner_side:
            if cell.code:
                kinds.learn(cell.code.tree)
        for earlier in self.notebook.tests_before(self.cell):
            kinds.learn(earlier.tree)
        kinds.learn(self.code.tree)
        return kinds

    @cached_property
    def derived(self) -> frozenset[str]:
        """The test's own names for what the learner's code gave it."""
        found: set[str] = set()
        for _ in range(2):  # twice, for a loop that uses at its top what it binds at its bottom
            for target, value in _bindings(self.code.tree):
                if self.is_given(value, found):
                    found |= set(_bound(target))
        return frozenset(found)

    def is_given(self, node: ast.AST, derived: "set[str] | frozenset[str] | None" = None) -> bool:
        """Whether the value of an expression is what the learner's code gave, not what the test made of it."""
        derived = self.derived if derived is None else derived
        match node:
            case ast.Name(id=name):
                return name in self.names or name in derived
            case ast.Call(func=ast.Name(id=name), args=args) if name in _CONVERSIONS and name not in self.names:
                return any(self.is_given(arg, derived) for arg in args)
            case ast.Call(func=value) | ast.Attribute(value=value) | ast.Subscript(value=value):
                return self.is_given(value, derived)
            case ast.Starred(value=value) | ast.Await(value=value) | ast.UnaryOp(operand=value):
                return not isinstance(getattr(node, "op", None), ast.Not) and self.is_given(value, derived)
            case ast.BinOp(left=left, right=right):
                return self.is_given(left, derived) or self.is_given(right, derived)
            case ast.IfExp(body=body, orelse=orelse):
                return self.is_given(body, derived) or self.is_given(orelse, derived)
        return False

    def touches(self, node: ast.AST) -> bool:
        """Whether an expression takes anything from the learner, however indirectly."""
        theirs = self.names | self.derived | self.earlier_names
        return any(isinstance(part, ast.Name) and part.id in theirs for part in ast.walk(node))

    def path(self, node: ast.AST) -> str:
        """The full name of a library's function; empty for what the learner or the test made."""
        name = root(node)
        return "" if name in self.names or name in self.derived else path_of(node, self.imports)

    def calls_of_learner(self) -> Iterator[ast.Call]:
        """The calls of the learner's functions and classes."""
        for node in ast.walk(self.code.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and self.is_given(node.func):
                yield node

    @cached_property
    def called(self) -> frozenset[str]:
        """The learner's functions and classes that the test calls, or hands to what calls them."""
        found = {root(call.func) for call in self.calls_of_learner()}
        for node in ast.walk(self.code.tree):
            if isinstance(node, ast.Call) and path_of(node.func, self.imports) not in _ONLY_LOOK:
                found |= {part.id for part in _arguments(node) if self.kinds.names.get(part.id) in _CALLED}
            elif isinstance(node, ast.FunctionDef):
                found |= {root(part) for part in node.decorator_list}
        return frozenset(found & self.names)

    @cached_property
    def handed_on(self) -> frozenset[str]:
        """The learner's objects that the test hands to a function of a library or of its own, which then uses them."""
        found: set[str] = set()
        for node in ast.walk(self.code.tree):
            if isinstance(node, ast.Call) and path_of(node.func, self.imports).rpartition(".")[2] not in _ONLY_LOOK:
                found |= {part.id for part in _arguments(node) if self.kinds.names.get(part.id) in HANDLES}
        return frozenset(found & (self.names | self.derived))

    @cached_property
    def handles(self) -> frozenset[str]:
        """The learner's objects that are asked, each with what it is asked for."""
        nodes = list(ast.walk(self.code.tree))
        asked = [node for node in nodes if isinstance(node, ast.Attribute) and self._is_asked(node)]
        found = {f"{_owner(node.value)}.{node.attr}" for node in asked}
        with_attribute = {root(node) for node in asked} | self.called
        return frozenset(found | {name for name in self.names - with_attribute if self._is_handle(name)})

    @cached_property
    def values(self) -> frozenset[str]:
        """The learner's names that are read by value."""
        asked = {label.partition(".")[0].partition("[")[0].partition("(")[0] for label in self.handles}
        return self.names - self.called - asked

    def _is_handle(self, name: str) -> bool:
        return self.kinds.names.get(name) in HANDLES | _CALLED

    def _is_asked(self, node: ast.Attribute) -> bool:
        """Whether this is the first attribute of a chain, of an object that stays with the learner."""
        if not isinstance(_within(node.value), ast.Name) or not self.is_given(node.value):
            return False
        kind = self.kinds.of(node.value)
        told = node.attr in _ASKED or node.attr.startswith("get_") or node.attr.endswith("_")
        return kind in HANDLES | _CALLED or (kind is Kind.UNKNOWN and told)


def _arguments(call: ast.Call) -> Iterator[ast.Name]:
    for part in [*call.args, *(keyword.value for keyword in call.keywords)]:
        if isinstance(part, ast.Name):
            yield part


def _bindings(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((target, value) for target in targets if not isinstance(target, ast.Attribute))
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
                | ast.AugAssign(target=target, value=value)
                | ast.For(target=target, iter=value)
                | ast.comprehension(target=target, iter=value)
                | ast.withitem(optional_vars=ast.expr() as target, context_expr=value)
            ):
                yield target, value


def _bound(target: ast.AST) -> Iterator[str]:
    if isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _bound(part)
    elif isinstance(target, ast.Name | ast.Starred | ast.Subscript):
        yield root(target)


def _within(node: ast.AST) -> ast.AST:
    """What is called or indexed."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def _owner(node: ast.AST) -> str:
    match node:
        case ast.Call():
            return f"{_owner(node.func)}()"
        case ast.Subscript():
            return f"{_owner(node.value)}[...]"
    return root(node)
