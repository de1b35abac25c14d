"""An exercise read once and kept: everything that marking an answer needs to know of it before the answer comes."""

from dataclasses import dataclass
from functools import lru_cache

from nbformat import NotebookNode

from grading.channel.prelude import Prelude, prelude_of
from grading.checks import CheckSpec, checks, checks_sha256, is_answer, nbgrader_metadata, read_source
from grading.release import Prepared, prepare

_KEPT = 16  # exercises; a hundred kilobytes each


@dataclass(frozen=True)
class Exercise:
    """The author's notebook with all that follows from it alone."""

    specs: tuple[CheckSpec, ...]
    prepared: Prepared
    stubs: dict[str, str]  # answer cell -> what the release holds there
    prelude: Prelude  # what the judge runs before it meets the learner's code
    tests_sha256: str

    @property
    def released(self) -> NotebookNode:
        """The notebook that learners download."""
        return self.prepared.released


@lru_cache(maxsize=_KEPT)
def read_exercise(text: str) -> Exercise:
    """The exercise that this notebook, as JSON text, holds. Costs a tenth of a second once. Raises AuthorError."""
    source = read_source(text)
    prepared = prepare(source)
    answers = (cell for cell in prepared.released.cells if is_answer(cell))
    return Exercise(
        specs=checks(source),
        prepared=prepared,
        stubs={nbgrader_metadata(cell)["grade_id"]: cell.source for cell in answers},
        prelude=prelude_of(source),
        tests_sha256=checks_sha256(source),
    )
