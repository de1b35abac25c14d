"""Checks that believe what a notebook says of itself, or tell it what to say."""

import pytest

from tests.grading.lint.writing import found

SEARCH = (
    "from sklearn.model_selection import GridSearchCV\n"
    "from sklearn.tree import DecisionTreeClassifier\n"
    "g = GridSearchCV(DecisionTreeClassifier(), {'max_depth': [1, 2]}).fit([[0], [1]] * 9, [0, 1] * 9)"
)


@pytest.mark.parametrize(
    ("test", "solution"),
    [
        ("assert g.best_score_ > 0.7", SEARCH),
        ("assert g.best_params_['max_depth'] in (1, 2) and g.best_score_ > .7", SEARCH),
        ("assert isinstance(g, GridSearchCV)\nassert len(g.cv_results_['params']) == 2", SEARCH),
        ("assert hasattr(g, 'best_estimator_')", SEARCH),
        ("assert g.get_params()['cv'] is None", SEARCH),
        ("assert done is True", "done = True"),
        ("assert done", "done = True"),
        ("assert done == True, 'set done'", "done = True"),
        ("assert accuracy > 0.8", "accuracy = 0.9"),
        ("assert 0.8 <= accuracy <= 1", "accuracy = 0.9"),
        ("assert answer is not None", "answer = 'b'"),
    ],
)
def test_a_check_that_only_asks_for_claims_is_found(test, solution):
    assert found(test, solution) == [("weak", "only-claims", 1)]


@pytest.mark.parametrize(
    ("test", "solution"),
    [
        ("assert g.best_score_ > 0.7\nassert g.predict([[0]])[0] == 0", SEARCH),
        ("from sklearn.metrics import accuracy_score\nassert accuracy_score([0], g.predict([[0]])) > .8", SEARCH),
        (
            "from sklearn.model_selection import cross_val_score\nassert cross_val_score(g, [[0]], [0]).mean() > .7",
            SEARCH,
        ),
        ("assert rate(3, 4) > 0.7", "def rate(a, b): return a / b"),
        ("expected = sum([1, 2]) / 2\nassert mean == expected", "mean = 1.5"),
        ("import numpy as np\nassert np.mean(xs) > 2", "xs = [1, 5]"),
        ("assert Account(3).balance > 2", "class Account:\n    def __init__(self, b): self.balance = b"),
        ("assert ax.get_title() == 'Spend'", "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()"),
    ],
)
def test_a_check_that_works_it_out_itself_is_fine(test, solution):
    assert found(test, solution) == []


@pytest.mark.parametrize(
    "test",
    [
        "assert total == 6",
        "assert 6 == total",
        "assert abs(total - 6) < 1e-9",
        "import math\nassert math.isclose(total, 6)",
    ],
)
def test_a_value_that_learners_read_in_the_test_is_noted(test):
    assert found(test, "total = 6") == [("note", "visible-answer", len(test.splitlines()))]


@pytest.mark.parametrize(
    "test",
    [
        "assert isinstance(total, int)\n### BEGIN HIDDEN TESTS\nassert total == 6\n### END HIDDEN TESTS",
        "assert total == sum([1, 2, 3])",
    ],
)
def test_a_value_that_is_compared_out_of_sight_is_fine(test):
    assert found(test, "total = 6") == []


def hidden(*lines):
    return "\n".join(["assert f(1) == 1", "### BEGIN HIDDEN TESTS", *lines, "### END HIDDEN TESTS"])


@pytest.mark.parametrize(
    "lines",
    [
        ("expected = 6", "assert f([1, 2, 3], expected) == expected"),
        ("xs = [1, 2, 3]", "total = sum(xs)", "assert f(xs, total) == total"),
        ("the_answer = 6", "assert f([1], check=the_answer) == the_answer"),
        ("expected = 6", "assert f(lambda: expected) == expected"),
        ("expected = 6", "def give():", "    return expected", "assert f(give) == expected"),
    ],
)
def test_a_hidden_test_that_tells_the_expected_value_is_found(lines):
    (finding,) = found(hidden(*lines))

    assert finding[:2] == ("weak", "expected-value-told")


@pytest.mark.parametrize(
    "lines",
    [
        ("expected = 6", "assert f([1, 2, 3]) == expected"),
        ("a, b = 3, 5", "assert f(a, b) == b"),
        ("xs = [1, 2]", "assert f(xs) == xs"),
        ("seen = []", "f(seen.append)", "assert seen == [1]"),
        ("expected = 6", "r = f(3)", "assert r == expected"),
    ],
)
def test_a_hidden_test_that_hands_over_inputs_only_is_fine(lines):
    assert found(hidden(*lines)) == []


def test_a_visible_test_may_tell_since_learners_read_it_anyway():
    assert found("expected = 6\nassert f(3, expected) == expected") == []
