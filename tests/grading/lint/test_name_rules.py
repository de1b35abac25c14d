"""Names that one side makes and the other needs."""

import pytest

from tests.grading.lint.writing import answer, check, found, linted, setup


def codes(*cells):
    """(severity, code, line) for the last check of these cells."""
    return [(str(finding.severity), finding.code, finding.line) for finding in linted(*cells).findings]


def codes_of_first(*cells):
    """The same for a check that is followed by another."""
    return codes_of(0, *cells)


def codes_of(place, *cells):
    from nbformat.v4 import new_notebook

    from grading.lint import lint

    return [(str(finding.severity), finding.code) for finding in lint(new_notebook(cells=list(cells)))[place].findings]


FIRST = answer("def f(x): return x", "first")
LAST = check("assert f(2) == 2", "last")


@pytest.mark.parametrize(
    ("test", "later"),
    [
        ("rate = 3\nassert f(rate) == 3", "doubled = 2 * rate"),
        ("import math\nassert f(math.pi) > 3", "area = math.pi"),
        ("def twice(x): return 2 * x\nassert f(twice(1)) == 2", "def g(x): return twice(x)"),
    ],
)
def test_a_name_made_in_a_test_and_used_by_a_later_answer_is_found(test, later):
    cells = (FIRST, check(test), answer(later, "later"), LAST)

    assert codes_of_first(*cells) == [("cannot", "test-name-needed")]


def test_a_name_made_in_a_test_that_an_earlier_function_reads_is_found():
    assert found("rate = 3\nassert f(1) == 3", "def f(x): return x * rate") == [("cannot", "test-name-needed", 1)]


def test_input_replaced_by_a_name_is_found():
    assert found("input = lambda *_: 'Ann'\nassert f() == 'Ann'", "def f(): return input()") == [
        ("cannot", "test-name-needed", 1)
    ]


@pytest.mark.parametrize(
    ("test", "solution", "later"),
    [
        ("rate = 3\nassert f(rate) == 3", "def f(x): return x", "rate = 4\ndoubled = 2 * rate"),
        ("rate = 3\nassert f(rate) == 3", "def f(x): return x", "def g():\n    rate = 4\n    return rate"),
        ("rate = 3\nassert f(1) == 3", "rate = 1\ndef f(x): return x * rate", "other = 1"),  # travels
        ("old = f\ndel f\nf = old\nassert f(1) == 1", "def f(x): return x", "def g(): return f(1)"),
    ],
)
def test_names_that_each_side_makes_for_itself_or_that_travel_are_fine(test, solution, later):
    cells = (answer(solution, "first"), check(test), answer(later, "later"), LAST)

    assert codes_of_first(*cells) == []


def test_a_learners_name_changed_by_a_test_stays_as_it_was_for_later_cells():
    cells = (answer("table = [1]\ndef f(x): return x", "first"), check("table = f([2])\nassert table == [2]"))

    assert codes_of_first(*cells, answer("total = sum(table)", "later"), LAST) == [("weak", "test-changes-name")]


def test_a_module_that_nobody_imports_is_found_and_one_of_any_author_cell_is_not():
    solution = "def f(x):\n    import math\n    return math.sqrt(x)"

    assert found("assert f(4) == math.sqrt(4)", solution) == [("cannot", "missing-import", 1)]
    assert found("assert f(4) == np.sqrt(4)", solution) == [("cannot", "missing-import", 1)]
    assert found("import math\nassert f(4) == math.sqrt(4)", solution) == []
    assert found("assert f(4) == math.sqrt(4)", solution, before="import math") == []
    assert found("assert f(4) == math.sqrt(4)", f"import math\n{solution}") == []
    assert found("assert f(4) == sqrt(4)", solution, before="from math import *") == []


def test_a_module_that_an_earlier_test_imports_is_there():
    cells = (FIRST, check("import math\nassert f(1) == 1"), check("assert f(math.pi) > 3", "last"))

    assert codes(*cells) == []


def test_a_name_that_no_cell_makes_is_found_unless_the_test_expects_that():
    assert found("assert f(totl) == 1") == [("weak", "missing-name", 1)]
    assert found("try:\n    totl\nexcept NameError:\n    assert f(1) == 1") == []


def test_an_answer_named_like_one_of_pythons_own_is_found():
    assert found("assert sum([1]) == 1", "def sum(x): return 1") == [("weak", "builtin-name", 1)]
    assert found("assert my_sum([1]) == sum([1])", "def my_sum(x): return 1") == []


def test_data_that_learners_may_change_is_noted():
    test = "assert f(prices) == [1]"

    assert found(test, before="prices = [1]") == [("note", "unlocked-setup", 1)]
    assert found(f"prices = [1]\n{test}", before="prices = [1]") == []
    assert codes(setup("prices = [1]", locked=True), FIRST, check(test)) == []


def test_locked_setup_that_draws_other_numbers_on_each_side_is_found():
    draws = "import numpy as np\nd = np.random.default_rng({seed}).random(3)"
    cells = (answer("total = d.sum()"), check("assert total == d.sum()"))

    assert codes(setup(draws.format(seed=""), locked=True), *cells) == [("cannot", "setup-by-chance", 1)]
    assert codes(setup(draws.format(seed=7), locked=True), *cells) == []


def test_a_class_that_inherits_from_a_learners_is_found():
    solution = "class Animal:\n    def name(self): return 'animal'"

    assert found("class Dog(Animal): pass\nassert Dog().name() == 'animal'", solution) == [("cannot", "subclass", 1)]
    assert found("class Dog: pass\nassert Animal().name() == 'animal'", solution) == []
