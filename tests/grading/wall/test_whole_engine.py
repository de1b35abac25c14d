"""The whole engine on other hosts and as other users: an answer is marked behind the wall that it asks for."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

from tests.grading.answering import RIGHT, answered, exercise
from tests.grading.wall.conftest import HOST

pytestmark = pytest.mark.slow
SOURCE = exercise("doubling")
FILLS = """
def double(x):
    with open("big", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
"""


@pytest.fixture
def place():
    """A folder that everybody may read."""
    folder = Path(tempfile.mkdtemp(prefix="engine-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def marked(place, answer, *, user, mode):
    """The verdict of `python -m grading mark`, as plain data."""
    (place / "exercise.ipynb").write_text(nbformat.writes(SOURCE))
    (place / "answer.ipynb").write_text(answered(SOURCE, **answer))
    command = [sys.executable, "-m", "grading", "mark", str(place / "exercise.ipynb"), str(place / "answer.ipynb")]
    ended = subprocess.run(
        [sys.executable, HOST, "start", json.dumps({"user": user}), *command, "--json"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        cwd=HOST.parents[3],
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GRADER_ISOLATION": mode},
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout)


def test_a_right_answer_gets_every_point(place, user, mode):
    verdict = marked(place, RIGHT, user=user, mode=mode)

    assert verdict["provenance"]["isolation"] == mode
    assert {each["check"]: each["points"] for each in verdict["checks"]} == {
        "test_double": 2.0, "test_long_words": 3.0, "test_share": 2.0, "why": None,
    }  # fmt: skip


def test_an_answer_that_fills_the_disk_earns_nothing(place, user, mode):
    verdict = marked(place, {**RIGHT, "double": FILLS}, user=user, mode=mode)

    points = {each["check"]: each["points"] for each in verdict["checks"]}
    assert (verdict["outcome"], points["test_double"], points["test_share"]) == ("marked", 0.0, 0.0)
