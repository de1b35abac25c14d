"""An answer is marked by the process that has imported what its code names, and nothing more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.acceptance.exercises import LIBRARIES
from grading.bench.assignments import NAMES, assignment
from grading.runner.warmth import Warmth, needed


@pytest.mark.parametrize(
    ("code", "warmth"),
    [
        ("", Warmth.PLAIN),
        ("import numpy as np\nnp.mean([1])", Warmth.PLAIN),
        ("compandas = 1", Warmth.PLAIN),
        ("import pandas as pd", Warmth.TABLES),
        ("%matplotlib inline", Warmth.TABLES),
        ("from matplotlib import pyplot", Warmth.TABLES),
        ("import pandas\nfrom sklearn.tree import DecisionTreeClassifier", Warmth.MODELS),
        ("import seaborn as sns", Warmth.MODELS),
        ("pickle.load(open('model.pickle', 'rb'))", Warmth.MODELS),
        ("importlib.import_module(name)", Warmth.MODELS),
        ("table.corr(method='spearman')", Warmth.MODELS),
        ("%run helpers.py", Warmth.MODELS),
        ("run('/run')", Warmth.PLAIN),
    ],
)
def test_the_words_in_code_say_what_it_will_import(code, warmth):
    assert needed([code]) is warmth


def test_the_exercises_of_the_bench_are_marked_by_three_processes():
    found = {name: needed(assignment(name).cells()) for name in NAMES}

    assert found == {
        "plain": Warmth.PLAIN,
        "pandas": Warmth.TABLES,
        "sklearn": Warmth.MODELS,
        "n23": Warmth.TABLES,
    }


def test_the_plain_answers_of_the_attack_tool_use_up_a_pair_of_every_warmth():
    assert [needed([f"import {library}"]) for library in LIBRARIES] == list(Warmth)


@given(st.lists(st.sampled_from(["x = 1", "import pandas", "import scipy", "plt.show()", "é"]), max_size=5))
def test_cells_together_need_what_the_most_demanding_of_them_needs(cells):
    order = list(Warmth)

    assert needed(cells) is max((needed([cell]) for cell in cells), key=order.index, default=Warmth.PLAIN)
