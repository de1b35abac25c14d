"""The cells that both pages run: one prints, one shows a small table of pandas."""

import json
from pathlib import Path
from typing import Any

from upskill.management.bench_stack.course import SKILLS

ID, MODULE = "notebook-bench", "in-the-page"
FORESEEN, UNFORESEEN = "foreseen", "unforeseen"
PRINTS = "print(1)"
PRINTED = "1"
SHOWS = 'import pandas as pd\n\npd.DataFrame({"branch": ["Acton", "Brent"], "books": [3, 5]})'
_MAGIC = "%precision 2\n"  # a cell that only IPython understands: the page cannot tell what it will import

_COURSE = f"""\
id: {ID}
title: Counting in the page
summary: A line and a table.
version: 1.0.0
language: en-GB
licence: CC-BY-4.0
audience: [new-recruit]
skills: [counting@working]
modules: [{MODULE}]
"""
_MODULE = f"""\
title: In the page
summary: A line and a table.
objectives:
  - You can run a cell.
items: [{FORESEEN}, {UNFORESEEN}]
"""
_EXERCISE = """\
title: A table that is {name}
minutes: 5
skills: [counting@working]
pass: 0.7
"""
_SCRIPT = """\
# %% [markdown]
# # A table that is {name}

# %%
{prints}

# %%
{shows}

# %% task="total"
### BEGIN SOLUTION
total = 8
### END SOLUTION

# %% test="test_total" points=2 hidden_message="It is the sum of both."
assert total > 0, "Add both."
### BEGIN HIDDEN TESTS
assert total == 8
### END HIDDEN TESTS
"""


def write(folder: Path) -> None:
    """The course's files below `folder`, as an author would have written them."""
    module = folder / ID / "modules" / MODULE
    module.mkdir(parents=True)
    (folder / "skills.yml").write_text(SKILLS)
    (folder / ID / "course.yml").write_text(_COURSE)
    (module / "module.yml").write_text(_MODULE)
    for name, shows in ((FORESEEN, SHOWS), (UNFORESEEN, "# " + _MAGIC + SHOWS)):
        (module / name).mkdir()
        (module / name / "exercise.yml").write_text(_EXERCISE.format(name=name))
        (module / name / "exercise.py").write_text(_SCRIPT.format(name=name, prints=PRINTS, shows=shows))


def page(name: str) -> str:
    """Where the exercise of this name is on the site."""
    return f"/courses/{ID}/{MODULE}/{name}/"


def notebook() -> str:
    """The same two cells as a notebook file."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell-{place}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": text,
        }
        for place, text in enumerate((PRINTS, SHOWS))
    ]
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})
