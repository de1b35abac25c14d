"""The fifteen answers of the exercise "Three ways to route a letter" get exactly their marks, with their words."""

import re
from pathlib import Path

import pytest

from grading.protocol import CheckStatus, Outcome
from grading.scripts import read_script
from tests.grading.answering import answered, job, points

FOLDER = Path(__file__).resolve().parents[2] / "courses/ai-foundations/modules/learning-from-examples/route-letters"
SOURCE = read_script((FOLDER / "exercise.py").read_text(), name="route-letters/exercise.py")
DATA = {path.name: path.read_bytes() for path in sorted((FOLDER / "data").glob("*.csv"))}
TASKS = ("my_rules", "rules", "only_people")
FULL = {
    "test_every_letter_goes_somewhere": 2.0,
    "test_first_rule_wins": 2.0,
    "test_better_rules": 2.0,
    "test_only_people": 2.0,
}
WRONG = sorted((FOLDER / "wrong").glob("*.py"))
ALWAYS = {"w2_capital_letters", "w6_copied_letters"}  # one that a visible test catches, one that only a hidden one does


def solution():
    """The author's own answers to the three tasks."""
    cells = {cell["id"]: cell.source for cell in SOURCE.cells}
    return {name: re.sub(r"\n\s*### (BEGIN|END) SOLUTION", "", cells[name]) for name in TASKS}


def wrong(path):
    """Check and words that a wrong answer must meet, and the solution with its task answered in that way."""
    first, script = path.read_text().split("\n", 1)
    check, words, _ = (part.strip() for part in first.removeprefix("# expect:").split("|"))
    _, task, code = re.split(r'^# %% task="(\w+)"$', script, maxsplit=1, flags=re.MULTILINE)
    return check, words, {**solution(), task: code.strip()}


def marked(engine, answers):
    return engine.mark(job(SOURCE, answer=answered(SOURCE, **answers), files=DATA))


def test_the_solution_gets_all_points(engine):
    verdict = marked(engine, solution())

    assert (verdict.outcome, points(verdict)) == (Outcome.MARKED, FULL)


def test_nothing_written_gets_nothing(engine):
    verdict = marked(engine, {})

    assert (verdict.outcome, points(verdict)) == (Outcome.MARKED, dict.fromkeys(FULL, 0.0))


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem, marks=[] if path.stem in ALWAYS else [pytest.mark.slow]) for path in WRONG],
)
def test_each_wrong_answer_loses_its_check_and_is_told_its_mistake(engine, path):
    check, words, answers = wrong(path)

    verdict = marked(engine, answers)

    (lost,) = [result for result in verdict.checks if result.status is CheckStatus.FAILED]
    assert (lost.check, points(verdict)) == (check, {**FULL, check: 0.0})
    assert words in lost.message
