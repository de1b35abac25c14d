"""A real exercise, small enough to be marked in a second, and answers to it."""

import json
from decimal import Decimal
from functools import cache
from typing import Any

import nbformat

from grading.notebooks import checks, read_script, release
from upskill.catalogue.models import Check, ExerciseVersion, ItemVersion
from upskill.core import blobs

from .catalogue import ExerciseItemFactory, clear

SCRIPT = """\
# %% [markdown]
# ## Double it (4 points)

# %% task="double"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% test="test_double" points=4 hidden_message="It must hold for every number."
assert double(2) == 4, f"double(2) should be 4. You returned {double(2)!r}."
### BEGIN HIDDEN TESTS
assert double(-7) == -14
### END HIDDEN TESTS

# %% [markdown]
# ## Say why (6 points)

# %% [markdown] manual="reflection" points=6
# Say why doubling is useful.
"""
RIGHT = "def double(x):\n    return 2 * x"
WRONG = "def double(x):\n    return x"
RUBRIC = [
    {"id": "finding", "title": "The finding", "points": 2, "levels": ["0", "1", "2", "3", "4"]},
    {"id": "advice", "title": "The advice", "points": 4, "levels": ["0", "1", "2", "3", "4"]},
]


def real_exercise(
    *,
    item: ItemVersion | None = None,
    model_answer: str = "It saves adding.",
    script: str = SCRIPT,
    is_open: bool = True,
    **fields: Any,
) -> ExerciseVersion:
    """A published exercise that the engine can mark: 4 points by a test, 6 by a person. `is_open`: for handing in."""
    source, released = notebooks(script)
    exercise = ExerciseVersion.objects.create(
        item_version=item or ExerciseItemFactory(),
        source_sha256=blobs.store(source.encode()),
        release_sha256=blobs.store(released.encode()),
        limits={"cell_seconds": 5, "total_seconds": 20},
        filename="double.ipynb",
        pass_share=Decimal("0.80"),
        **fields,
    )
    if is_open:
        clear(exercise)
    for position, spec in enumerate(checks(nbformat.reads(source, as_version=4))):
        Check.objects.create(
            exercise=exercise,
            slug=spec.check,
            position=position,
            title=spec.title,
            max_points=Decimal(str(spec.max_points)),
            by_person=spec.by_person,
            rubric=RUBRIC if spec.by_person else [],
            model_answer=model_answer if spec.by_person else "",
        )
    return exercise


def answer(double: str = RIGHT, *, reflection: str = "It saves adding.", added: str = "") -> bytes:
    """The file of a learner who wrote this; `added` is code in a cell of their own."""
    notebook = json.loads(notebooks()[1])
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = {"double": double, "reflection": reflection}.get(name, cell["source"])
    if added:
        notebook["cells"].append({"cell_type": "code", "id": "mine", "metadata": {}, "source": added, "outputs": []})
    return json.dumps(notebook).encode()


@cache
def notebooks(script: str = SCRIPT) -> tuple[str, str]:
    """Source and release, as text; nbgrader takes seconds to import, so once."""
    source = read_script(script, name="double.py", exercise="tests/double")
    return nbformat.writes(source), nbformat.writes(release(source), split_lines=False)
