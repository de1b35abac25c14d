"""Data runs one way, and whoever writes an import against it is told which one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .tree import ROOT, python_files

CONTRACTS = {
    "layers": "Data runs one way: each line may use the lines below it, strangers share a line",
    "engine": "The marking engine knows neither the site nor Django",
    "doors": "Only catalogue, marking and authoring talk to the marking engine",
    "stack": "What starts the servers knows nothing of the site",
}

PLANTED = {
    "the lowest line imports a higher one": (
        "platform/upskill/core/planted.py", "from upskill.people import rules\n", "layers",
        "upskill.core.planted -> upskill.people.rules",
    ),
    "a data app imports the journey": (
        "platform/upskill/learning/planted.py", "from upskill import pipeline\n", "layers",
        "upskill.learning.planted -> upskill.pipeline",
    ),
    "pages import tasks, which are strangers": (
        "platform/upskill/web/planted.py", "from upskill import tasks\n", "layers",
        "upskill.web.planted -> upskill.tasks",
    ),
    "an import in a function is one as well": (
        "platform/upskill/catalogue/planted.py", "def late():\n    from upskill.skills import queries\n", "layers",
        "upskill.catalogue.planted -> upskill.skills.queries",
    ),
    "the engine imports Django": (
        "grading/planted.py", "from django.conf import settings\n", "engine", "grading.planted -> django",
    ),
    "the engine imports the site": (
        "grading/planted.py", "from upskill.core import audit\n", "engine", "grading.planted -> upskill.core.audit",
    ),
    "a page calls the engine": (
        "platform/upskill/web/planted.py", "from grading import protocol\n", "doors",
        "upskill.web.planted -> grading.protocol",
    ),
    "the supervisor imports the site": (
        "platform/upskill_stack/planted.py", "from upskill import settings\n", "stack",
        "upskill_stack.planted -> upskill.settings",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The Python of the repository, where something may be planted."""
    root = tmp_path_factory.mktemp("copy")
    for path in ["pyproject.toml", *python_files("platform/", "grading/")]:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, root / path)
    return root


def lint(root: Path) -> tuple[int, str]:
    """Exit status and words of import-linter."""
    command: list[str | Path] = [
        Path(sys.executable).with_name("lint-imports"),
        "--no-cache",
        "--config",
        root / "pyproject.toml",
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{root / 'platform'}{os.pathsep}{root}",
        "NO_COLOR": "1",
        "COLUMNS": "300",
    }
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_contracts_hold(copy):
    status, said = lint(copy)

    assert (status, [name for name in CONTRACTS.values() if f"{name} KEPT" not in said]) == (0, [])


@pytest.mark.parametrize("what", list(PLANTED))
def test_planted_violation_is_caught_and_named(copy, what):
    path, line, contract, named = PLANTED[what]
    (copy / path).write_text(line)

    try:
        status, said = lint(copy)
    finally:
        (copy / path).unlink()

    assert status == 1
    assert f"{CONTRACTS[contract]} BROKEN" in said
    assert named in said
