"""No learner's end and no learner's code passes a test without the answer."""

import pytest

from grading.channel.link_judge import Budget
from grading.channel.testcell import TestStatus
from tests.grading.link.harness import judged
from tests.grading.link.hostile import CODE, ENDS, HONEST, RAW

pytestmark = pytest.mark.slow  # two processes for each case

LITTLE = Budget(calls=3000, megabytes=100)
SOLUTION = "def f(x):\n    return x * x"


@pytest.mark.parametrize("name", RAW)
def test_a_lying_end_does_not_pass(name):
    serve, test = RAW[name]

    (report,) = judged("", test, solution=SOLUTION, serve=serve, budget=LITTLE)

    assert report.status in (TestStatus.FAILED, TestStatus.HOLD, TestStatus.STOPPED), report


@pytest.mark.parametrize("name", CODE)
def test_hostile_code_does_not_pass(name):
    learner, test = CODE[name]

    (report,) = judged(learner, test, solution=SOLUTION, budget=LITTLE)

    assert report.status in (TestStatus.FAILED, TestStatus.HOLD, TestStatus.STOPPED), report


@pytest.mark.parametrize("name", ENDS)
def test_a_rewritten_end_does_not_pass(name):
    end, learner, test = ENDS[name]

    (report,) = judged(learner, test, solution=SOLUTION, end=end, budget=LITTLE)

    assert report.status in (TestStatus.FAILED, TestStatus.HOLD, TestStatus.STOPPED), report


@pytest.mark.parametrize("name", HONEST)
def test_honest_code_passes(name):
    learner, test = HONEST[name]

    (report,) = judged(learner, test, solution=learner)

    assert report.status is TestStatus.PASSED, report


def test_a_tripwire_holds_the_mark_whatever_the_test_catches():
    test = "try:\n    f(3)\nexcept BaseException:\n    pass\n1.0"

    (report,) = judged("", test, solution=SOLUTION, serve=RAW["unknown_tag"][0])

    assert (report.status, report.score) == (TestStatus.HOLD, None)


def test_a_swallowed_refusal_is_no_pass():
    learner, _ = CODE["equal_to_everything"]

    (report,) = judged(learner, "try:\n    f(3) == 9\nexcept Exception:\n    pass", solution=SOLUTION)

    assert report.status is TestStatus.FAILED
    assert "not a plain value" in report.message
