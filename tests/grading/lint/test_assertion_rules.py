"""Checks that cannot fail, or fail by chance, are found."""

import pytest

from tests.grading.lint.writing import answer, check, found, linted, setup

ACCOUNT = "class Account:\n    def __init__(self, balance):\n        self.balance = balance"
FIT = (
    "from sklearn.tree import DecisionTreeClassifier\n"
    "X, y = [[0], [1]], [0, 1]\n"
    "m = DecisionTreeClassifier().fit(X, y)\n"
    "def train(): return m"
)


@pytest.mark.parametrize(
    ("test", "findings"),
    [
        ("f(1)", [("weak", "no-assert", 1), ("weak", "learner-gives-points", 1)]),
        ("r = f(1)\nprint('well done')", [("weak", "no-assert", 1)]),
        ("def helper():\n    return f(1)\nhelper()", [("weak", "no-assert", 1)]),
        ("f(1) == 1", [("weak", "no-assert", 1), ("weak", "forgotten-assert", 1)]),
        ("assert f(1) == 1\nf(2) == 2", [("weak", "forgotten-assert", 2)]),
        ("assert 1 + 1 == 2", [("weak", "nothing-of-learner", 1)]),
        ("assert (f(1) == 1, 'wrong')", [("weak", "no-assert", 1), ("cannot", "always-true", 1)]),
        ("assert f(1) == 1 or 2", [("weak", "no-assert", 1), ("cannot", "always-true", 1)]),
        ("assert f(1) == 1\nassert True", [("cannot", "always-true", 2)]),
        ("assert f(1) == 1\nassert f'{f(1)}'", [("cannot", "always-true", 2)]),
        ("try:\n    assert f(1) == 1\nexcept Exception:\n    pass", [("weak", "swallowed-assert", 2)]),
        ("try:\n    assert f(1) == 1\nexcept:\n    print('hm')", [("weak", "swallowed-assert", 2)]),
        (
            "import contextlib\nwith contextlib.suppress(AssertionError):\n    assert f(1) == 1",
            [("weak", "swallowed-assert", 3)],
        ),
    ],
)
def test_a_check_that_cannot_fail_is_found(test, findings):
    assert sorted(found(test)) == sorted(findings)


@pytest.mark.parametrize(
    "test",
    [
        "assert f(1) == 1, 'f(1) should be 1'",
        "assert f(1), (1, 2)",
        "if f(1) != 1:\n    raise AssertionError('f(1) should be 1')",
        "import numpy as np\nnp.testing.assert_allclose(f(1.0), 1.0)",
        "import pytest\nwith pytest.raises(ValueError):\n    f(-1)",
        "def check_one(x):\n    assert f(x) == x\ncheck_one(1)",
        "from unittest import TestCase\nTestCase().assertEqual(f(1), 1)",
        "try:\n    f(-1)\n    assert False\nexcept ValueError:\n    pass",
        "try:\n    assert f(1) == 1\nexcept Exception as problem:\n    raise AssertionError('f fails') from problem",
        "score = 0\nfor x in [1, 2]:\n    try:\n        score += f(x) == x\n    except Exception:\n        pass\nscore",
    ],
)
def test_a_check_that_can_fail_is_fine(test):
    assert found(test) == []


def test_a_helper_that_asserts_in_a_setup_cell_counts():
    cells = (
        setup("def verify(g):\n    assert g(1) == 1", locked=True),
        answer("def f(x): return x"),
        check("verify(f)"),
    )

    assert linted(*cells).findings == ()


@pytest.mark.parametrize(
    "draw",
    [
        "np.random.default_rng().random()",
        "np.random.rand()",
        "random.random()",
        "random.Random().random()",
        "make_classification(10)[0]",
        "pd.DataFrame({'a': [1, 2]}).sample(1)",
    ],
)
def test_inputs_drawn_without_a_seed_are_found(draw):
    libraries = (
        "import random\nimport numpy as np\nimport pandas as pd\nfrom sklearn.datasets import make_classification"
    )

    assert found(f"x = {draw}\nassert f(x) is x", before=libraries) == [("weak", "random-input", 1)]


@pytest.mark.parametrize(
    "test",
    [
        "x = np.random.default_rng(7).random()\nassert f(x) == x",
        "np.random.seed(1)\nx = np.random.rand()\nassert f(x) == x",
        "x = random.Random(3).random()\nassert f(x) == x",
        "x = make_classification(10, random_state=0)[0]\nassert f(x) is x",
        "x = pd.DataFrame({'a': [1, 2]}).sample(1, random_state=0)\nassert f(x).equals(x)",
    ],
)
def test_inputs_drawn_with_a_seed_are_fine(test):
    libraries = (
        "import random\nimport numpy as np\nimport pandas as pd\nfrom sklearn.datasets import make_classification"
    )

    assert found(test, before=libraries) == []


def test_the_score_of_a_learners_model_is_noted_and_of_the_tests_own_is_not():
    own = "own = DecisionTreeClassifier().fit(X, y)\nassert own.score(X, y) <= train().predict(X)[1]"

    assert found("assert m.score([[0]], [0]) == 1", FIT) == [("note", "model-score", 1)]
    assert found("assert train().score([[0]], [0]) == 1", FIT) == [("note", "model-score", 1)]
    assert ("note", "model-score", 2) not in found(own, FIT)


@pytest.mark.parametrize(
    "test",
    [
        "assert Account(3) == 3",
        "a = Account(3)\nassert a in [3, 4]",
        "a = Account(3)\nassert 3 in a",
        "a = Account(3)\nassert a + 1 == 4",
        "assert sorted([Account(2), Account(1)])[0].balance == 1",
        "assert max(Account(n) for n in [1, 2]).balance == 2",
    ],
)
def test_an_object_of_a_learners_class_held_against_a_plain_value_is_found(test):
    (finding,) = found(test, ACCOUNT)

    assert finding[:2] == ("weak", "compared-object")


@pytest.mark.parametrize(
    "test",
    [
        "assert Account(3).balance == 3",
        "a = Account(3)\nassert a.balance + 1 == 4 and a is not None",
        "a, b = Account(3), Account(3)\nassert a == b",
        "assert sorted([Account(2), Account(1)], key=lambda a: a.balance)[0].balance == 1",
        "assert '%s' % Account(3)",
    ],
)
def test_objects_compared_by_their_attributes_or_with_each_other_are_fine(test):
    assert found(test, ACCOUNT) == []
