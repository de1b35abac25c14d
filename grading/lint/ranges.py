"""The least and the greatest number that an expression can give, followed through a test without running it.

What is not known may be anything. A range may be wider than the truth, never narrower.
"""

import ast
import math
import operator
from collections.abc import Callable, Iterable, Sequence

Range = tuple[float, float]
ANYTHING: Range = (-math.inf, math.inf)
YES_OR_NO: Range = (0, 1)
_TESTS = frozenset({"bool", "all", "any", "isinstance", "issubclass", "callable", "hasattr"})
_SAME = frozenset({"int", "float"})
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_MOST_STEPS = 3000


def is_true_or_false(node: ast.AST) -> bool:
    """Whether an expression can give nothing but True or False, as far as its form tells."""
    match node:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp(values=values):
            return all(map(is_true_or_false, values))
        case ast.Call(func=ast.Name(id=name)):
            return name in _TESTS
    return False


class Ranges:
    """What the names of a test hold. `run` follows its statements, `of` gives the range of an expression."""

    def __init__(self, tree: ast.Module) -> None:
        self._known: dict[str, Range] = {}
        self._lengths: dict[str, int] = {}
        self._steps = 0
        nodes = list(ast.walk(tree))
        self._lost = any(isinstance(node, ast.Global) for node in nodes)
        self._elsewhere = {node.target.id for node in nodes if isinstance(node, ast.NamedExpr)}

    def of(self, node: ast.AST) -> Range:
        """The range of an expression."""
        if is_true_or_false(node):
            return YES_OR_NO
        match node:
            case ast.Constant(value=bool() | int() | float() as value):
                return _exactly(value)
            case ast.Name(id=name) if not self._lost and name not in self._elsewhere:
                return self._known.get(name, ANYTHING)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                low, high = self.of(inner)
                return (-high, -low)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _combined(_OPERATORS[type(op)], self.of(left), self.of(right))
            case ast.IfExp(body=body, orelse=orelse):
                return _hull([self.of(body), self.of(orelse)])
            case ast.Call(func=ast.Name(id=name), args=[_, *_] as args, keywords=[]):
                return self._of_call(name, args)
        return ANYTHING

    def run(self, lines: Iterable[ast.stmt]) -> None:
        """Follow these statements."""
        for line in lines:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                self._lost = True
                return
            self._step(line)

    def _step(self, line: ast.stmt) -> None:
        match line:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target, value)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                self._known[name] = self.of(ast.BinOp(ast.Name(name, ast.Load()), op, value))
            case ast.If(body=body, orelse=orelse):
                self._either(body, orelse)
            case ast.For(target=target, iter=over, body=body, orelse=orelse):
                self._forget(target)
                self._repeat(body, self._length(over))
                self.run(orelse)
            case ast.With(body=body):
                self._either(body, [])
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
                self._either(body, [])
                self._either(orelse, *(handler.body for handler in handlers))
                self.run(final)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._known[line.name] = ANYTHING
            case _:
                self._forget(line)

    def _either(self, *branches: Sequence[ast.stmt]) -> None:
        before, ends = self._known, []
        for branch in branches:
            self._known = dict(before)
            self.run(branch)
            ends.append(self._known)
        names = set().union(*ends)
        self._known = {name: _hull([end.get(name, ANYTHING) for end in ends]) for name in names}

    def _repeat(self, body: list[ast.stmt], times: int | None) -> None:
        if times is None:
            for line in body:
                self._forget(line)
            return
        leaves_early = any(isinstance(part, ast.Break | ast.Continue) for line in body for part in ast.walk(line))
        for _ in range(times):
            if self._lost:
                return
            self._either(body, []) if leaves_early else self.run(body)

    def _bind(self, target: ast.AST, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._known[target.id] = self.of(value)
            length = self._length(value)
            self._lengths.pop(target.id, None)
            self._lengths |= {} if length is None else {target.id: length}
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for part, its in zip(target.elts, value.elts, strict=True):
                self._bind(part, its)
        else:
            self._forget(target)

    def _forget(self, node: ast.AST) -> None:
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
                self._known[part.id] = ANYTHING
                self._lengths.pop(part.id, None)

    def _of_call(self, name: str, args: list[ast.expr]) -> Range:
        ranges = [self.of(arg) for arg in args]
        if name in _SAME and len(args) == 1:
            return ranges[0]
        if name == "round":
            return (
                (math.floor(ranges[0][0]), math.ceil(ranges[0][1])) if math.inf not in map(abs, ranges[0]) else ANYTHING
            )
        if name in ("min", "max") and len(args) > 1:
            choose = min if name == "min" else max
            return (choose(low for low, _ in ranges), choose(high for _, high in ranges))
        if name == "len":
            length = self._length(args[0])
            return (0, math.inf) if length is None else (length, length)
        return self._of_sum(args[0]) if name == "sum" and len(args) == 1 else ANYTHING

    def _of_sum(self, items: ast.expr) -> Range:
        if isinstance(items, ast.List | ast.Tuple):
            ranges = [self.of(item) for item in items.elts]
            return (sum(low for low, _ in ranges), sum(high for _, high in ranges))
        if isinstance(items, ast.ListComp | ast.GeneratorExp) and len(items.generators) == 1:
            low, high = self.of(items.elt)
            length = self._length(items.generators[0].iter)
            if length is not None and is_true_or_false(items.elt):
                return (0 if items.generators[0].ifs else low * length, high * length)
        return ANYTHING

    def _length(self, node: ast.expr) -> int | None:
        """How many items there are at most, and without a condition at least."""
        match node:
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                return None if any(isinstance(part, ast.Starred) for part in elts) else len(elts)
            case ast.Name(id=name):
                return self._lengths.get(name)
            case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int() as count)]):
                return min(max(count, 0), _MOST_STEPS)
            case ast.Call(func=ast.Name(id="enumerate" | "list" | "sorted" | "reversed" | "tuple"), args=[inner, *_]):
                return self._length(inner)
            case ast.Call(func=ast.Name(id="zip"), args=args):
                lengths = [length for arg in args if (length := self._length(arg)) is not None]
                return min(lengths, default=None)
        return None


def _exactly(value: float) -> Range:
    try:
        number = float(value)
    except OverflowError:
        return ANYTHING
    return ANYTHING if math.isnan(number) else (number, number)


def _combined(operation: Callable[[float, float], float], left: Range, right: Range) -> Range:
    if operation is operator.truediv and right[0] <= 0 <= right[1]:
        return ANYTHING
    corners = [operation(one, other) for one in left for other in right]
    return ANYTHING if any(map(math.isnan, corners)) else (min(corners), max(corners))


def _hull(ranges: Iterable[Range]) -> Range:
    lows, highs = zip(*ranges, strict=True)
    return (min(lows), max(highs))
