"""Honest work scores as nbgrader scores it, on two hundred generated notebooks and on nbgrader's own."""

import json

import nbformat
import pytest

from grading.protocol import Job, Limits, Outcome
from tests.grading.conformance.cases import RECORD, every_case
from tests.grading.conformance.stock import stock_points

pytestmark = pytest.mark.slow
LIMITS = Limits(cell_seconds=10, total_seconds=60)
_NOTE = "a note on stderr is no failure: nbgrader gives nothing for it"
_STOPS = "nbgrader stops at a cell whose type was changed: we take the author's"
# Case -> check -> (what we give, why it is not what nbgrader gives), for all that differs.
DIFFERENCES: dict[str, dict[str, tuple[float | None, str]]] = {
    "generated 147": {"test_share": (3.0, _NOTE)},
    **{
        f"{folder}/files/submitted-{what}-cell-type-changed.ipynb": {
            "foo": (1.0, _STOPS), "bar": (0.0, _STOPS), "baz": (0.0, _STOPS), "quux": (0.0, _STOPS),
        }
        for folder in ("preprocessors", "ui-tests")
        for what in ("answer", "grade")
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def recorded():
    return json.loads(RECORD.read_text())


def ours(engine, case):
    """Check -> points, or the reason why there are none."""
    job = Job(job_id="1", source=nbformat.writes(case.source), answer=nbformat.writes(case.answer), limits=LIMITS)
    verdict = engine.mark(job)
    if verdict.outcome is not Outcome.MARKED:
        return verdict.reason
    return {result.check: result.points for result in verdict.checks}


def fair(case, recorded):
    """What nbgrader gives, but for the differences listed."""
    listed = {check: points for check, (points, _why) in DIFFERENCES.get(case.name, {}).items()}
    empty = [cell for cell in case.answer.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "why"]
    if empty and not empty[0].source and case.name.startswith("generated"):
        listed["why"] = 0.0  # an answer left empty gets nothing: nbgrader has a person look at it
    return {**{check: points for check, points in recorded[case.name].items() if check.islower()}, **listed}


def test_every_case_scores_as_nbgrader_scores_it_but_for_the_differences_listed(engine, recorded):
    cases = every_case()

    wrong = {
        case.name: (marked, wanted)
        for case in cases
        if (marked := ours(engine, case)) != (wanted := fair(case, recorded))
    }

    assert wrong == {}
    assert {case.name for case in cases} == recorded.keys()
    assert len(cases) >= 230


def test_the_record_is_what_nbgrader_gives(recorded):
    some = every_case()[::25]

    assert stock_points(some, processes=1) == {case.name: recorded[case.name] for case in some}
