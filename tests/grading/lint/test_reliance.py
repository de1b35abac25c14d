"""What a check relies on: values, calls and objects that are asked."""

import pytest

from grading.lint import CheckLint, lint
from tests.grading.answering import exercise
from tests.grading.lint.writing import answer, check, linted, setup

FOREST = "from sklearn.ensemble import RandomForestClassifier\nX, y = [[0], [1]], [0, 1]"


def relies(*cells):
    """(values, calls, handles) of the last check."""
    found = linted(*cells)
    return found.values, found.calls, found.handles


def test_each_check_of_an_exercise_is_listed_in_order():
    assert lint(exercise("doubling")) == (
        CheckLint(check="test_double", title="Double it", calls=("double",)),
        CheckLint(check="test_long_words", title="Count the long words", values=("long_words",)),
        CheckLint(check="test_share", title="A share of the points", calls=("double",)),
        CheckLint(check="why", title="Say why"),
    )


@pytest.mark.parametrize(
    ("solution", "test", "relied_on"),
    [
        ("total = 6", "assert total == 6", (("total",), (), ())),
        ("import pandas as pd\nt = pd.DataFrame()", "assert t.shape == (0, 0)", (("t",), (), ())),
        ("def f(x): return x", "r = f(2)\nassert r == 2", ((), ("f",), ())),
        ("def f(x): return x", "assert list(map(f, [1])) == [1]", ((), ("f",), ())),
        ("def f(x): return x", "@f\ndef g(): pass\nassert g() is None", ((), ("f",), ())),
        ("def f(x): 'Doc.'", "assert f.__doc__", ((), (), ("f.__doc__",))),
        ("def f(x): return x", "assert callable(f)", ((), (), ("f",))),
        ("f = lambda x: x", "assert f(1) == 1", ((), ("f",), ())),
        ("class A: x = 1", "a = A()\nassert a.x == 1", ((), ("A",), ("a.x",))),
        ("class A: x = 1\na = A()", "assert isinstance(a, A)", ((), (), ("A", "a"))),
        ("class A: x = 1\na, b = A(), 3", "assert a.x == b", (("b",), (), ("a.x",))),
        ("words = ['a']", "assert [w for w in words] == ['a']", (("words",), (), ())),
        ("n = 1", "n += 1\nassert n == 2", (("n",), (), ())),
        ("n = 1", "n = 2\nassert n == 2", ((), (), ())),
        ("n = 1", "def n_is(k): return n == k\nassert n_is(1)", (("n",), (), ())),
        ("def f(x): return x", "old = f\ndel f\nassert old(1) == 1", ((), (), ("f",))),
    ],
)
def test_names_are_told_apart_by_what_the_test_does_with_them(solution, test, relied_on):
    assert relies(answer(solution), check(test)) == relied_on


@pytest.mark.parametrize(
    ("solution", "test", "handles"),
    [
        ("m = RandomForestClassifier().fit(X, y)", "assert m.predict([[0]])[0] == 0", ("m.predict",)),
        (
            "def train(): return RandomForestClassifier()",
            "m = train()\nassert m.n_estimators == 1",
            ("m.n_estimators",),
        ),
        ("def train(m): return m.fit(X, y)", "assert train(None).predict(X)[0] == 0", ("train().predict",)),
        ("import matplotlib.pyplot as plt\nfig, ax = plt.subplots()", "assert ax.get_title() == ''", ("ax.get_title",)),
        ("import sqlite3\nc = sqlite3.connect(':memory:')", "assert c.execute('select 1')", ("c.execute",)),
    ],
)
def test_objects_of_libraries_that_stay_with_the_learner_are_handles(solution, test, handles):
    assert linted(setup(FOREST), answer(solution), check(test)).handles == handles


def test_the_judges_own_copies_are_not_read_from_the_learner():
    cells = (
        setup("import math\nHALF = 0.5", locked=True),
        answer("def f(x): return x"),
        check("assert f(HALF) == HALF"),
    )

    assert relies(*cells) == ((), ("f",), ())


def test_names_of_earlier_tests_are_the_judges():
    cells = (answer("def f(x): return x"), check("r = f(1)\nassert r == 1", "first"), check("assert r < 2", "second"))

    assert relies(*cells) == ((), (), ())


def test_a_named_tuple_is_a_value():
    solution = "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\np = P(1)"

    assert relies(answer(solution), check("assert p.x == 1")) == (("p",), (), ())
