"""What works in one process only is found, and what works in two is left alone."""

import pytest

from tests.grading.lint.writing import answer, check, found, linted

PATCH = "from unittest.mock import patch\n"
MODEL = "from sklearn.tree import DecisionTreeClassifier\nm = DecisionTreeClassifier()"
PLOT = "import matplotlib.pyplot as plt\n"
USES_F = "assert f(1) == 1"


@pytest.mark.parametrize(
    ("test", "finding"),
    [
        (f"%timeit f(1)\n{USES_F}", ("cannot", "ipython", 1)),
        (f"{USES_F}\n!ls", ("cannot", "ipython", 2)),
        (f"get_ipython()\n{USES_F}", ("cannot", "ipython", 1)),
        (f"{USES_F}\nassert In[-1]", ("cannot", "ipython", 2)),
        (f"{USES_F}\nassert _ == 1", ("cannot", "ipython", 2)),
        ("assert await f(1) == 1", ("cannot", "await", 1)),
        ("async for x in f(1):\n    assert x", ("cannot", "await", 1)),
        ("assert f(1) ==", ("cannot", "not-python", 1)),
        (f"{PATCH}with patch('datetime.date'):\n    {USES_F}", ("cannot", "patched", 2)),
        (f"{PATCH}import json\nwith patch.object(json, 'loads'):\n    {USES_F}", ("cannot", "patched", 3)),
        (f"{PATCH}import os\nwith patch.dict(os.environ, A='1'):\n    {USES_F}", ("cannot", "patched", 3)),
        (f"{PATCH}with patch('__main__.nowhere'):\n    {USES_F}", ("cannot", "patched", 2)),
        (f"import json\njson.loads = lambda text: 1\n{USES_F}", ("cannot", "patched", 2)),
        (f"{PATCH}name = 'a' + '.b'\nwith patch(name):\n    {USES_F}", ("weak", "patched", 3)),
        (f"{PATCH}with patch('a' + 'b'):\n    {USES_F}", ("weak", "patched", 2)),
        (f"import pickle\npickle.loads(b'')\n{USES_F}", ("cannot", "pickled", 2)),
        (f"import joblib\njoblib.load('m.joblib')\n{USES_F}", ("cannot", "pickled", 2)),
        (f"import pandas as pd\npd.read_pickle('t.pkl')\n{USES_F}", ("cannot", "pickled", 2)),
        (f"import subprocess\nsubprocess.run(['ls'])\n{USES_F}", ("cannot", "outside", 2)),
        (f"import requests\nrequests.get('http://example.org')\n{USES_F}", ("cannot", "outside", 2)),
        (f"import urllib.request\nurllib.request.urlopen('x')\n{USES_F}", ("cannot", "outside", 2)),
        (f"import os\nos.system('ls')\n{USES_F}", ("cannot", "outside", 2)),
        (f"import glob\nassert glob.glob('*')\n{USES_F}", ("weak", "files-by-pattern", 2)),
        (f"from pathlib import Path\nassert list(Path().iterdir())\n{USES_F}", ("weak", "files-by-pattern", 2)),
        ("assert globals()['f'](1) == 1", ("note", "names-as-text", 1)),
        ("assert eval('f(1)') == 1", ("note", "names-as-text", 1)),
    ],
)
def test_a_test_that_leans_on_one_process_is_found(test, finding):
    assert finding in found(test)


@pytest.mark.parametrize(
    "test",
    [
        f"for _ in range(2):\n    {USES_F}\n_",
        "import asyncio\nasync def g():\n    await asyncio.sleep(0)\n    return f(1)\nassert asyncio.run(g()) == 1",
        f"{PATCH}with patch('builtins.input', return_value='1'):\n    {USES_F}",
        f"{PATCH}with patch('builtins.print') as p, patch('time.sleep'):\n    {USES_F}",
        f"{PATCH}import random\nwith patch.object(random, 'randint', return_value=3):\n    {USES_F}",
        f"{PATCH}with patch('__main__.f', return_value=1):\n    {USES_F}",
        f"{PATCH}with patch.object(f, 'calls', 0, create=True):\n    {USES_F}",
        f"import sys, io\nsys.stdout = io.StringIO()\n{USES_F}",
        f"import sys, io\nsys.stdin = io.StringIO('1')\n{USES_F}",
        f"import pandas as pd\npd.options.display.max_rows = 5\n{USES_F}",
        f"import pickle\npickle.dumps(f(1))\n{USES_F}",
        f"import copy\nassert copy.deepcopy(f(1)) == 1\n{USES_F}",
        f"import os\nassert 'out.csv' in os.listdir()\n{USES_F}",
        f"import os.path, urllib.parse\nassert urllib.parse.quote('a')\n{USES_F}",
    ],
)
def test_what_works_across_two_processes_is_left_alone(test):
    assert found(test) == []


def test_objects_that_stay_with_the_learner_are_neither_pickled_nor_copied_silently():
    fitted = "assert m.fit([[1]], [1]).predict([[1]]) == 1"

    assert found(f"import pickle\npickle.dumps(m)\n{fitted}", MODEL) == [("cannot", "pickled", 2)]
    assert found("import copy\nassert copy.deepcopy(m).fit([[1]], [1]).predict([[1]]) == 1", MODEL) == [
        ("note", "copied", 2)
    ]


def test_the_current_chart_is_gone_when_the_learners_cell_has_ended():
    solution = f"{PLOT}plt.plot([1, 2])"

    assert found("assert plt.gca().get_title() == ''", solution) == [("cannot", "current-figure", 1)]
    assert found("from matplotlib.pyplot import gcf\nassert gcf().axes", solution) == [("cannot", "current-figure", 2)]


def test_the_current_chart_of_a_function_that_the_test_calls_may_be_another_one():
    solution = f"{PLOT}def draw():\n    plt.plot([1, 2])"

    assert found("draw()\nassert plt.gcf().axes", solution) == [("weak", "current-figure", 2)]


def test_a_chart_that_is_kept_is_fine():
    assert found("assert ax.get_title() == ''", f"{PLOT}fig, ax = plt.subplots()") == []


def test_findings_say_what_is_wrong_and_how_to_put_it_right():
    lint_of = linted(answer("def f(x): return x"), check("%time f(1)\nassert f(1) == 1"))

    (finding,) = lint_of.findings
    assert finding.problem == (
        "The test uses a magic, a shell line or get_ipython, which belongs to the notebook session and not to Python."
    )
    assert finding.cure == "Write the test in plain Python."
