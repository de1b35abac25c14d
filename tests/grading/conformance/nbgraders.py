"""nbgrader's own test notebooks as exercises, with the answers that lie beside them."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import nbgrader
from nbformat import NotebookNode

from grading.checks import AuthorError, checks
from grading.release import release
from tests.grading.conformance.generated import Case

TESTS = Path(nbgrader.__file__).parent / "tests"
_ANSWERED = "submitted-unchanged.ipynb"  # the exercise of all that begin with "submitted-"
# Not marked by either side in the same sense; each with its reason.
NOT_APPLICABLE = {
    "apps/files/timeout.ipynb": "runs until a time limit",
    "apps/files/autotest-hashed.ipynb": "asks for tests to be generated, which the engine's format leaves out",
    "apps/files/autotest-hidden.ipynb": "likewise",
    "apps/files/autotest-multi.ipynb": "likewise",
    "apps/files/autotest-simple.ipynb": "likewise",
    "apps/files/open_relative_file.ipynb": "has no cell for an answer",
    "apps/files/validating-environment-variable.ipynb": "likewise",
    "ui-tests/files/open_relative_file.ipynb": "likewise",
    "apps/files/validation-zero-points.ipynb": "its one check gives no points: a course that has it is refused",
    "preprocessors/files/manually-graded-code-cell.ipynb": "a cell of code that a person marks: not part of the format",
}


def cases() -> Iterator[Case]:
    """Each as it is released, and the answers to it that lie beside it."""
    for path in sorted(TESTS.glob("*/files/*.ipynb")):
        name = str(path.relative_to(TESTS))
        exercise = path.with_name(_ANSWERED) if path.name.startswith("submitted-") else path
        source = _usable(exercise) if name not in NOT_APPLICABLE else None
        if source is None:
            continue
        if exercise == path:
            yield Case(name, source, release(source))
        else:
            yield Case(name, source, nbformat.read(path, as_version=4))


def _usable(path: Path) -> NotebookNode | None:
    """The notebook, where it is an exercise of the format that the engine takes."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    try:
        release(notebook)
        return notebook if checks(notebook) else None
    except AuthorError:
        return None
