"""The answers that an author knows, as notebooks that could be handed in."""

import nbformat

from grading.release import CODE_STUB
from tests.unit.authoring.small_exercise import NAME, ONE_TOO_MANY, library
from upskill.authoring.parity.answers import answers_of
from upskill.authoring.parity.exercises import chosen


def test_they_are_the_solution_the_untouched_notebook_and_the_wrong_answers(tmp_path):
    (exercise,) = chosen(NAME, places=[library(tmp_path, wrong={"one_too_many": ONE_TOO_MANY})])

    found = answers_of(exercise.content, folder=exercise.folder)

    tasks = {answer.name: nbformat.reads(answer.notebook, as_version=4).cells[1].source for answer in found}
    assert tasks == {
        "solution": "def total(cups):\n    return (np.arange(cups) ** 2).sum()",
        "untouched": "def total(cups):\n    " + CODE_STUB.replace("\n", "\n    "),
        "one_too_many": "def total(cups):\n    return (np.arange(cups) ** 2).sum() + 1",
    }
    assert "assert total(1)" not in "".join(answer.notebook for answer in found)
