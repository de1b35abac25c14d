"""Test cells as authors write them: the right answer passes and the wrong one does not."""

import pytest

from grading.channel.testcell import TestStatus
from tests.grading.link import corpus_language, corpus_science, corpus_world
from tests.grading.link.harness import judged

pytestmark = pytest.mark.slow  # two processes for each case

CASES = [*corpus_language.CASES, *corpus_world.CASES, *corpus_science.CASES]


def last_report(case, answer):
    """What the case's test says of this answer."""
    tests = [case.before, case.test] if case.before else [case.test]
    return judged(answer, *tests, setup=case.setup, solution=case.right)[-1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_right_answer_passes(case):
    report = last_report(case, case.right)

    assert (report.status, report.score in (None, 1.0)) == (TestStatus.PASSED, True), report


@pytest.mark.parametrize("case", [case for case in CASES if case.wrong], ids=lambda case: case.name)
def test_a_wrong_answer_does_not_pass(case):
    report = last_report(case, case.wrong)

    ended = report.status in (TestStatus.FAILED, TestStatus.STOPPED)  # the second: an answer that never ends
    assert ended or report.score not in (None, 1.0), report


def test_the_corpus_has_its_size():
    assert len({case.name for case in CASES}) == len(CASES) >= 70
