"""Cells of nbgrader's source notebooks, of every kind, for tests."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SOLUTION = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
TEST = 'assert double(2) == 4, "Two twos are four."'
HIDDEN = f"{TEST}\n### BEGIN HIDDEN TESTS\nassert double(3) == 6\n### END HIDDEN TESTS"
SCHEME = "=== BEGIN MARK SCHEME ===\nAn example of full marks.\n=== END MARK SCHEME ==="
_ROLES = {
    "task": {"grade": False, "solution": True, "locked": False},
    "test": {"grade": True, "solution": False, "locked": True},
    "manual": {"grade": True, "solution": True, "locked": False},
    "read only": {"grade": False, "solution": False, "locked": True},
    "project": {"grade": False, "solution": False, "locked": True, "task": True},
}


def text(source: str = "Some words.", **more: object) -> NotebookNode:
    """A cell of text that nbgrader knows nothing of."""
    return new_markdown_cell(source, **more)


def code(source: str = "1 + 1", **more: object) -> NotebookNode:
    """A cell of code that nbgrader knows nothing of."""
    return new_code_cell(source, **more)


def marked(role: str, source: str, *, name: str, points: float | None = None, cell_type: str = "code") -> NotebookNode:
    """A cell with nbgrader's metadata: a task, test, manual, read only or project cell."""
    metadata = {"schema_version": 3, "grade_id": name, **_ROLES[role]}
    if points is not None:
        metadata["points"] = points
    made = code(source) if cell_type == "code" else text(source)
    made.metadata["nbgrader"] = metadata
    return made


def task(source: str = SOLUTION, *, name: str = "double") -> NotebookNode:
    """A cell that learners write."""
    return marked("task", source, name=name)


def check(source: str = TEST, *, name: str = "test_double", points: float = 2) -> NotebookNode:
    """A cell that gives points."""
    return marked("test", source, name=name, points=points)


def written(source: str = "Because.", *, name: str = "why", points: float = 3) -> NotebookNode:
    """A written answer that a person marks."""
    return marked("manual", source, name=name, points=points, cell_type="markdown")


def project(source: str = "Find an example.", *, name: str = "example", points: float = 4) -> NotebookNode:
    """nbgrader's task, answered in cells that learners make."""
    return marked("project", source, name=name, points=points, cell_type="markdown")


def notebook(*cells: NotebookNode, minor: int = 5, **metadata: object) -> NotebookNode:
    """A notebook of these cells, with ids where its format has them."""
    made = new_notebook(cells=list(cells), metadata=metadata)
    made.nbformat_minor = minor
    for number, cell in enumerate(made.cells):
        if minor < 5:
            cell.pop("id", None)
        else:
            cell["id"] = f"cell-{number}"
    return made


def saved(made: NotebookNode, folder: Path, *, name: str = "source.ipynb") -> Path:
    """The notebook as a file in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(nbformat.writes(made), encoding="utf-8")
    return folder / name
