"""docs/authors.md tells authors what they will see."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.unit.authoring.gate.test_check_course import said

PAGE = (Path(__file__).parents[3] / "docs" / "authors.md").read_text()
MODULE = "mine/parking/modules/first-module"
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def home(tmp_path) -> Path:
    """A folder in which the page's two first commands were run."""
    new(tmp_path)
    return tmp_path


def new(home: Path) -> list[str]:
    """The lines that the page's two first commands print, shortened."""
    out = io.StringIO()
    call_command("new_course", str(home / "mine/parking"), "--title", "Parking permits", stdout=out)
    call_command("new_exercise", str(home / MODULE / "who-waits"), "--title", "Who waits longest?", stdout=out)
    return [line.replace(str(home), "…") for line in out.getvalue().splitlines()]


def told(home: Path) -> list[str]:
    """What the gate finds by reading, as the page shortens it."""
    return [line.replace(str(home / MODULE), "…") for line in said(home / "mine/parking", "--quick")[1]]


def test_first_commands_print_what_the_page_says(tmp_path):
    assert [line for line in new(tmp_path) if f"    {line}\n" not in PAGE] == []


def test_own_task_of_the_page_leads_to_the_mistakes_of_the_page_and_out_of_them(home):
    own, wrong, test, better = SNIPPETS
    exercise = home / MODULE / "who-waits"
    script = exercise / "exercise.py"
    kept = script.read_text().partition("# %% [markdown]\n# ## 3. The longest wait of each team")[0]

    script.write_text(kept + own)
    first = told(home)
    (exercise / "wrong" / "last_wait.py").unlink()
    (exercise / "wrong" / "counts_teams_once.py").write_text(wrong)
    second = told(home)
    weak = 'assert cases_of(["north", "south", "north"])["north"] == 2\n'
    script.write_text(kept + own.partition("# %% test=")[0] + test.replace(weak, better))
    last = told(home)

    assert [line for line in first if f"    {line}\n" not in PAGE] == []
    assert (len(first), second, last) == (2, [], [])
    assert weak in test


def test_every_command_of_the_page_is_there():
    named = set(re.findall(r"manage\.py (\w+)", PAGE))

    there = Path(__file__).parents[3] / "platform/upskill/management/commands"
    assert [name for name in sorted(named) if not (there / f"{name}.py").exists()] == []
    assert {"new_course", "new_exercise", "check_course", "sync_courses", "import_notebook", "export_notebook"} <= named
