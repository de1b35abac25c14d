"""Rules about partial credit: the last line of a test, where that is a number of points."""

import ast
import math
from collections.abc import Iterator

from grading.lint.findings import Finding, cannot, weak
from grading.lint.ranges import Ranges, is_true_or_false
from grading.lint.reliance import Check

_NUMBERS = frozenset({"int", "float", "round", "min", "max", "sum", "len", "abs"})


def last_line(check: Check) -> ast.expr | None:
    """The expression that a test ends with, if it does."""
    lines = check.code.tree.body
    if not lines or not isinstance(lines[-1], ast.Expr) or check.cell.source.rstrip().endswith(";"):
        return None
    return lines[-1].value


def gives_points(check: Check) -> bool:
    """Whether the last line is likely to be a number of points. A call such as `ax.clear()` is not."""
    match last_line(check):
        case ast.Call(func=ast.Name(id=name)):
            return name in _NUMBERS
        case ast.Constant(value=value):
            return isinstance(value, int | float)
        case ast.Name() | ast.BinOp() | ast.UnaryOp() | ast.IfExp() | ast.Subscript() | ast.Attribute() as node:
            return not is_true_or_false(node)
    return False


def out_of_range(check: Check) -> Iterator[Finding]:
    """Points below zero, or above what the check offers."""
    score = last_line(check)
    if score is None or not gives_points(check):
        return
    ranges = Ranges(check.code.tree)
    ranges.run(check.code.tree.body[:-1])
    low, high = ranges.of(score)
    most = check.spec.max_points
    if math.isfinite(high) and high > most + 1e-9:
        problem = f"The last line may give {high:g} points, and the check offers {most:g}."
        cure = f"Divide or limit it: min({most:g}, ...), or give the check {high:g} points."
        yield cannot("too-many-points", at=score, problem=problem, cure=cure)
    if math.isfinite(low) and low < -1e-9:
        problem = f"The last line may give {low:g} points, which is below zero."
        yield cannot("negative-points", at=score, problem=problem, cure="Limit it: max(0, ...).")


def given_by_learner(check: Check) -> Iterator[Finding]:
    """Points that the learner's code names itself."""
    score = last_line(check)
    if score is not None and check.is_given(score):
        yield weak(
            "learner-gives-points",
            at=score,
            problem="The last line is a number that the learner's code gives, and it becomes the points.",
            cure="Compare it first, and end with points of your own: 2 * (f(3) == 9).",
        )
