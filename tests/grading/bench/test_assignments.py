"""What the bench marks."""

import json

import pytest

from grading.bench.assignments import NAMES, assignment, from_script
from grading.bench.probes import TITLES, probes
from grading.bench.scripts import probe


def total(marks):
    return sum(points or 0 for points in marks.values())


@pytest.mark.parametrize(("name", "points"), [("plain", 8), ("pandas", 8), ("sklearn", 7), ("n23", 14)])
def test_a_right_answer_deserves_all_points_that_tests_give(name, points):
    marks = assignment(name).marks

    assert (total(marks), list(marks.values()).count(None)) == (points, 1)


def test_the_names_are_those_of_the_promises():
    assert NAMES == ("plain", "pandas", "sklearn", "n23")


def test_an_answer_shows_nothing_that_learners_do_not_get():
    job = assignment("n23").job()

    assert "HIDDEN TESTS" in job.source
    assert not any(words in job.answer for words in ("HIDDEN TESTS", "BEGIN SOLUTION", "MARK SCHEME"))
    assert list(job.files) == ["referrals.csv"]


def test_the_fork_runs_the_same_answer_with_the_hidden_tests():
    plain = assignment("plain")
    handed_in = json.loads(plain.job().answer)["cells"]

    cells = plain.cells()

    assert plain.answers["desk_for"] in cells
    assert plain.answers["desk_for"] in [cell["source"] for cell in handed_in]
    assert sum("HIDDEN TESTS" in cell for cell in cells) == 2


def test_an_answer_may_be_known_to_lose_a_check():
    losing = from_script("losing", probe(tested="assert same(2) == 3"), lost=frozenset({"test_probe"}))

    assert losing.marks == {"test_answer": 1.0, "test_probe": 0.0}


def test_there_is_a_probe_for_each_title():
    assert [each.name for each in probes()] == list(TITLES)
