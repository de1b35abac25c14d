"""What an exercise cannot hold is refused with its cell and a cure, and nothing is written."""

import io
import json
import os
from pathlib import Path

import nbformat
import pytest
from django.core.management import CommandError, call_command

from tests.unit.authoring.notebooks import cells
from upskill.authoring.notebooks import reading
from upskill.authoring.notebooks.importing import import_notebook
from upskill.authoring.notebooks.refusals import CannotImport
from upskill.authoring.whole_folders import InTheWay


def refused(made: nbformat.NotebookNode, folder: Path) -> list[str]:
    """The sentences with which the notebook is refused; nothing is left of it."""
    file = cells.saved(made, folder / "in")
    with pytest.raises(CannotImport) as refusal:
        import_notebook(file, folder=folder / "courses" / "exercise")
    assert sorted(path.name for path in folder.iterdir()) == ["in"]
    return list(refusal.value.problems)


def around(*between: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook with these cells below a task and its test."""
    return cells.notebook(cells.task(), cells.check(), *between)


def with_nbgrader(**changed: object) -> nbformat.NotebookNode:
    """A test cell with its metadata changed."""
    cell = cells.check(name="odd")
    cell.metadata["nbgrader"] = {**cell.metadata.nbgrader, **changed}
    return cell


OLD = "Cell 3 (odd): It was written by an older nbgrader. Run: nbgrader update FILE.ipynb"
POINTS = "Give it more than 0 points and fewer than 1,000, with at most two decimals; or take its grade away."
SAVE = "Set its type again in nbgrader's toolbar, save, and import it again."
TELL_APART = "Cell 3: A script would make other cells of it. Let no line begin with %% or # %%."
CELLS = {
    "raw": (
        nbformat.v4.new_raw_cell("raw"),
        ["Cell 3: An exercise has no raw cells. Make it Markdown or code, or delete it."],
    ),
    "picture": (
        cells.text("![](attachment:a.png)", attachments={"a.png": {"image/png": "AAAA"}}),
        ["Cell 3: It has attached pictures (a.png). Say in words what they show, and delete the attachments."],
    ),
    "odd character": (
        cells.text("a\x00b"),
        ["Cell 3: It holds a character that cannot be shown. Delete it and type the line again."],
    ),
    "magic for a cell": (
        cells.code("%%time\n1 + 1"),
        ["Cell 3: It begins with %%time. Take that line out: a script keeps no magic for a whole cell."],
    ),
    "marker in code": (cells.code("x = 1\n# %%\ny = 2"), [TELL_APART]),
    "marker in text": (
        cells.text("%% one"),
        ["Cell 3: It begins with %%. Take that line out: a script keeps no magic for a whole cell."],
    ),
    "separator of lines": (
        cells.text("one\u2028two"),
        [
            "Cell 3: A script would change its line 1: 'one\\u2028two'. "
            "Write the line without unusual signs or spaces at its ends, and let none begin with %%."
        ],
    ),
    "old metadata": (with_nbgrader(schema_version=1), [OLD]),
    "no metadata at all": (with_nbgrader(schema_version=None), [OLD]),
    "student's version": (
        with_nbgrader(checksum="00"),
        [
            "Cell 3 (odd): This is the version that nbgrader made for students, without solutions. "
            "Import the one in nbgrader's folder source."
        ],
    ),
    "no points": (with_nbgrader(points=0), [f"Cell 3 (odd): It gives 0 points. {POINTS}"]),
    "too many points": (with_nbgrader(points=1000), [f"Cell 3 (odd): It gives 1000 points. {POINTS}"]),
    "a third of a point": (with_nbgrader(points=1 / 3), [f"Cell 3 (odd): It gives 0.333333 points. {POINTS}"]),
    "points in words": (
        with_nbgrader(points="two"),
        [f"Cell 3 (odd): It gives points, but nobody knows how many. {POINTS}"],
    ),
    "a list for a flag": (
        with_nbgrader(grade=[1]),
        [f"Cell 3 (odd): What nbgrader noted in it cannot be read. {SAVE}"],
    ),
    "no name": (with_nbgrader(grade_id=7), [f"Cell 3: It has no name (grade_id). {SAVE}"]),
    "name that begins with a digit": (
        cells.check(name="1st"),
        ["Cell 3 (1st): '1st' is no name for a cell. Use up to 64 letters, digits, - and _, a letter first."],
    ),
    "name used twice": (
        cells.check(name="double"),
        ["Cell 1 (double): The name 'double' is used twice. Give each tagged cell its own name."],
    ),
    "task and test at once": (
        with_nbgrader(task=True),
        [f"Cell 3 (odd): It is nbgrader's task and something else at once. {SAVE}"],
    ),
    "written answer without points": (
        cells.marked("task", "Why?", name="why", cell_type="markdown"),
        [
            "Cell 3 (why): Learners write text here, and nothing gives points for it. "
            "Make it nbgrader's “Manually graded answer”."
        ],
    ),
    "test that is text": (
        cells.marked("test", "Words", name="words", points=1, cell_type="markdown"),
        ["Cell 3 (words): A test cell holds code. Take away [markdown], or use manual=."],
    ),
    "test that nbgrader writes": (
        cells.check("### AUTOTEST double(2)", name="auto"),
        [
            "Cell 3 (auto): nbgrader writes its tests when it makes the student's version. "
            "Write them here, as assert lines."
        ],
    ),
    "test that is no Python": (
        cells.check("assert double(2", name="odd"),
        ["Cell 3 (odd): This is not Python: '(' was never closed. Correct the line."],
    ),
    "solution without an end": (
        cells.task("### BEGIN SOLUTION\nx = 1", name="odd"),
        ["Cell 3 (odd): BEGIN SOLUTION has no end. Write END SOLUTION below it."],
    ),
    "mark scheme of a written answer": (
        cells.written(f"Words.\n{cells.SCHEME}"),
        [
            "Cell 3 (why): A mark scheme stands in a written answer, where nbgrader does not look for one. "
            "Write ### BEGIN SOLUTION above it and ### END SOLUTION below it."
        ],
    ),
    "mark scheme amid a task": (
        cells.project(f"Words.\n{cells.SCHEME}\nMore words."),
        [
            "Cell 3 (example): The mark scheme of this task stands amid its text. "
            "Write one mark scheme, below everything else in the cell."
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_cell_that_an_exercise_cannot_hold_is_named_with_a_cure(tmp_path, name):
    cell, sentences = CELLS[name]

    assert refused(around(cell), tmp_path) == sentences


def test_every_cell_that_cannot_be_held_is_named_at_once(tmp_path):
    made = around(nbformat.v4.new_raw_cell("raw"), cells.text("Words."), cells.code("%%bash\nls"))

    assert [sentence.split(":")[0] for sentence in refused(made, tmp_path)] == ["Cell 3", "Cell 5"]


WHOLE: dict[str, tuple[dict, str]] = {
    "other language": (
        {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
        "The notebook is written in R. Exercises are written in Python: translate it first.",
    ),
    "ours as learners get it": (
        {"upskill": {"released": True}},
        "This is the notebook that learners get: it holds no solutions. Import the one that its author wrote.",
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_notebook_that_is_no_source_is_refused(tmp_path, name):
    metadata, sentence = WHOLE[name]

    assert refused(cells.notebook(cells.task(), cells.check(), **metadata), tmp_path) == [sentence]


def test_notebook_without_points_is_refused(tmp_path):
    assert refused(cells.notebook(cells.text()), tmp_path) == [
        "Nothing gives points. Add a test= or manual= cell with points=."
    ]


def test_notebook_of_too_many_cells_or_words_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_CELLS", 2)
    assert refused(around(cells.text()), tmp_path) == [
        "The notebook has 3 cells. Split it into exercises of at most 2 cells."
    ]
    monkeypatch.undo()
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 1000)
    assert refused(around(cells.text("x" * 1000)), tmp_path) == [
        "The notebook has more than 1,000 characters. Split it into shorter exercises."
    ]


FILES = {
    "empty": b"",
    "no json": b"{",
    "a list": b"[]",
    "a number of many digits": b"9" * 5000,
    "deep": b"[" * 100_000,
    "an older format": json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}).encode(),
    "no cells": json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode(),
    "not UTF-8": b'{"a": "\xff"}',
}


@pytest.mark.parametrize("name", FILES)
def test_file_that_is_no_notebook_is_refused(tmp_path, name):
    file = tmp_path / "any.ipynb"
    file.write_bytes(FILES[name])

    with pytest.raises(CannotImport) as refusal:
        import_notebook(file, folder=tmp_path / "exercise")

    assert [str(file) in sentence for sentence in refusal.value.problems] == [True]


def test_what_is_no_file_is_refused_without_being_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "large.ipynb").write_bytes(b" " * (reading.MOST_BYTES + 1))

    def said(name: str) -> str:
        with pytest.raises(CannotImport) as refusal:
            import_notebook(tmp_path / name, folder=tmp_path / "exercise")
        return str(refusal.value).removeprefix(f"{tmp_path / name} ")

    assert said("pipe.ipynb") == "is not a file. Name a notebook, such as problem1.ipynb."
    assert said("large.ipynb") == "is larger than 10 MB. Clear all outputs in Jupyter, save it, and try again."
    assert said("none.ipynb") == "cannot be read: No such file or directory. Check the name."


def test_nothing_is_overwritten_by_an_import(tmp_path):
    file = cells.saved(around(), tmp_path / "in")
    (tmp_path / "exercise").mkdir()

    with pytest.raises(InTheWay) as refusal:
        import_notebook(file, folder=tmp_path / "exercise")

    assert str(refusal.value).endswith("Give another name, or move it away: nothing is overwritten.")
    assert list((tmp_path / "exercise").iterdir()) == []


def test_command_says_every_reason_and_ends_with_a_failure(tmp_path):
    file = cells.saved(around(nbformat.v4.new_raw_cell("raw")), tmp_path)
    errors = io.StringIO()

    with pytest.raises(CommandError) as end:
        call_command("import_notebook", str(file), str(tmp_path / "exercise"), stderr=errors)

    assert errors.getvalue() == f"{CELLS['raw'][1][0]}\n"
    assert str(end.value) == "Nothing was imported."
