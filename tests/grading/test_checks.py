"""What gives points is read from the notebook alone."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading.checks import AuthorError, CheckSpec, checks, checks_sha256, hidden_lines, read_source
from tests.grading.answering import exercise


def graded(name, *, source="assert True", points=1.0, **flags):
    """A test cell with nbgrader's metadata."""
    metadata = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3, "points": points}
    return new_code_cell(source, metadata={"nbgrader": {**metadata, **flags, "grade_id": name}})


def test_checks_are_listed_in_order_with_what_a_page_needs():
    specs = checks(exercise("doubling"))

    assert specs == (
        CheckSpec(check="test_double", title="Double it", max_points=2.0, by_person=False, has_hidden=True),
        CheckSpec(
            check="test_long_words",
            title="Count the long words",
            max_points=3.0,
            by_person=False,
            has_hidden=True,
            hidden_message="Count every word of more than three letters, and no other.",
        ),
        CheckSpec(check="test_share", title="A share of the points", max_points=2.0, by_person=False, has_hidden=False),
        CheckSpec(check="why", title="Say why", max_points=4.0, by_person=True, has_hidden=False),
    )


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("## 1. Error rates for each group (6 points)", "Error rates for each group"),
        ("# A *bold* `name`", "A bold name"),
        ("## One\n\n### Two (1 point)\nwords", "Two"),
        ("## 4. Advise (6 points, marked by a person)", "Advise"),
        ("no heading", "Sum of squares"),
        ("# " + "long " * 80, ("long " * 80)[:200]),
    ],
)
def test_a_check_is_called_after_the_heading_above_it(heading, title):
    notebook = new_notebook(cells=[new_markdown_cell(heading), graded("test_sum_of_squares")])

    (spec,) = checks(notebook)

    assert spec.title == title


def test_a_model_answer_gives_no_title():
    scheme = "Words\n### BEGIN SOLUTION\n# The secret heading\n### END SOLUTION"
    cell = new_markdown_cell(scheme, metadata=graded("why", solution=True, locked=False).metadata)

    (spec,) = checks(new_notebook(cells=[new_markdown_cell("## Say why"), cell]))

    assert spec.title == "Say why"


@pytest.mark.parametrize("points", [0, -1, float("nan"), float("inf"), 1000])
def test_points_that_make_no_sense_are_the_authors_error(points):
    with pytest.raises(AuthorError) as mistake:
        checks(new_notebook(cells=[graded("t", points=points)]))

    assert str(mistake.value).endswith("Give a number above 0 and below 1,000.")


def test_a_name_used_twice_is_the_authors_error():
    with pytest.raises(AuthorError) as mistake:
        checks(new_notebook(cells=[graded("t"), graded("t")]))

    assert str(mistake.value) == "The name t is used twice. Give each cell its own name."


def test_nbgraders_task_cells_are_marked_by_a_person():
    metadata = graded("essay", points=3, grade=False, task=True).metadata
    cell = new_markdown_cell("## Write below\n=== BEGIN MARK SCHEME ===\n## Secret", metadata=metadata)

    specs = checks(new_notebook(cells=[cell]))

    assert specs == (CheckSpec(check="essay", title="Write below", max_points=3.0, by_person=True, has_hidden=False),)


def test_a_notebook_without_marked_cells_has_no_checks():
    notebook = new_notebook(cells=[new_code_cell("1"), new_markdown_cell("# Words")])

    assert checks(notebook) == ()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("assert 1", []),
        ("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc", [2, 3, 4]),
        ("### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS", [1, 2, 3]),
        (
            "a\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\nb\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS",
            [2, 3, 4, 5, 6],
        ),
        ("a\n### BEGIN HIDDEN TESTS\nb", [2, 3]),
    ],
)
def test_hidden_lines_reach_from_the_first_begin_to_the_last_end(source, lines):
    assert list(hidden_lines(source)) == lines


def test_the_fingerprint_follows_whatever_decides_points():
    before = checks_sha256(new_notebook(cells=[graded("t")]))

    changed = [
        checks_sha256(new_notebook(cells=cells))
        for cells in (
            [graded("u")],
            [graded("t", points=2)],
            [graded("t", source="assert 1")],
            [graded("t"), graded("u")],
        )
    ]
    unchanged = checks_sha256(new_notebook(cells=[new_markdown_cell("# Words"), graded("t"), new_code_cell("1")]))

    assert len({before, *changed}) == 5
    assert unchanged == before


def test_a_source_survives_being_written_and_read():
    source = exercise("doubling")

    returned = read_source(nbformat.writes(source))

    assert returned == source


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 200_000,
        '{"nbformat": 4}',
        '{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}',
    ],
)
def test_a_source_that_is_no_notebook_is_the_authors_error(text):
    with pytest.raises(AuthorError) as mistake:
        read_source(text)

    assert str(mistake.value).startswith("The exercise is not a notebook")
