"""What kind of thing an expression gives, as far as one can tell without running it."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from grading.lint.reading import imports_of, path_of


class Kind(StrEnum):
    """What a name or an expression stands for."""

    FUNCTION = "function"
    CLASS = "class"
    INSTANCE = "instance"  # of a class written in the notebook
    MODEL = "model"  # of scikit-learn
    CHART = "chart"  # a figure, axes and what is drawn on them
    OBJECT = "object"  # of another library, such as a database connection
    DATA = "data"  # travels by value
    UNKNOWN = "unknown"


HANDLES = frozenset({Kind.INSTANCE, Kind.MODEL, Kind.CHART, Kind.OBJECT})
_CHARTS = ("matplotlib.", "seaborn.")
_STAYS_MODEL = frozenset({"fit", "partial_fit", "set_params"})
_MAKES_MODEL = frozenset({"make_pipeline", "make_union", "make_column_transformer", "clone"})
_DATA = (
    ast.Constant | ast.JoinedStr | ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp | ast.SetComp | ast.DictComp
    | ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Compare
)  # fmt: skip
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Kinds:
    """Names and what they stand for. `learn` takes in the statements of a cell, in order."""

    names: dict[str, Kind] = field(default_factory=dict)
    gives: dict[str, Kind] = field(default_factory=dict)  # function -> kind of what it returns
    imports: dict[str, str] = field(default_factory=dict)

    def copy(self) -> "Kinds":
        """One of its own, to learn more without changing this one."""
        return Kinds(dict(self.names), dict(self.gives), dict(self.imports))

    def learn(self, tree: ast.AST) -> None:
        """Take in what this code binds."""
        self.imports |= imports_of(tree)
        self._learn(list(ast.iter_child_nodes(tree)))

    def of(self, node: ast.AST) -> Kind:
        """The kind of what an expression gives."""
        match node:
            case ast.Name(id=name):
                return self.names.get(name, Kind.UNKNOWN)
            case ast.Call():
                return self._of_call(node)
            case ast.Attribute():
                return self._of_attribute(node)
            case ast.Subscript(value=value):
                kind = self.of(value)
                return kind if kind in (Kind.DATA, Kind.CHART, Kind.MODEL) else Kind.UNKNOWN
            case ast.IfExp(body=value) | ast.NamedExpr(value=value) | ast.Starred(value=value):
                return self.of(value)
            case ast.Lambda():
                return Kind.FUNCTION
        return Kind.DATA if isinstance(node, _DATA) else Kind.UNKNOWN

    def _learn(self, nodes: list[ast.AST]) -> None:
        for node in nodes:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._define(node)
                case ast.ClassDef(name=name):
                    self.names[name] = Kind.DATA if _is_tuple(node) else Kind.CLASS
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._bind(target, value)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._bind(target, value)
                case ast.withitem(context_expr=value, optional_vars=ast.Name() as target):
                    self._bind(target, value)
                case ast.stmt() | ast.ExceptHandler():
                    self._learn(list(ast.iter_child_nodes(node)))

    def _bind(self, target: ast.AST, value: ast.AST) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = self.of(value)
            if isinstance(value, ast.Lambda):
                self.gives[target.id] = self.of(value.body)
        elif isinstance(target, ast.Tuple | ast.List):
            values: Iterable[ast.AST] = [value] * len(target.elts)
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                values = value.elts
            for part, its in zip(target.elts, values, strict=True):
                self._bind(part, its)

    def _define(self, node: _Function) -> None:
        self.names[node.name] = Kind.FUNCTION
        within = self.copy()
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg):
                within.names[argument.arg] = Kind.UNKNOWN
        within._learn(list(node.body))
        returned = {within.of(part.value) for part in ast.walk(node) if isinstance(part, ast.Return) and part.value}
        kinds = returned - {Kind.DATA} or returned
        self.gives[node.name] = kinds.pop() if len(kinds) == 1 else Kind.UNKNOWN

    def _of_call(self, node: ast.Call) -> Kind:
        if self._is_imported(node.func):
            return _of_library(path_of(node.func, self.imports))
        if isinstance(node.func, ast.Name):
            return self._made_by(node.func.id) if node.func.id in self.names else Kind.DATA
        return self._of_method(node.func) if isinstance(node.func, ast.Attribute) else Kind.UNKNOWN

    def _made_by(self, name: str) -> Kind:
        kind = self.names[name]
        if kind is Kind.CLASS:
            return Kind.INSTANCE
        return Kind.DATA if kind is Kind.DATA else self.gives.get(name, Kind.UNKNOWN)

    def _is_imported(self, node: ast.AST) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.imports and node.id not in self.names

    def _of_method(self, method: ast.Attribute) -> Kind:
        kind = self.of(method.value)
        if kind is Kind.MODEL:
            return Kind.MODEL if method.attr in _STAYS_MODEL else Kind.DATA
        if "plot" in (method.attr, getattr(method.value, "attr", "")):
            return Kind.CHART
        if kind is Kind.CHART:
            return Kind.DATA if method.attr.startswith("get_") else Kind.CHART
        return Kind.DATA if kind is Kind.DATA else Kind.UNKNOWN

    def _of_attribute(self, node: ast.Attribute) -> Kind:
        kind = self.of(node.value)
        if kind is Kind.MODEL:
            return Kind.MODEL if node.attr == "best_estimator_" else Kind.DATA
        return kind if kind in (Kind.DATA, Kind.CHART) else Kind.UNKNOWN


def _of_library(path: str) -> Kind:
    name = path.rpartition(".")[2]
    if path.startswith("sklearn."):
        return Kind.MODEL if name[:1].isupper() or name in _MAKES_MODEL else Kind.DATA
    if path.startswith(_CHARTS):
        return Kind.CHART
    return Kind.OBJECT if path == "sqlite3.connect" else Kind.DATA


def _is_tuple(node: ast.ClassDef) -> bool:
    """Whether the class is a named tuple, which travels by value."""
    return any(ast.unparse(base).rpartition(".")[2] == "NamedTuple" for base in node.bases)
