"""Tiny folders of both kinds, and the commands run on them as their users run them."""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
RIGHT, WRONG = "def double(x):\n    return 2 * x", "def double(x):\n    return x"


def cell(name, source, *, kind="code", **metadata):
    """An nbgrader cell as the file holds it."""
    known = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "grade_id": name}
    outputs: dict[str, object] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    nbgrader = {"nbgrader": {**known, **metadata}}
    return {"cell_type": kind, "id": name.replace("_", "-"), "metadata": nbgrader, "source": source, **outputs}


def notebook(*cells):
    """A whole notebook as text."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)})


def doubling(answer, *, why="It saves adding."):
    """The exercise with `answer` in its place: the source as well as every submission."""
    hidden = "### BEGIN HIDDEN TESTS\nassert double(21) == 42\n### END HIDDEN TESTS"
    return notebook(
        cell("double", answer, solution=True),
        cell("test_double", f"assert double(1) == 2\n{hidden}", grade=True, locked=True, points=2),
        cell("why", why, kind="markdown", grade=True, solution=True, points=3),
    )


def source():
    """The author's notebook."""
    return doubling(f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION", why="Say why.")


def sandbox_folder(path, *cases, **head):
    """A sandbox folder: each case is its code and the fields that differ from a harmless one's."""
    path.mkdir(parents=True, exist_ok=True)
    manifest = []
    for number, (text, fields) in enumerate(cases):
        case = {
            "id": f"case_{number}",
            "kind": "py",
            "category": "test",
            "attempt": "",
            "required": "",
            "allowed_states": ["done"],
            "allowed_nb_states": ["ok"],
            "max_wall_s": 60,
            "limits": {},
            **fields,
        }
        case.setdefault("file", f"{case['id']}.py")
        (path / case["file"]).write_text(text)
        manifest.append(case)
    (path / "manifest.json").write_text(json.dumps({"version": 1, "cases": manifest, **head}))
    return path


def notebooks_folder(path, *cases):
    """A notebooks folder: each case is the answer's whole text and the fields that differ."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "source.ipynb").write_text(source())
    manifest = []
    for number, (text, fields) in enumerate(cases):
        case = {"id": f"case_{number}", "class": "cheat", "tries": "", "right_outcome": "", "source": "source.ipynb"}
        case |= {"file": f"{number}.ipynb", **fields}
        (path / case["file"]).write_text(text)
        manifest.append(case)
    (path / "manifest.json").write_text(json.dumps(manifest))
    return path


def assignment_folder(path, submissions, **expected):
    """A conformance folder: what each submission holds, and what expected.json says of it."""
    (path / "submissions").mkdir(parents=True)
    (path / "source.ipynb").write_text(source())
    (path / "released.ipynb").write_text(doubling("# YOUR CODE HERE", why="Say why."))
    for name, text in submissions.items():
        (path / "submissions" / f"{name}.ipynb").write_text(text)
    (path / "expected.json").write_text(json.dumps(expected))
    return path


def attacked(folder, *, subject):
    """The JSON report of an attack, in a process of its own as the command has one, and its exit code."""
    program = (
        "import sys; from pathlib import Path; from grading.acceptance.attack import attack\n"
        "report = attack(Path(sys.argv[1]), subject=sys.argv[2]); print(report.to_json()); sys.exit(report.exit_code())"
    )
    said = _python("-c", program, str(folder), subject)
    return json.loads(said.stdout), said.returncode


def command(*arguments):
    """The lines that `python -m grading` prints, what it says on standard error, and its exit code."""
    said = _python("-m", "grading", *map(str, arguments))
    return said.stdout.splitlines(), said.stderr, said.returncode


def _python(*arguments):
    environment = {**os.environ, "PYTHONPATH": str(_copy())}
    ran = [sys.executable, *arguments]
    return subprocess.run(ran, capture_output=True, text=True, env=environment, cwd=_copy(), timeout=280, check=False)


@cache
def _copy():
    """A copy of the engine's package: nobody else changes its files while an attack watches them."""
    folder = Path(tempfile.mkdtemp(prefix="upskill-copy-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(ROOT / "grading", folder / "grading", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(Path(__file__).with_name("unconfined.py"), folder)
    return folder


def judged(report):
    """What became of each case."""
    return {case["id"]: case["why"] for case in report["cases"]}
