"""Partial credit: what the last line of a test can give."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.lint.ranges import ANYTHING, Ranges
from tests.grading.lint.writing import found


@pytest.mark.parametrize(
    ("test", "code"),
    [
        ("2 * (f(1) == 1) + 1", "too-many-points"),
        ("score = 0\nfor x in [1, 2, 3]:\n    score += f(x) == x\nscore", "too-many-points"),
        ("cases = [(1, 1), (2, 2), (3, 3)]\nsum(f(a) == b for a, b in cases)", "too-many-points"),
        ("score = 1\nif f(1) == 1:\n    score += 2\nscore", "too-many-points"),
        ("score = 2\nif f(1) != 1:\n    score -= 3\nscore", "negative-points"),
        ("-1 if f(1) == 1 else 2", "negative-points"),
        ("assert f(1) == 1\n3", "too-many-points"),
        ("5 if f(1) == 1 else 0", "too-many-points"),
    ],
)
def test_points_out_of_range_are_found(test, code):
    (finding,) = found(test)

    assert finding == ("cannot", code, len(test.splitlines()))


@pytest.mark.parametrize(
    "test",
    [
        "2 * (f(1) == 1)",
        "score = 0\nfor x in [1, 2, 3]:\n    score += f(x) == x\nscore * 2 / 3",
        "cases = [(1, 1), (2, 2), (3, 3)]\n2 * sum(f(a) == b for a, b in cases) / len(cases)",
        "score = 0\nfor x in range(100):\n    score += f(x) == x\nmin(2, score)",
        "score = 0\nfor x in range(100):\n    score += f(x) == x\nmax(0, min(2, score - 5))",
        "passed = 0\nwhile passed < 9:\n    passed += f(passed) == passed\npassed / 9",
        "assert f(1) == 1\n9;",
        "assert f(1) == 1\nprint(9)",
    ],
)
def test_points_that_fit_or_are_not_known_are_fine(test):
    assert found(test) == []


@pytest.mark.parametrize("test", ["10 * share", "float(share)", "x = share\nx", "min(2, share * 2)"])
def test_points_that_the_learner_names_are_found(test):
    assert ("weak", "learner-gives-points") in [finding[:2] for finding in found(test, "share = 0.5")]


NUMBERS = st.integers(-4, 4).map(str)
CONDITIONS = st.sampled_from(["a == 1", "not a", "a > 0 and b > 0"])
SUMS = st.recursive(
    st.one_of(NUMBERS, CONDITIONS.map("({})".format), st.sampled_from(["s", "len([1, 2])", "sum([a == 1, b == 1])"])),
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from("+-*"), parts).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(parts, st.sampled_from(["2", "-4"])).map(lambda p: f"({p[0]} / {p[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), parts, parts).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
        st.tuples(parts, CONDITIONS, parts).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
        parts.map("-{}".format),
        parts.map("float({})".format),
        parts.map("round({})".format),
    ),
    max_leaves=6,
)
LINES = st.lists(
    st.one_of(
        SUMS.map("s = {}".format),
        SUMS.map("s += {}".format),
        st.tuples(CONDITIONS, SUMS).map(lambda p: f"if {p[0]}:\n    s -= {p[1]}"),
        SUMS.map("for _ in [1, 2]:\n    s += {}".format),
        SUMS.map("for _ in (1, 2, 3):\n    if b > 0: break\n    s += {}".format),
        SUMS.map("try:\n    s += {}\n    assert a\nexcept AssertionError:\n    s = 0".format),
    ),
    max_size=4,
)


@given(lines=LINES, last=SUMS, a=st.integers(-1, 2), b=st.integers(-1, 2))
def test_a_range_holds_whatever_comes_of_running_the_code(lines, last, a, b):
    tree = ast.parse("\n".join(["s = 0", *lines]))
    ranges = Ranges(tree)
    ranges.run(tree.body)
    low, high = ranges.of(ast.parse(last, mode="eval").body)

    names = {"a": a, "b": b}
    exec(compile(tree, "<test>", "exec"), names)  # noqa: S102 (made up here of numbers and conditions)
    value = eval(last, names)  # noqa: S307

    assert low - 1e-6 <= value <= high + 1e-6


@pytest.mark.parametrize(
    "source", ["x", "1 / 0", "a / b", "2 ** 3", "1e999 - 1e999", "10 ** 400", "int('3')", "sum(x)", "round(x)"]
)
def test_what_is_not_known_may_be_anything(source):
    assert Ranges(ast.parse("")).of(ast.parse(source, mode="eval").body) == ANYTHING
