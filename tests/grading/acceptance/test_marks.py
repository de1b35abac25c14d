"""What each class of notebook case may earn."""

import pytest

from grading.acceptance.manifest import read_folder
from grading.acceptance.marks import Marking, wrong_marks
from tests.grading.acceptance.folders import doubling, notebooks_folder

RIGHT, NOTHING, WAITING = {"t": 2.0}, {"t": 0.0}, {"t": None}


def wrong(tmp_path, *, earned=None, outcome="marked", most=2.0, **fields):
    (case,) = read_folder(notebooks_folder(tmp_path, (doubling("pass"), fields))).notebooks
    points = earned or {}
    return wrong_marks(
        case, Marking(outcome=outcome, reason="why", points=points, max_points=dict.fromkeys(points, most))
    )


@pytest.mark.parametrize(
    ("fields", "earned", "problems"),
    [
        ({"class": "cheat"}, NOTHING, []),
        ({"class": "cheat"}, WAITING, []),
        ({"class": "cheat"}, RIGHT, ["t earned 2 instead of 0"]),
        ({"class": "cheat", "points": NOTHING}, {"t": 0.0, "mc": 6.0}, ["mc earned 6 of 2"]),
        ({"class": "cheat", "points": NOTHING}, {"t": 0.0, "mc": 1.0}, ["mc earned 1 instead of nothing"]),
        ({"class": "cheat", "points": RIGHT}, RIGHT, []),
        ({"class": "cheat", "points": RIGHT}, WAITING, ["t waits for a person instead of 2"]),
        ({"class": "break"}, RIGHT, []),
        ({"class": "break"}, {"t": 1000.0}, ["t earned 1000 of 2"]),
        ({"class": "break"}, {"t": -1.0}, ["t earned -1 of 2"]),
        ({"class": "break", "points": NOTHING}, WAITING, []),
        ({"class": "break", "points": RIGHT}, {**RIGHT, "u": 1.0}, []),
        ({"class": "harm", "points": RIGHT}, NOTHING, ["t earned 0 instead of 2"]),
        ({"class": "fidelity", "points": NOTHING}, NOTHING, []),
        ({"class": "fidelity", "points": NOTHING}, RIGHT, ["t earned 2 instead of 0"]),
        ({"class": "fidelity", "points": NOTHING}, WAITING, ["t waits for a person instead of 0"]),
        ({"class": "control", "points": RIGHT}, {**RIGHT, "mm": None}, []),
        ({"class": "control", "points": RIGHT}, {}, ["t has no mark"]),
        ({"class": "control", "points": RIGHT}, WAITING, ["t waits for a person instead of 2"]),
        ({"class": "control", "points": RIGHT, "also_ok": "held"}, WAITING, []),
        ({"class": "control"}, RIGHT, ["the manifest names no points for a case of class control"]),
    ],
)
def test_marks_are_judged_by_class(tmp_path, fields, earned, problems):
    assert wrong(tmp_path, earned=earned, **fields) == problems


def test_a_refusal_is_right_only_where_the_case_allows_it(tmp_path):
    assert wrong(tmp_path / "1", outcome="refused", **{"class": "break"}) == []
    assert wrong(tmp_path / "2", outcome="refused", **{"class": "control", "points": RIGHT}) == ["refused: why"]


def test_a_marking_that_failed_never_holds(tmp_path):
    assert wrong(tmp_path, outcome="failed", **{"class": "break"}) == ["not marked: why"]
