"""Rules about asserts: whether the check can fail at all, and for everything that it looks at."""

import ast
import re
from collections.abc import Iterator

from grading.lint.chance import seeds, unseeded
from grading.lint.findings import Finding, cannot, note, weak
from grading.lint.kinds import Kind
from grading.lint.points import gives_points
from grading.lint.ranges import is_true_or_false
from grading.lint.reliance import Check

_SOUNDS_LIKE_A_CHECK = re.compile(r"assert|raises|check|test|verify|expect|validate|fail|wasSuccessful", re.IGNORECASE)
_READS_FILES = re.compile(
    r"^(open|.*\.(read_\w+|open|exists|is_file|read_text|read_bytes|loadtxt|genfromtxt|getsource|gcf|gca|listdir|glob))$"
)
_BY_TEXT = frozenset({"eval", "exec", "globals", "locals", "vars", "dir"})
_CATCH_ALL = frozenset({"Exception", "BaseException", "AssertionError"})
_QUIET_CALLS = frozenset({"print", "display"})


def nothing_asked(check: Check) -> Iterator[Finding]:
    """Checks that cannot fail."""
    if not gives_points(check) and not any(_may_fail(check, node) for node in ast.walk(check.code.tree)):
        yield weak(
            "no-assert",
            at=1,
            problem="The check asserts nothing, so that an empty answer may get full marks.",
            cure="Add an assert for what the answer has to do, or end with a number of points.",
        )
    elif not _looks_at_learner(check):
        yield weak(
            "nothing-of-learner",
            at=1,
            problem="The check looks at nothing that learners write.",
            cure="Call the learner's function, or read a name that the learner makes.",
        )


def _may_fail(check: Check, node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return not _always_true(node.test)
    if isinstance(node, ast.Raise):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return bool(_SOUNDS_LIKE_A_CHECK.search(name)) and name not in check.notebook.made_in_answers


def _looks_at_learner(check: Check) -> bool:
    if check.names or check.earlier_names & check.code.read or check.code.read & check.notebook.made_in_answers:
        return True
    paths = [check.path(node.func) for node in ast.walk(check.code.tree) if isinstance(node, ast.Call)]
    return any(path in _BY_TEXT or _READS_FILES.match(path) for path in paths)


def always_true(check: Check) -> Iterator[Finding]:
    """Asserts that hold whatever the answer is."""
    for node in ast.walk(check.code.tree):
        if not isinstance(node, ast.Assert) or not _always_true(node.test):
            continue
        if isinstance(node.test, ast.Tuple):
            problem = "This assert has brackets around the condition and its message, which is always true."
            cure = "Take the outer brackets away: assert condition, message."
            yield cannot("always-true", at=node, problem=problem, cure=cure)
        else:
            problem = "This assert is true for every answer."
            yield cannot("always-true", at=node, problem=problem, cure="Compare both sides in full: a == 1 or a == 2.")


def _always_true(test: ast.expr) -> bool:
    match test:
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            return bool(elts)
        case ast.Constant(value=value):
            return bool(value)
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(map(_always_true, values))
        case ast.BoolOp(op=ast.And(), values=values):
            return all(map(_always_true, values))
        case ast.JoinedStr() | ast.Lambda() | ast.GeneratorExp():
            return True
    return False


def forgotten_assert(check: Check) -> Iterator[Finding]:
    """Comparisons whose result nobody uses."""
    for node in ast.walk(check.code.tree):
        if isinstance(node, ast.Expr) and is_true_or_false(node.value):
            yield weak(
                "forgotten-assert",
                at=node,
                problem="This line compares, but nothing happens when it is false.",
                cure="Write assert in front of it.",
            )


def swallowed(check: Check) -> Iterator[Finding]:
    """Asserts whose failure is caught and forgotten."""
    for node in ast.walk(check.code.tree):
        if isinstance(node, ast.Try | ast.TryStar):
            quiet = any(_forgets(handler) for handler in node.handlers)
            body: list[ast.stmt] = node.body
        elif isinstance(node, ast.With):
            quiet = any(_suppresses(check, item.context_expr) for item in node.items)
            body = node.body
        else:
            continue
        asserts = [part for line in body for part in ast.walk(line) if isinstance(part, ast.Assert)]
        if quiet and asserts:
            yield weak(
                "swallowed-assert",
                at=asserts[0],
                problem="When this assert fails, the lines around it catch the failure and go on.",
                cure="Move the assert behind the try block, or catch only the error that you expect.",
            )


def _forgets(handler: ast.ExceptHandler) -> bool:
    kinds = {part.id for part in ast.walk(handler.type) if isinstance(part, ast.Name)} if handler.type else _CATCH_ALL
    return bool(kinds & _CATCH_ALL) and all(map(_does_nothing, handler.body))


def _does_nothing(line: ast.stmt) -> bool:
    if isinstance(line, ast.Pass | ast.Continue):
        return True
    if not isinstance(line, ast.Expr):
        return False
    call = line.value
    return isinstance(call, ast.Constant) or (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _QUIET_CALLS
    )


def _suppresses(check: Check, context: ast.expr) -> bool:
    if not isinstance(context, ast.Call) or check.path(context.func) != "contextlib.suppress":
        return False
    return any(isinstance(arg, ast.Name) and arg.id in _CATCH_ALL for arg in context.args)


def by_chance(check: Check) -> Iterator[Finding]:
    """Inputs that are others each time."""
    earlier = any(seeds(code.tree, check.imports) for code in check.notebook.tests_before(check.cell))
    seeded = earlier or seeds(check.notebook.judges_own.tree, check.imports)
    for call in unseeded(check.code.tree, imports=check.imports, seeded=seeded):
        if not check.is_given(call.func):
            yield weak(
                "random-input",
                at=call,
                problem="The test draws random numbers without a seed: the same answer may get another mark.",
                cure="Give a seed: np.random.default_rng(7), random.Random(7) or random_state=7.",
            )


def model_score(check: Check) -> Iterator[Finding]:
    """`model.score(...)`, which the judge works out from predictions."""
    for node in ast.walk(check.code.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "score":
            continue
        kind = check.kinds.of(node.func.value)
        theirs = check.is_given(node.func.value)
        if theirs and (kind is Kind.MODEL or (kind is Kind.UNKNOWN and len(node.args) > 1)):
            model = ast.unparse(node.func.value)
            yield note(
                "model-score",
                at=node,
                problem=f"{model}.score(...) is worked out by the judge from what {model} predicts.",
                cure=f"Say it yourself: accuracy_score(y, {model}.predict(X)), or r2_score for numbers.",
            )


def compared_instance(check: Check) -> Iterator[Finding]:
    """Objects of a learner's class compared to, or counted with, plain values."""
    for node in ast.walk(check.code.tree):
        if _mixes(check, node):
            yield weak(
                "compared-object",
                at=node,
                problem="The test compares an object of a learner's class with a plain value.",
                cure="Compare its attributes: account.balance == 10, or give sorted and max a key.",
            )


def _mixes(check: Check, node: ast.AST) -> bool:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [left, *comparators]
            plain = any(_is_plain(side) for side in sides)
            return plain and any(map(_compares, ops)) and any(_is_instance(check, side) for side in sides)
        case ast.BinOp(left=left, right=right):
            pair = (left, right)
            return any(map(_is_number, pair)) and any(_is_instance(check, side) for side in pair)
        case ast.Call(func=ast.Name(id="sorted" | "min" | "max" | "sum"), args=args, keywords=[]):
            return any(_is_instance(check, item) for arg in args for item in _items(arg))
    return False


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _compares(operator: ast.cmpop) -> bool:
    return not isinstance(operator, ast.Is | ast.IsNot)


def _is_plain(node: ast.AST) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(map(_is_plain, node.elts))
    return isinstance(node, ast.Constant | ast.Dict)


def _is_instance(check: Check, node: ast.AST) -> bool:
    return check.kinds.of(node) is Kind.INSTANCE and check.is_given(node)


def _items(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return [node.elt]
    return list(node.elts) if isinstance(node, ast.List | ast.Tuple | ast.Set) else []
