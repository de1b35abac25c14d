"""Rules about what a passed check proves: that the code behaves, or only what it says of itself."""

import ast
from collections.abc import Iterator

from grading.lint.findings import Finding, note, weak
from grading.lint.kinds import Kind
from grading.lint.notebook import hidden_of
from grading.lint.reading import is_literal
from grading.lint.reliance import Check

_TELLS = frozenset({"get_params", "get_feature_names_out", "get_depth", "get_n_leaves"})  # methods that only report
_LOOKS = frozenset({"isinstance", "hasattr", "callable", "issubclass", "getattr"})
_LIMITS = ast.Lt | ast.LtE | ast.Gt | ast.GtE
_EXPECTED = frozenset({
    "expected", "expect", "answer", "answers", "solution", "solutions", "correct", "target", "gold", "truth", "want",
})  # fmt: skip
_CLOSE = frozenset({"isclose", "allclose", "approx", "assert_allclose", "assert_array_equal", "assert_equal"})


def only_claims(check: Check) -> Iterator[Finding]:
    """Checks that ask learners' objects about themselves, and nothing else."""
    if _sees_behaviour(check):
        return
    asserts = [node for node in ast.walk(check.code.tree) if isinstance(node, ast.Assert) and check.touches(node.test)]
    if asserts and all(_is_claim(check, node.test) for node in asserts):
        yield weak(
            "only-claims",
            at=min(asserts, key=lambda node: node.lineno),
            problem="The check believes what the learner's notebook says of itself, which can be typed in.",
            cure="Work it out again in the test: call the function or the model with inputs of your own.",
        )


def _sees_behaviour(check: Check) -> bool:
    """Whether the test makes anything of the learner's do something."""
    if check.called or check.handed_on:
        return True
    for node in ast.walk(check.code.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and check.is_given(node.func.value):
            kind = check.kinds.of(node.func.value)
            if kind not in (Kind.DATA, Kind.CHART) and node.func.attr not in _TELLS:
                return True
    return False


def _is_claim(check: Check, test: ast.expr) -> bool:
    match test:
        case ast.BoolOp(values=values):
            return all(_is_claim(check, part) for part in values if check.touches(part))
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _is_claim(check, inner)
        case ast.Name():
            return check.is_given(test)
        case ast.Attribute() | ast.Subscript():
            return _is_reported(check, test)
        case ast.Call(func=ast.Name(id=name)):
            return name in _LOOKS
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return _is_claimed(check, [left, *comparators], ops)
    return False


def _is_claimed(check: Check, sides: list[ast.expr], ops: list[ast.cmpop]) -> bool:
    theirs = [side for side in sides if check.touches(side)]
    if any(check.touches(side) for side in sides if not check.is_given(side)):
        return False
    if any(_is_reported(check, side) for side in theirs):
        return all(_is_reported(check, side) for side in theirs)
    bare = all(isinstance(side, ast.Name) for side in theirs)
    limits = all(isinstance(op, _LIMITS) for op in ops)
    return bare and (limits or all(_is_yes_or_no(side) for side in sides if side not in theirs))


def _is_yes_or_no(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))


def _is_reported(check: Check, node: ast.AST) -> bool:
    """Whether this is what a model or another object says of itself: `search.best_score_`."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not check.is_given(node.func):
            return any(_is_reported(check, arg) for arg in node.args)  # len(search.cv_results_)
        inner = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Attribute) and check.is_given(inner):
            kind = check.kinds.of(inner)
            if kind in (Kind.MODEL, Kind.OBJECT, Kind.INSTANCE) or (kind is Kind.UNKNOWN and node.attr.endswith("_")):
                return True
        node = inner
    return False


def visible_answer(check: Check) -> Iterator[Finding]:
    """Values whose expected value learners read in the test."""
    if check.called or check.handles or len(hidden_of(check.cell)):
        return
    found = (_shows_answer(check, node) for node in ast.walk(check.code.tree))
    compared = [node for node in found if node]
    if compared:
        yield note(
            "visible-answer",
            at=min(node.lineno for node in compared),
            problem="Learners can read the right value in the test and type it in.",
            cure="Compare it in a hidden test, or ask for a function and call it with inputs of your own.",
        )


def _shows_answer(check: Check, node: ast.AST) -> "ast.expr | None":
    match node:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            pairs = [(left, right), (right, left)]
        case ast.Compare(left=ast.Call(args=[ast.BinOp(left=left, op=ast.Sub(), right=right)])):
            pairs = [(left, right), (right, left)]
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[left, right, *_]) if name in _CLOSE:
            pairs = [(left, right), (right, left)]
        case _:
            return None
    shown = any(_is_value(check, one) and is_literal(other) and not _is_yes_or_no(other) for one, other in pairs)
    return node if shown else None


def _is_value(check: Check, node: ast.AST) -> bool:
    while isinstance(node, ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name) and node.id in check.values


def told(check: Check) -> Iterator[Finding]:
    """Hidden tests that hand the expected value to the learner's code."""
    hidden = hidden_of(check.cell)
    expected = _expected(check, hidden)
    for call in check.calls_of_learner():
        handed = [*call.args, *(keyword.value for keyword in call.keywords)]
        for part in handed if call.lineno in hidden else ():
            if _hands_over(check, part, expected):
                yield weak(
                    "expected-value-told",
                    at=call,
                    problem="This hidden test hands the expected value to the learner's code, which can return it.",
                    cure="Hand over the inputs only, and compare with the expected value in the test.",
                )


def _expected(check: Check, hidden: range) -> frozenset[str]:
    """The names of expected values: what hidden lines compare with what the learner's code gave."""
    compared: set[str] = set()
    for node in ast.walk(check.code.tree):
        if (
            isinstance(node, ast.Compare)
            and node.lineno in hidden
            and any(map(check.touches, [node.left, *node.comparators]))
        ):
            compared |= {side.id for side in [node.left, *node.comparators] if isinstance(side, ast.Name)}
    own = compared - check.names - check.derived
    return frozenset(name for name in own if _sounds_expected(name) or _worked_out(check, name))


def _sounds_expected(name: str) -> bool:
    return not _EXPECTED.isdisjoint(name.lower().strip("_").split("_"))


def _worked_out(check: Check, name: str) -> bool:
    """Whether a name is made from other names of the test's own, as a result is and an input seldom."""
    for node in ast.walk(check.code.tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            used = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
            return bool(used & (check.code.made - check.imports.keys()))
    return False


def _hands_over(check: Check, part: ast.expr, expected: frozenset[str]) -> bool:
    match part:
        case ast.Name(id=name) if name in expected:
            return True
        case ast.Lambda(body=body):
            return _is_expected(body, expected)
        case ast.Name(id=name):
            functions = (node for node in ast.walk(check.code.tree) if isinstance(node, ast.FunctionDef))
            returned = [
                line.value
                for function in functions
                if function.name == name
                for line in ast.walk(function)
                if isinstance(line, ast.Return) and line.value
            ]
            return any(_is_expected(value, expected) for value in returned)
    return False


def _is_expected(node: ast.expr, expected: frozenset[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in expected
