"""The program in docs/api.md does what it promises: the very text of the document, against the real stack."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys import answers
from tests.journeys.learner import COURSE, DemoLearner
from tests.running import RunningSite, Visitor

pytestmark = [pytest.mark.stack, pytest.mark.slow]
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def program(folder: Path) -> Path:
    """The program of the guide, as somebody would copy it."""
    blocks = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 1
    file = folder / "hand_in.py"
    file.write_text(blocks[0])
    return file


def token_made_on_the_pages(site: RunningSite) -> str:
    """What the page shows to somebody who makes a token for reading and learning."""
    visitor = Visitor(site)
    visitor.post("/demo/sign-in/", form_page="/demo/", data={"role": "operator"})
    path = "/account/tokens/new/"
    page = visitor.post(path, form_page=path, data={"name": "Guide", "scopes": ["read", "learn"], "days": "1"})
    found = re.search(r"upskill_[0-9a-f]{64}", page.text)
    assert found, page.text
    return found[0]


def run(file: Path, *arguments: str, secret: str) -> tuple[int, str, str]:
    """Exit status, output and complaint of the program."""
    command = [sys.executable, str(file), *arguments]
    environment = {**os.environ, "UPSKILL_TOKEN": secret}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr.strip()


def test_program_of_the_guide_downloads_hands_in_and_reads_the_mark(site: RunningSite, tmp_path: Path):
    file, secret, notebook = program(tmp_path), token_made_on_the_pages(site), tmp_path / "answer.ipynb"

    first = run(file, site.url, str(notebook), secret=secret)
    release = notebook.read_bytes()
    notebook.write_bytes(answers.write("solution", release=release))
    second, again = (run(file, site.url, str(notebook), secret=secret) for _ in range(2))

    assert first[0::2] == (1, f"Solve {notebook} in Jupyter, then run this again.")
    assert release == DemoLearner(site, role="learner").release()
    assert {path.name for path in tmp_path.iterdir()} > {"answer.ipynb", "hand_in.py"}
    assert (second[0], second[2]) == (0, "")
    lines = second[1].splitlines()
    assert lines[0] == "Courses:"
    assert any(line.startswith(f"  {COURSE.strip('/').rpartition('/')[2]}: ") for line in lines)
    assert "Attempt 1: 14.0 of 14.0 points" in lines
    assert sum(line.endswith("waits for a trainer. ") for line in lines) == 1
    assert lines[-2:-1] == ["Skills:"] or lines[lines.index("Skills:") + 1].endswith("level 2")
    assert again == second  # the same answer with the same key is the same submission


def test_program_of_the_guide_says_why_it_is_refused(site: RunningSite, tmp_path: Path):
    said = run(program(tmp_path), site.url, str(tmp_path / "answer.ipynb"), secret="upskill_" + "0" * 64)

    sentence = "401: This access token does not work: it has ended, was revoked, or never was one."
    assert said == (1, "Courses:\n", sentence)
