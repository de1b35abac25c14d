"""Learners get no solution, hidden test or mark scheme, and what runs later has all tests back."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading.checks import AuthorError
from grading.release import CODE_STUB, is_released, prepare, release, restored
from grading.scripts import read_script
from tests.grading.answering import EXERCISES, exercise

SECRETS = (
    "BASE * x",
    "-777",
    "-1554",
    "the secret list",
    "house",
    "model answer",
    "two of one",
    "MARK SCHEME",
    "BEGIN",
)


def test_the_release_holds_nothing_of_what_learners_should_find_out():
    source = exercise("doubling")
    before = nbformat.writes(source)

    text = nbformat.writes(release(source))

    assert {secret for secret in SECRETS if secret.lower() in before.lower()} == set(SECRETS)
    assert {secret for secret in SECRETS if secret.lower() in text.lower()} == set()


def test_the_release_leaves_the_source_as_it_was():
    source = exercise("doubling")
    before = nbformat.writes(source)

    release(source)

    assert nbformat.writes(source) == before


def test_the_release_is_a_valid_notebook_and_always_the_same():
    texts = [nbformat.writes(release(exercise("doubling"))) for _ in range(2)]

    nbformat.validate(json.loads(texts[0]))
    assert texts[0] == texts[1]


def test_learners_find_a_stub_in_code_and_the_authors_words_in_text():
    cells = {cell["id"]: cell for cell in release(exercise("doubling")).cells}

    indented = CODE_STUB.replace("\n", "\n    ")
    assert cells["double"].source == f'def double(x):\n    """Twice x."""\n    {indented}'
    assert cells["long_words"].source == CODE_STUB
    assert cells["why"].source == "Say in your own words why doubling is useful.\n"


def test_test_cells_are_locked_and_answer_cells_are_not():
    cells = {cell["id"]: cell.metadata for cell in release(exercise("doubling")).cells}

    locked = {name for name, metadata in cells.items() if metadata.get("editable") is False}
    kept = {name for name, metadata in cells.items() if metadata.get("deletable") is False}

    assert locked == {"test_double", "test_long_words", "test_share"}
    assert kept == {"double", "long_words", "why", *locked}


def test_the_release_names_its_exercise_and_says_that_it_is_one():
    source = exercise("doubling")

    made = release(source)

    assert made.metadata["upskill"] == {"exercise": "tests/doubling", "released": True}
    assert (is_released(source), is_released(made)) == (False, True)
    assert [cell.metadata["upskill"] for cell in made.cells if "upskill" in cell.metadata] == []


def test_outputs_that_the_author_saved_do_not_leak():
    source = exercise("doubling")
    source.cells[5].outputs = [nbformat.v4.new_output("stream", text="-1554")]

    text = nbformat.writes(release(source))

    assert "-1554" not in text


def test_restoring_puts_hidden_tests_back_and_keeps_answers():
    source = exercise("doubling")
    answered = release(source)
    answered.cells[3].source = "def double(x): return x + x"
    answered.cells[5].source = "assert True"  # tampered with
    answered.cells[5].metadata["nbgrader"]["points"] = 99

    notebook = restored(answered, record=prepare(source).record)

    assert notebook.cells[3].source == "def double(x): return x + x"
    assert notebook.cells[5].source == source.cells[5].source
    assert notebook.cells[5].metadata["nbgrader"]["points"] == 2.0


@pytest.mark.parametrize("name", sorted(path.stem for path in EXERCISES.glob("*.py")))
def test_restoring_an_untouched_release_gives_the_authors_tests(name):
    source = exercise(name)

    notebook = restored(release(source), record=prepare(source).record)

    def tests(cells):
        return [cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("locked")]

    assert tests(notebook.cells) == tests(source.cells)


def test_what_nbgrader_cannot_use_is_the_authors_error():
    metadata = {"grade": False, "solution": False, "locked": False, "grade_id": "x", "schema_version": 3, "task": False}
    source = new_notebook(
        cells=[new_code_cell("### BEGIN SOLUTION\n### END SOLUTION", metadata={"nbgrader": metadata})]
    )

    with pytest.raises(AuthorError) as mistake:
        release(source)

    assert str(mistake.value).startswith("nbgrader cannot use the exercise: Solution region detected")


def test_metadata_of_another_nbgrader_is_the_authors_error():
    metadata = {"grade": True, "solution": False, "locked": True, "grade_id": "x", "schema_version": 99, "points": 1}
    source = new_notebook(cells=[new_code_cell("assert 1", metadata={"nbgrader": metadata})])

    with pytest.raises(AuthorError) as mistake:
        release(source)

    assert "nbgrader cannot use the exercise" in str(mistake.value)


def test_a_notebook_made_in_nbgrader_itself_is_released_as_nbgrader_does():
    manual = {"grade": True, "solution": True, "locked": False, "task": False, "schema_version": 3, "points": 2}
    source = new_notebook(
        cells=[
            new_markdown_cell("The model answer", metadata={"nbgrader": {**manual, "grade_id": "essay"}}),
            new_code_cell("plot = 1", metadata={"nbgrader": {**manual, "grade_id": "plot"}}),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )

    made = release(source)

    assert [cell.source for cell in made.cells] == ["YOUR ANSWER HERE", "# YOUR CODE HERE\nraise NotImplementedError()"]


def test_every_line_between_the_marks_is_gone_and_every_other_line_stays():
    script = "\n".join([
        '# %% task="a"', "a = 0", "### BEGIN SOLUTION", "a = 1", "### END SOLUTION", "b = 2", "",
        '# %% test="t" points=1', "assert b == 2", "### BEGIN HIDDEN TESTS", "assert a == 1", "### END HIDDEN TESTS",
        "assert a is not None", "### BEGIN HIDDEN TESTS", "assert a < 2", "### END HIDDEN TESTS",
    ])  # fmt: skip

    made = release(read_script(script, name="x.py"))

    assert [cell.source for cell in made.cells] == [
        f"a = 0\n{CODE_STUB}\nb = 2",
        "assert b == 2\nassert a is not None",
    ]
