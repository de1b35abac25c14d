"""What runs cells in the learner's browser, run here: it takes over a process, so each story has one of its own."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

KERNEL = Path(__file__).resolve().parents[3] / "platform" / "upskill" / "browser_runtime" / "kernel.py"
RUN = """
import asyncio, json, runpy, sys
kernel_of = runpy.run_path(sys.argv[1])["Kernel"]
said, out = [], sys.stdout
kernel = kernel_of(lambda text: said.append(json.loads(text)))
for number, cell in enumerate(json.loads(sys.argv[2]), 1):
    if cell == "reset":
        kernel.reset()
        continue
    ok = asyncio.run(kernel.run(cell, f"Cell {number}"))
    said.append({"ok": ok})
out.write(json.dumps(said))
"""


def run(*cells: str) -> list[dict[str, Any]]:
    """What the page hears of these cells, one after the other, with how each ended."""
    command = [sys.executable, "-c", RUN, str(KERNEL), json.dumps(cells)]
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return list(json.loads(ran.stdout))


def values(heard: list[dict[str, Any]]) -> list[str]:
    """The last values of cells, as text."""
    return [each["data"]["text/plain"] for each in heard if each.get("output_type") == "execute_result"]


def test_what_is_printed_comes_in_one_piece_and_a_last_value_after_it():
    heard = run("print('a')\nprint('b')\n40 + 2")

    assert heard == [
        {"output_type": "stream", "name": "stdout", "text": "a\nb\n"},
        {"output_type": "execute_result", "data": {"text/plain": "42"}, "metadata": {}},
        {"ok": True},
    ]


def test_an_error_names_the_cell_and_the_line_in_which_it_arose():
    heard = run("def half(x):\n    return x / 0", "half(3)")

    (error,) = [each for each in heard if each.get("output_type") == "error"]
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert (error["cell"], error["line"]) == ("Cell 1", 2)
    assert heard[-1] == {"ok": False}


def test_a_line_that_python_cannot_read_is_named_too():
    heard = run("x = 1\ny = (")

    assert (heard[0]["ename"], heard[0]["cell"], heard[0]["line"]) == ("SyntaxError", "Cell 1", 2)


def test_input_says_what_to_do_instead():
    heard = run("input('How old?')")

    assert heard[0]["evalue"].startswith("input() cannot ask questions here.")


def test_an_endless_output_is_cut_once_and_the_cell_goes_on():
    heard = run("for _ in range(300):\n    print('x' * 1000)\nprint('the end')")

    texts = [each["text"] for each in heard if each.get("output_type") == "stream"]
    assert sum(map(len, texts)) == 200_000
    assert [each for each in heard if each.get("output_type") == "cut"] == [{"output_type": "cut"}]
    assert heard[-1] == {"ok": True}


def test_after_a_reset_no_variable_is_left_and_await_works():
    heard = run("kept = 1", "reset", "kept", "import asyncio\nawait asyncio.sleep(0)\n'awaited'")

    assert heard[1]["ename"] == "NameError"
    assert heard[-2]["data"] == {"text/plain": "'awaited'"}


def test_after_a_reset_folders_files_and_modules_of_the_learners_are_gone():
    heard = run(
        "import os, sys\nos.mkdir('made')\nopen('made/own.py', 'w').write('number = 1')\nos.chdir('made')\n"
        "sys.path.insert(0, os.getcwd())\nimport own\nown.number = 2",
        "reset",
        "import os, sys\nos.listdir(), 'own' in sys.modules",
        "open('own.py', 'w').write('number = 3')\nimport own\nown.number",
    )

    assert values(heard) == ["([], False)", "3"]


def test_after_a_reset_packages_of_the_learners_are_gone_too_and_their_folder_is_there_again():
    heard = run(
        "import os, sys\nos.mkdir('own')\nopen('own/part.py', 'w').write('number = 1')\n"
        "sys.path.insert(0, os.getcwd())\nimport own.part\nhome = os.getcwd()\nimport shutil\nshutil.rmtree(home)",
        "reset",
        "import os, sys\nos.listdir(), 'own' in sys.modules, 'own.part' in sys.modules",
    )

    assert values(heard) == ["([], False, False)"]


def test_after_a_reset_what_is_printed_is_shown_again():
    heard = run("import io, sys\nsys.stdout = io.StringIO()", "reset", "print('shown')")

    assert [each["text"] for each in heard if each.get("output_type") == "stream"] == ["shown\n"]


def test_after_a_reset_what_python_itself_was_told_is_forgotten():
    heard = run(
        "import builtins, os, warnings\nbuiltins.kept, builtins.round = 1, None\nos.environ['KEPT'] = '1'\n"
        "warnings.simplefilter('error')",
        "reset",
        "import os, warnings\nwarnings.warn('said')\n'KEPT' in os.environ, round(2.4)",
        "kept",
    )

    assert values(heard) == ["(False, 2)"]
    assert [each["ename"] for each in heard if each.get("output_type") == "error"] == ["NameError"]


def test_after_a_reset_chance_begins_anew():
    heard = run("import random\nrandom.seed(1)", "reset", "import random\nrandom.random() == 0.13436424411240122")

    assert values(heard) == ["False"]
