"""What a learner's file holds, as a trainer reads it."""

import json

import pytest

from tests.factories import exercises
from tests.factories.marking import SubmissionFactory
from upskill.core import blobs
from upskill.marking.answers import AnswerCell, AnswerRefused, answer_cells, check_answer

pytestmark = pytest.mark.django_db


def handed_in(content: bytes):
    return SubmissionFactory(exercise=exercises.real_exercise(), blob_id=blobs.store(content))


def test_answer_cells_are_those_made_for_answers_and_those_that_the_learner_added():
    submission = handed_in(exercises.answer("def double(x):\n    return x + x", added="double(21)"))

    assert answer_cells(submission) == [
        AnswerCell("double", "def double(x):\n    return x + x", check="test_double"),
        AnswerCell("reflection", "It saves adding.", check="reflection", is_text=True),
        AnswerCell("", "double(21)"),
    ]


def test_answer_cells_show_a_cell_that_was_left_as_it_was():
    notebook = json.loads(exercises.answer(reflection="Only this."))
    stub = next(
        cell["source"]
        for cell in json.loads(exercises.notebooks()[1])["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double"
    )
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double":
            cell["source"] = stub

    cells = answer_cells(handed_in(json.dumps(notebook).encode()))

    assert cells == [
        AnswerCell("double", stub, check="test_double"),
        AnswerCell("reflection", "Only this.", check="reflection", is_text=True),
    ]


def test_answer_cells_leave_out_tests_that_the_learner_rewrote():
    """The engine ignores them, and so does the page."""
    notebook = json.loads(exercises.answer())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "test_double":
            cell["source"] = "assert True  # nothing to see here"

    cells = answer_cells(handed_in(json.dumps(notebook).encode()))

    assert [cell.name for cell in cells] == ["double", "reflection"]


def test_answer_cells_of_a_file_that_is_no_notebook_are_refused_in_words():
    with pytest.raises(AnswerRefused, match="is not a notebook"):
        answer_cells(handed_in(b"PK zip"))


def test_check_answer_accepts_an_answer_and_refuses_the_file_as_downloaded():
    exercise = exercises.real_exercise()

    check_answer(exercise, content=exercises.answer())
    with pytest.raises(AnswerRefused, match="no answers in this notebook yet"):
        check_answer(exercise, content=exercises.notebooks()[1].encode())
