"""The browser's Python under Node: what it does with cells, how it is bounded, and what it cannot reach."""

import random

import numpy as np
import pytest

from grading.elsewhere import Ran
from grading.protocol import Limits
from upskill.authoring.parity.browser_python import BrowserPython, BrowserPythonBroken, Runtime

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
NOTHING = Ran()


@pytest.fixture(scope="module")
def python(runtime):
    """One with numpy and a file beside the notebook."""
    with BrowserPython(runtime, cells=["import numpy"], files={"pots.csv": b"pot,cups\n"}, limits=Limits()) as started:
        yield started


CELLS = {
    "a definition": ("x = 6", NOTHING),
    "a number": ("x * 7", Ran(value="42", score=42.0)),
    "a number that is not shown": ("x * 7;", NOTHING),
    "a number that JSON cannot hold": ("float('inf')", Ran(value="inf")),
    "a number of numpy": ("import numpy as np\nnp.float64(0.5)", Ran(value="np.float64(0.5)", score=0.5)),
    "text": ("'tea'", Ran(value="'tea'")),
    "what is printed is nothing": ("print('tea')", NOTHING),
    "the file beside the notebook": ("open('pots.csv').read()", Ran(value="'pot,cups\\n'")),
    "a failed assertion": ("y = 1\nassert y == 2, 'Not two'", Ran(error="AssertionError", message="Not two", line=2)),
    "a fault below the cell": ("def f():\n    return {}[1]\n\nf()", Ran(error="KeyError", message="1", line=2)),
    "the end of Python as IPython says it": ("exit()", Ran(error="SystemExit")),
    "what awaits": ("import asyncio\nawait asyncio.sleep(0, 5)", Ran(value="5", score=5.0)),
    "magic": ("%precision 3", Ran(value="'%.3f'")),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), CELLS.values(), ids=CELLS)
def test_a_cell_is_told_as_it_went(python, cell, expected):
    python.run("x = 6", 10)

    assert python.run(cell, 10) == expected


def test_what_cannot_be_read_as_python_is_a_syntax_error(python):
    assert python.run("def f(:", 10).error == "SyntaxError"


def test_chance_is_seeded_as_the_engine_seeds_it(runtime):
    with BrowserPython(runtime, cells=["import numpy"], files={}, limits=Limits()) as python:
        drawn = [python.run(f"import {name} as chance\nchance.random()", 10) for name in ("random", "numpy.random")]

    assert [ran.score for ran in drawn] == [random.Random(0).random(), np.random.RandomState(0).random()]


def test_an_endless_cell_is_interrupted_and_its_names_are_kept(python):
    python.run("x = 6", 10)

    assert python.run("while True:\n    pass", 1) == Ran(error="KeyboardInterrupt", line=2, is_late=True)
    assert python.run("x", 10) == Ran(value="6", score=6.0)


def test_a_cell_that_heeds_no_interrupt_ends_python(runtime):
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    with BrowserPython(runtime, cells=[], files={}, limits=Limits()) as python:
        assert python.run(stubborn, 1) == Ran(has_ended=True, is_late=True)
        assert python.run("1", 1) == Ran(has_ended=True)
        assert python._process.wait(10) == -9


def test_memory_is_bounded(runtime):
    with BrowserPython(runtime, cells=[], files={}, limits=Limits(memory_mb=1)) as python:
        ran = python.run("pots = []\nwhile True:\n    pots.append(bytes(64 << 20))", 60)

    assert (ran.error, ran.has_ended) in {("MemoryError", False), ("", True)}
    assert not ran.is_late


ESCAPES = {
    "files of the machine": "from pyodide_js import FS\nFS.mount(FS.filesystems.NODEFS, {'root': '/etc'}, '/')",
    "the network by JavaScript": "from js import fetch",
    "the network by Pyodide": "from pyodide.http import pyfetch\nawait pyfetch('http://127.0.0.1:9/')",
    "text as JavaScript": "from pyodide.code import run_js\nrun_js('1')",
    "the network by Node": "import pyodide_js\nawait pyodide_js.useNodeSockFS()",
    "a package from elsewhere": "import pyodide_js as p\nawait p.loadPackage('http://127.0.0.1:9/a.whl')\nimport a",
    "Node": "from js import process",
    "a program": "import os\nos.system('true') and 1 / 0",
    "our variables": "import os\nassert 'DATABASE_URL' in os.environ",
}


@pytest.mark.parametrize("cell", ESCAPES.values(), ids=ESCAPES)
def test_the_way_out_is_closed(python, cell):
    assert python.run(cell, 10).error != ""


def test_a_build_that_is_not_whole_is_told_with_the_cure(runtime, tmp_path):
    with (
        pytest.raises(BrowserPythonBroken) as refusal,
        BrowserPython(Runtime(runtime.node, tmp_path), cells=[], files={}, limits=Limits()),
    ):
        pass

    assert str(refusal.value).startswith("The browser's Python did not start:\n")
    assert str(refusal.value).endswith("Mend its files with: manage.py fetch_browser_runtime")


def test_a_node_that_does_not_start_is_told(runtime, tmp_path):
    with (
        pytest.raises(BrowserPythonBroken, match=r"Node does not start: .*Install it anew\."),
        BrowserPython(Runtime(tmp_path / "node", runtime.folder), cells=[], files={}, limits=Limits()),
    ):
        pass
