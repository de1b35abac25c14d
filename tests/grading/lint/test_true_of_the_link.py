"""What the lint says of a test is what becomes of it: a right answer, judged in two processes."""

import pytest

from tests.grading.link.harness import judged
from tests.grading.lint.writing import found

pytestmark = pytest.mark.slow  # two processes for each example

PATCH = "from unittest.mock import patch\n"
ASK = "def f(): return input()"
SLEEPY = "import time\ndef f():\n    time.sleep(99)\n    return 1"
PARSE = "import datetime\ndef f(): return datetime.date.today().year"
ENVIRONMENT = "import os\ndef f(): return os.environ['A_B']"
ANIMAL = "class Animal:\n    def __init__(self): self.legs = [4]\n    def name(self): return 'animal'"


def severities(test, solution):
    return {severity for severity, _, _ in found(test, solution)}


@pytest.mark.parametrize(
    ("test", "solution"),
    [
        ("import pickle\nassert pickle.loads(pickle.dumps(f(1))) == 1", "def f(x): return x"),
        ("import joblib\njoblib.dump(f(1), 'm.joblib')\nassert joblib.load('m.joblib') == 1", "def f(x): return x"),
        ("import pickle\na = Animal()\nassert pickle.dumps(a)", ANIMAL),
        ("class Dog(Animal): pass\nassert Dog().name() == 'animal'", ANIMAL),
        ("input = lambda *_: 'Ann'\nassert f() == 'Ann'", ASK),
        ("rate = 3\nassert f(1) == 3", "def f(x): return x * rate"),
        (f"{PATCH}with patch('datetime.date') as d:\n    d.today().year = 3\n    assert f() == 3", PARSE),
        (f"{PATCH}import os\nwith patch.dict(os.environ, A_B='1'):\n    assert f() == '1'", ENVIRONMENT),
        ("assert f(4) == math.sqrt(4)", "def f(x):\n    import math\n    return math.sqrt(x)"),
        ("assert In[-1] or f(1) == 1", "def f(x): return x"),
        ("%time f(1)\nassert f(1) == 1", "def f(x): return x"),
        ("assert await f(1) == 1", "async def f(x): return x"),
    ],
)
def test_what_cannot_be_judged_does_not_pass(test, solution):
    (report,) = judged(solution, test)

    assert ("cannot" in severities(test, solution), report.status == "passed") == (True, False)


@pytest.mark.parametrize(
    ("test", "solution"),
    [
        (f"{PATCH}with patch('builtins.input', return_value='Ann'):\n    assert f() == 'Ann'", ASK),
        (f"{PATCH}with patch('time.sleep') as s:\n    assert f() == 1\nassert s.called", SLEEPY),
        ("import sys, io\nsys.stdin = io.StringIO('Ann')\nassert f() == 'Ann'", ASK),
        (f"{PATCH}with patch.object(Animal, 'name', return_value='x'):\n    assert Animal().name() == 'x'", ANIMAL),
        ("import copy\na = Animal()\nb = copy.deepcopy(a)\nb.legs.append(2)\nassert a.legs == [4]", ANIMAL),
        ("rate = 3\nassert f(1) == 3", "rate = 1\ndef f(x): return x * rate"),
        ("old = f\ndel f\nf = old\nassert f(1) == 1", "def f(x): return x"),
        ("import asyncio\nassert asyncio.run(f(1)) == 1", "async def f(x): return x"),
        ("assert globals()['f'](1) == 1", "def f(x): return x"),
    ],
)
def test_what_can_be_judged_passes(test, solution):
    (report,) = judged(solution, test)

    assert ("cannot" in severities(test, solution), report.status) == (False, "passed")
