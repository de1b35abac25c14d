"""A notebook as cells of a page: what kind each is, and whether a learner writes in it."""

import nbformat
import pytest

from grading.notebooks import read_script, release
from upskill.catalogue.notebook_page import page_cells, to_page
from upskill.core import blobs

SCRIPT = """\
# %% [markdown]
# # Totals

# %%
import math

# %% task="total"
def total(x):
    ### BEGIN SOLUTION
    return sum(x)
    ### END SOLUTION

# %% test="test_total" points=2
assert total([1, 2]) == 3

# %% [markdown] manual="why" points=1
# Say <script>why</script>.
"""


@pytest.mark.django_db
def test_each_cell_has_its_kind_and_only_a_learners_own_are_open():
    released = release(read_script(SCRIPT, name="totals.py", exercise="totals"))

    cells = page_cells(blobs.store(nbformat.writes(released).encode()))

    assert [(cell.kind, cell.name, cell.is_open) for cell in cells] == [
        ("prose", "", False),
        ("code", "", True),
        ("answer", "total", True),
        ("check", "test_total", False),
        ("text", "why", True),
    ]
    assert [cell.id for cell in cells] == [cell.id for cell in released.cells]
    assert "<script>" not in cells[-1].html + to_page(released)
