"""The notebook that runs is the author's; of the learner's file only text for answers and code of their own counts."""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.answers import _known, is_own, merge, read_answer, written_below
from grading.release import CODE_STUB, prepare, release
from tests.grading.answering import RIGHT, answered, exercise, released

SOURCE = exercise("doubling")
PREPARED = prepare(SOURCE)
RELEASE = PREPARED.released
STUB = {cell["id"]: cell.source for cell in RELEASE.cells}
TESTS = {cell["id"]: cell.source for cell in SOURCE.cells if cell.metadata.get("nbgrader", {}).get("locked")}


def cell(source, *, name=None, kind="code", **fields):
    """A cell as a learner's file may hold it."""
    metadata = {"nbgrader": {"grade_id": name}} if name else {}
    return {"cell_type": kind, "source": source, "metadata": metadata, **fields}


def merged(change=lambda cells: None, **answers):
    """The merged notebook of an answer whose cells `change` has been at."""
    notebook = json.loads(answered(SOURCE, **answers))
    change(notebook["cells"])
    data = json.dumps(notebook).encode()
    return merge(PREPARED, answer=read_answer(data, source=RELEASE, allow_unchanged=True))


def texts(notebook):
    """The text of each cell that runs, in order."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def by_id(notebook):
    return {cell["id"]: cell.source for cell in notebook.cells}


EXPECTED = [
    "BASE = 2",
    RIGHT["double"],
    "double  # an example cell that learners may change",
    TESTS["test_double"],
    RIGHT["long_words"],
    TESTS["test_long_words"],
    TESTS["test_share"],
]


def test_answers_stand_between_the_authors_cells_with_every_test_in_full():
    notebook = merged(**RIGHT)

    assert texts(notebook) == EXPECTED
    assert by_id(notebook)["why"] == RIGHT["why"]
    assert "-777" in TESTS["test_double"]


def test_a_merged_notebook_is_valid_and_holds_none_of_the_authors_solutions():
    notebook = merged()

    nbformat.validate(notebook)
    assert by_id(notebook)["double"] == STUB["double"]
    assert "BASE * x" not in nbformat.writes(notebook)


def test_what_a_learner_does_to_tests_points_and_metadata_is_ignored():
    def tamper(cells):
        for each in cells:
            each["metadata"]["tags"] = ["skip-execution", "raises-exception"]
            each["metadata"].setdefault("nbgrader", {}).update(points=99, grade=False, solution=True, locked=False)
            if each["metadata"]["nbgrader"].get("grade_id", "").startswith("test_"):
                each["source"] = "assert True"
                each["cell_type"] = "markdown"

    notebook = merged(tamper, **RIGHT)

    assert texts(notebook) == EXPECTED
    assert [each.metadata.get("tags") for each in notebook.cells] == [None] * len(notebook.cells)
    points = [each.metadata.get("nbgrader", {}).get("points") for each in notebook.cells]
    assert [each for each in points if each] == [2, 3, 2, 4]


def test_deleted_tests_and_examples_come_back():
    def delete(cells):
        cells[:] = [each for each in cells if each["metadata"].get("nbgrader", {}).get("grade_id") in RIGHT]

    notebook = merged(delete, **RIGHT)

    assert texts(notebook) == EXPECTED


def test_a_deleted_answer_is_the_stub_and_never_the_solution():
    def delete(cells):
        del cells[3]

    notebook = merged(delete, long_words=RIGHT["long_words"])

    assert by_id(notebook)["double"] == STUB["double"]
    assert CODE_STUB.splitlines()[0] in by_id(notebook)["double"]


def test_cells_in_another_order_run_in_the_authors_order():
    notebook = merged(lambda cells: cells.reverse(), **RIGHT)

    assert texts(notebook) == EXPECTED


def test_an_answer_is_known_by_its_id_when_a_tool_dropped_the_metadata():
    def strip(cells):
        for each in cells:
            each["metadata"] = {}

    notebook = merged(strip, **RIGHT)

    assert texts(notebook) == EXPECTED
    assert by_id(notebook)["why"] == RIGHT["why"]


def test_an_answer_is_known_by_its_name_when_a_tool_dropped_the_ids():
    def strip(cells):
        for each in cells:
            each.pop("id")

    notebook = merged(strip, **RIGHT)

    assert texts(notebook) == EXPECTED


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_turned_into_text_runs_as_code_again(kind):
    def turn(cells):
        cells[3]["cell_type"] = kind

    notebook = merged(turn, **RIGHT)

    assert texts(notebook) == EXPECTED


def test_code_of_ones_own_runs_after_the_cell_that_it_followed():
    def add(cells):
        cells.insert(0, cell("first = 1"))
        cells.insert(5, cell("import math"))
        cells.insert(6, cell("helper = math.pi"))
        cells.append(cell("last = 1"))

    notebook = merged(add, **RIGHT)

    assert texts(notebook) == [
        "first = 1",
        *EXPECTED[:2],
        "import math",
        "helper = math.pi",
        *EXPECTED[2:],
        "last = 1",
    ]
    assert [each.source for each in notebook.cells if is_own(each)] == [
        "first = 1",
        "import math",
        "helper = math.pi",
        "last = 1",
    ]


def test_text_and_empty_cells_of_ones_own_are_left_out():
    def add(cells):
        cells.insert(1, cell("# Notes", kind="markdown"))
        cells.insert(1, cell("raw", kind="raw"))
        cells.insert(1, cell("   \n"))

    notebook = merged(add, **RIGHT)

    assert len(notebook.cells) == len(SOURCE.cells)
    assert texts(notebook) == EXPECTED


def test_a_changed_example_runs_after_the_authors():
    def change(cells):
        cells[1]["source"] = "BASE = 3"
        cells[4]["source"] = "import math"

    notebook = merged(change, **RIGHT)

    assert texts(notebook) == ["BASE = 2", "BASE = 3", *EXPECTED[1:3], "import math", *EXPECTED[3:]]


def test_an_example_that_only_lost_its_id_runs_once():
    def strip(cells):
        cells[4] = cell(cells[4]["source"] + "\n")

    notebook = merged(strip, **RIGHT)

    assert texts(notebook) == EXPECTED


def test_a_learners_metadata_cannot_pass_off_code_as_a_test():
    def add(cells):
        cells.insert(2, cell("cheat = 1", name="test_double"))
        cells.insert(2, cell("own = 1", name="no_such_cell"))

    notebook = merged(add, **RIGHT)

    assert texts(notebook) == ["BASE = 2", "own = 1", *EXPECTED[1:]]


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        (["a = 1", "a = 2"], ["a = 1", "a = 2"]),  # a split cell: both halves run, in order
        (["a = 1", CODE_STUB], ["a = 1"]),  # a copy left untouched takes nothing away
        ([CODE_STUB, "a = 1"], ["a = 1"]),
        (["a = 1", "a = 1"], ["a = 1", "a = 1"]),
        ([CODE_STUB, CODE_STUB], [CODE_STUB]),
        (["a = 1", "a = 2", "a = 3"], ["a = 1", "a = 2", "a = 3"]),
    ],
)
def test_copies_of_an_answer_cell_run_in_order_and_the_last_changed_one_counts(copies, expected):
    def copy(cells):
        cells[7:8] = [cell(text, name="long_words") for text in copies]

    notebook = merged(copy, double=RIGHT["double"])

    assert texts(notebook) == [*EXPECTED[:4], *expected, *EXPECTED[5:]]
    assert by_id(notebook)["long_words"] == expected[-1]


def test_copies_of_a_written_answer_are_read_together():
    def copy(cells):
        cells[-1:] = [
            cell("First half.", name="why", kind="markdown"),
            cell(STUB["why"], name="why", kind="markdown"),
            cell("Second half.", name="why", kind="markdown"),
        ]

    notebook = merged(copy, **RIGHT)

    assert by_id(notebook)["why"] == "First half.\n\nSecond half."
    assert texts(notebook) == EXPECTED


def test_merging_changes_neither_the_exercise_nor_the_answer():
    answer = read_answer(answered(SOURCE, **RIGHT).encode(), source=RELEASE)
    before = nbformat.writes(SOURCE), nbformat.writes(RELEASE), json.dumps(answer)

    notebook = merge(PREPARED, answer=answer)
    for merged_cell in notebook.cells:  # what marking writes into it
        merged_cell.source += "more"
        merged_cell.metadata["nbgrader"] = {**merged_cell.metadata.get("nbgrader", {}), "points": 99}
        if "outputs" in merged_cell:
            merged_cell.outputs.append("shown")

    assert (nbformat.writes(SOURCE), nbformat.writes(RELEASE), json.dumps(answer)) == before


ANY_CELLS = st.lists(
    st.builds(
        cell,
        st.text(max_size=20) | st.sampled_from(list(STUB.values())),
        name=st.none() | st.sampled_from([*STUB, "elsewhere"]),
        kind=st.sampled_from(["code", "markdown", "raw"]),
        id=st.text(max_size=5) | st.sampled_from(list(STUB)),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=25)
@given(ANY_CELLS)
def test_whatever_cells_a_learner_hands_in_every_test_runs_once_in_full(cells):
    notebook = released(SOURCE)
    notebook["cells"] += cells
    answer = read_answer(json.dumps(notebook).encode(), source=RELEASE, allow_unchanged=True)

    result = merge(PREPARED, answer=answer)

    kept = [each for each in result.cells if not is_own(each)]
    assert [each["id"] for each in kept] == [each["id"] for each in SOURCE.cells]
    assert {name: by_id(result)[name] for name in TESTS} == TESTS
    assert all(each.cell_type == "code" and each.metadata == {} for each in result.cells if is_own(each))


def with_task():
    """The small exercise with one of nbgrader's own task cells at its end."""
    source = exercise("doubling")
    metadata = {"grade": False, "solution": False, "locked": True, "task": True, "schema_version": 3, "points": 3}
    text = "Describe it below.\n=== BEGIN MARK SCHEME ===\nSecret\n=== END MARK SCHEME ==="
    task = nbformat.v4.new_markdown_cell(text, id="essay", metadata={"nbgrader": {**metadata, "grade_id": "essay"}})
    source.cells.append(task)
    return source


def test_what_is_written_below_a_task_is_found_for_its_marker():
    source = with_task()
    notebook = json.loads(answered(source, **RIGHT))
    notebook["cells"].insert(1, cell("elsewhere = 1"))
    notebook["cells"] += [cell("First words.", kind="markdown"), cell(" "), cell("drawing = 1")]

    answer = read_answer(json.dumps(notebook).encode(), source=source)

    assert written_below(answer, source=source) == {"essay": "First words.\n\ndrawing = 1"}
    assert written_below(answer, source=SOURCE) == {}


def test_a_task_keeps_its_words_and_its_mark_scheme_out_of_the_release():
    source = with_task()

    answer = read_answer(answered(source, **RIGHT | {"essay": "Scribbled over."}).encode(), source=source)
    notebook = merge(prepare(source), answer=answer)

    assert release(source).cells[-1].source == "Describe it below."
    assert notebook.cells[-1].source == source.cells[-1].source


# --- which cell is which ---

NAMES = st.sampled_from([None, "a", "b", "c"])
IDS = st.sampled_from(["", "x", "y", "z"])
WORDS = st.sampled_from(["", "one", " one\n", "two"])
LEARNERS = st.builds(lambda name, id_, text: cell(text, name=name, id=id_), NAMES, IDS, WORDS)
AUTHORS = st.builds(
    lambda name, id_, text: cell(text, id=id_) | {"metadata": {"nbgrader": {"grade_id": name, "grade": bool(name)}}},
    NAMES,
    IDS,
    WORDS,
)


def place_by_looking_at_each(theirs, authors):
    """The rule in its plainest words: the first cell of the same name, or nameless with the same id; or else text."""
    name = theirs.metadata.get("nbgrader", {}).get("grade_id")
    for index, known in enumerate(authors):
        known_name = known.metadata.nbgrader.grade_id
        if name == known_name if name is not None and known_name else theirs.id and theirs.id == known.id:
            return index
    same = (known.source.strip() == theirs.source.strip() for known in authors)
    nameless = [not known.metadata.nbgrader.grade_id for known in authors]
    return next((index for index, fits in enumerate(same) if fits and nameless[index]), None)


@given(LEARNERS, st.lists(AUTHORS, max_size=6))
def test_a_learners_cell_is_found_as_if_each_of_the_authors_were_looked_at(theirs, authors):
    theirs, released = nbformat.from_dict(theirs), nbformat.from_dict({"cells": authors})

    assert _known(released).match(theirs) == place_by_looking_at_each(theirs, released.cells)
