"""Where code draws random numbers that nobody can draw again."""

import ast
from collections.abc import Iterator, Mapping

from grading.lint.reading import path_of

_SOURCES = frozenset({"numpy.random.default_rng", "numpy.random.RandomState", "random.Random"})
_SEEDS = frozenset({"random.seed", "numpy.random.seed"})
# Of scikit-learn: they draw unless random_state= is given.
_DRAW_BY_STATE = frozenset({
    "train_test_split", "make_classification", "make_regression", "make_blobs", "make_moons", "make_circles",
    "shuffle", "resample",
})  # fmt: skip
_NO_DRAW = frozenset({"seed", "getstate", "setstate", "get_state", "set_state", "Generator", "SeedSequence", "PCG64"})


def unseeded(tree: ast.AST, *, imports: Mapping[str, str], seeded: bool = False) -> Iterator[ast.Call]:
    """The calls that draw by chance. `seeded`: earlier code has set the seed of the global sources."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    first_seed = min((call.lineno for call in calls if sets_seed(call, imports)), default=None)
    for call in calls:
        path = path_of(call.func, dict(imports))
        if path in _SOURCES:
            if not call.args and not call.keywords:
                yield call
        elif not (seeded or (first_seed is not None and first_seed <= call.lineno)) and _draws(call, path):
            yield call


def sets_seed(call: ast.Call, imports: Mapping[str, str]) -> bool:
    """Whether the call fixes what the global random sources will give."""
    return path_of(call.func, dict(imports)) in _SEEDS and bool(call.args or call.keywords)


def seeds(tree: ast.AST, imports: Mapping[str, str]) -> bool:
    """Whether the code fixes what the global random sources will give."""
    return any(isinstance(node, ast.Call) and sets_seed(node, imports) for node in ast.walk(tree))


def _draws(call: ast.Call, path: str) -> bool:
    module, _, name = path.rpartition(".")
    has_state = any(keyword.arg in ("random_state", None) for keyword in call.keywords)
    if module in ("random", "numpy.random"):
        return name not in _NO_DRAW
    if path.startswith("sklearn."):
        return name in _DRAW_BY_STATE and not has_state
    return isinstance(call.func, ast.Attribute) and call.func.attr == "sample" and not has_state and not call.args[1:]
