"""The nine answers of the exercise "Audit a fraud-referral model" get exactly their marks, with their words."""

import re
from pathlib import Path

import pytest

from grading.protocol import CheckStatus, Outcome
from grading.scripts import read_script
from tests.grading.answering import answered, job, points

FOLDER = Path(__file__).resolve().parents[2] / "courses/ai-ethics-in-practice/modules/bias-audits/audit-referrals"
SOURCE = read_script((FOLDER / "exercise.py").read_text(), name="audit-referrals/exercise.py")
DATA = {"referrals.csv": (FOLDER / "data" / "referrals.csv").read_bytes()}
FULL = {"test_group_rates": 6.0, "test_gap": 4.0, "test_threshold": 4.0, "reflection": None}
WRONG = {
    "w1_fdr_for_fpr": (8, "test_group_rates", "the share of REFERRED claims that were fine", False),
    "w2_drops_not_stated": (8, "test_group_rates", "did not state a language are missing", False),
    "w3_ties_over_capacity": (10, "test_threshold", "Three claims tie at 0.7", False),
    "w4_mutates_input": (8, "test_group_rates", "changed the table it was given", False),
    "w5_hardcoded_visible": (10, "test_gap", "not from a number written into your code", True),
    "w6_boundary": (10, "test_gap", "A group with exactly min_n claims stays in", True),
    "w7_per_everyone": (8, "test_group_rates", "you divided by everyone in the group", False),
}


def solution():
    """The author's own answers to the three tasks, and a reflection."""
    cells = {cell["id"]: cell.source for cell in SOURCE.cells}
    tasks = {
        name: re.sub(r"\n\s*### (BEGIN|END) SOLUTION", "", cells[name]) for name in ("group_rates", "gap", "threshold")
    }
    return {**tasks, "reflection": "I recommend a random sample of 100 claims a month."}


def wrong(name):
    """The solution with one task answered in one of the typical wrong ways."""
    script = (FOLDER / "wrong" / f"{name}.py").read_text()
    _, task, code = re.split(r'^# %% task="(\w+)"$', script, maxsplit=1, flags=re.MULTILINE)
    return {**solution(), task: code.strip()}


def marked(engine, answers):
    return engine.mark(job(SOURCE, answer=answered(SOURCE, **answers), files=DATA))


def total(verdict):
    return sum(result.points or 0 for result in verdict.checks)


def test_the_solution_gets_all_points_and_its_reflection_waits(engine):
    verdict = marked(engine, solution())

    assert (verdict.outcome, points(verdict)) == (Outcome.MARKED, FULL)
    assert verdict.free_text == {"reflection": solution()["reflection"]}


def test_nothing_written_gets_nothing(engine):
    verdict = marked(engine, {})

    assert (verdict.outcome, points(verdict)) == (Outcome.MARKED, dict.fromkeys(FULL, 0.0))
    assert {result.message for result in verdict.checks} == {
        "Write this function, then submit again.",
        "You have not written an answer yet. Write it, then submit again.",
    }


ALWAYS = {"w1_fdr_for_fpr", "w5_hardcoded_visible"}  # one that a visible test catches, one that only a hidden one does


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in ALWAYS else [pytest.mark.slow]) for name in sorted(WRONG)]
)
def test_each_wrong_answer_loses_its_check_and_is_told_its_mistake(engine, name):
    expected_total, check, words, hidden = WRONG[name]

    verdict = marked(engine, wrong(name))

    (lost,) = [result for result in verdict.checks if result.status is CheckStatus.FAILED]
    assert (total(verdict), lost.check, lost.hidden) == (expected_total, check, hidden)
    assert words in lost.message
    assert points(verdict) == {**FULL, check: 0.0}


def test_every_wrong_answer_of_the_course_is_tried():
    assert sorted(path.stem for path in (FOLDER / "wrong").glob("*.py")) == sorted(WRONG)
