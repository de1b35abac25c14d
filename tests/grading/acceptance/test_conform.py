"""Honest work compared cell by cell, by the engine itself."""

import json

import pytest

from grading.acceptance.conform import differing, read_assignment, read_assignments
from grading.acceptance.fields import FolderProblem
from grading.acceptance.marks import Marking
from tests.grading.acceptance.folders import RIGHT, WRONG, assignment_folder, command, doubling

FULL = {"expected": {"test_double": 2.0}, "waits_for_a_person": ["why"], "max": {"test_double": 2.0, "why": 3.0}}
NONE = {**FULL, "expected": {"test_double": 0.0}}


@pytest.fixture
def folder(tmp_path):
    """One submission that agrees, and one of which expected.json says what is not so."""
    submissions = {"right": doubling(RIGHT), "lied_about": doubling(WRONG)}
    return assignment_folder(tmp_path / "small", submissions, right=FULL, lied_about={**FULL, "what": "gives x"})


def test_agreement_and_difference_are_counted_cell_by_cell(folder):
    lines, _, code = command("conform", folder.parent)

    assert code == 1
    assert lines == [
        "small/right                          agrees",
        "small/lied_about                     DIFFERS  gives x",
        "    test_double: 0 instead of 2",
        "1 of 2 agree",
    ]


def test_when_all_agree_the_exit_code_is_0_and_json_says_what_each_got(tmp_path):
    trap = {"traps": {"test_double": "a warning"}, "stock": {"test_double": 2.0}}
    folder = assignment_folder(tmp_path / "small", {"wrong": doubling(WRONG)}, wrong={**NONE, **trap, "novel": 1})

    lines, _, code = command("conform", folder, "--json")

    report = json.loads("\n".join(lines))
    assert (code, report["agree"], report["of"]) == (0, 1, 1)
    assert report["submissions"] == [
        {
            "assignment": "small",
            "submission": "wrong",
            "what": "",
            "agrees": True,
            "differ": [],
            "points": {"test_double": 0.0, "why": None},
            "traps": {"test_double": "a warning"},
        }
    ]
    assert report["not_used"] == ["small/expected.json: wrong: the field novel is not known."]


def test_every_kind_of_difference_has_its_line(folder):
    (expected, _) = read_assignment(folder).submissions
    marking = Marking(outcome="marked", points={"test_double": None, "more": 1.0}, max_points={"test_double": 5.0})

    assert differing(expected, marking) == [
        "test_double: waits for a person instead of 2",
        "why: no mark instead of waits for a person",
        "more: 1, but expected.json says nothing of it",
        "test_double: out of 5 instead of 2",
    ]
    assert differing(expected, Marking(outcome="refused", reason="No.")) == ["every cell: refused: No."]


def test_where_only_stock_is_given_it_is_what_is_expected(tmp_path):
    folder = assignment_folder(tmp_path / "small", {"one": doubling(RIGHT)}, one={"stock": {"test_double": 2.0}})

    (expected,) = read_assignment(folder).submissions

    assert expected.points == {"test_double": 2.0}


def test_data_files_lie_beside_the_notebook(folder):
    (folder / "data" / "deep").mkdir(parents=True)
    (folder / "data" / "deep" / "a.csv").write_text("1,2")
    (folder / "meta.json").write_text('{"data": ["deep/a.csv"]}')

    assert read_assignment(folder).files == {"deep/a.csv": b"1,2"}


def test_a_submission_of_which_nothing_is_expected_is_reported(folder):
    (folder / "submissions" / "stray.ipynb").write_text("{}")

    assert read_assignment(folder).problems == ("small/expected.json says nothing of submissions/stray.ipynb.",)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: (folder / "source.ipynb").unlink(), "The file {}/source.ipynb is missing."),
        (lambda folder: (folder / "released.ipynb").unlink(), "The file {}/released.ipynb is missing."),
        (
            lambda folder: (folder / "submissions/right.ipynb").unlink(),
            "The file {}/submissions/right.ipynb is missing.",
        ),
        (lambda folder: (folder / "expected.json").write_text("[]"), "small/expected.json is not a JSON object."),
        (lambda folder: (folder / "expected.json").write_text("{}"), "{}/expected.json names no submission."),
        (
            lambda folder: (folder / "meta.json").write_text('{"data": ["a.csv"]}'),
            "small/meta.json names the data file a.csv, which is missing.",
        ),
    ],
)
def test_missing_and_damaged_files_are_one_sentence(folder, damage, sentence):
    damage(folder)

    with pytest.raises(FolderProblem) as problem:
        read_assignments(folder.parent)

    assert str(problem.value) == sentence.format(folder)


def test_a_folder_without_assignments_exits_with_two_and_one_sentence(tmp_path):
    _, said, code = command("conform", tmp_path)

    assert (code, said) == (2, f"There is no expected.json in {tmp_path} or below it.\n")
