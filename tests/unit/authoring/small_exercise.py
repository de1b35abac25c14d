"""The small course with another exercise in it, for comparing."""

from pathlib import Path

from tests.unit.catalogue.small_course import BASICS, FILES, write_library

NAME = "tea-for-teams/basics/double"
FOLDER = f"{BASICS}/double"
SCRIPT = """\
# %%
import numpy as np

# %% task="total"
def total(cups):
    ### BEGIN SOLUTION
    return (np.arange(cups) ** 2).sum()
    ### END SOLUTION

# %% test="test_small" points=1 title="A few"
assert total(3) == 5, f"0 + 1 + 4 = 5. You returned {total(3)}."

# %% test="test_large" points=3 title="Many" hidden_message="It must work for every number of cups."
assert total(100_000) == 333328333350000, f"The sum is 333328333350000. You returned {total(100_000)}."
### BEGIN HIDDEN TESTS
assert total(1) == 0
### END HIDDEN TESTS
"""
ONE_TOO_MANY = """\
# expect: test_large | You returned 333328333350001 | 0

# %% task="total"
def total(cups):
    return (np.arange(cups) ** 2).sum() + 1
"""
WITH_64_BITS = SCRIPT.replace("np.arange(cups)", 'np.arange(cups, dtype="int64")')


def library(root: Path, *, script: str = SCRIPT, wrong: dict[str, str] | None = None) -> Path:
    """Written below `root`: a course whose one exercise is this. `wrong`: name -> text."""
    files = {name: text for name, text in FILES.items() if not name.startswith(FOLDER) or "/data/" in name}
    settings = FILES[f"{FOLDER}/exercise.yml"].replace("cell_seconds: 5", "cell_seconds: 2")
    files |= {f"{FOLDER}/exercise.py": script, f"{FOLDER}/exercise.yml": settings}
    files |= {f"{FOLDER}/wrong/{name}.py": text for name, text in (wrong or {}).items()}
    return write_library(root, files=files)
