"""What the marking process says when it fails: kind and place, never a word of an answer."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
sys.path.insert(0, {project!r})
from grading.runner import serving

def fail(**_):
    raise ValueError("cannot read 'markertext'")

serving.serve = fail
sys.argv = ["serving", "1", ""]
serving.main()
"""


def test_a_failure_that_nobody_expected_is_told_by_kind_and_place():
    project = str(Path(__file__).resolve().parents[2])
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(project=project)], capture_output=True, text=True, timeout=60, check=True
    )

    assert ended.stderr.startswith("The marking process stops: ValueError\n")
    assert "in fail" in ended.stderr
    assert "markertext" not in ended.stderr + ended.stdout
