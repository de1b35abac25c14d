"""The nine answers of N23 travel through upload, queue and nbgrader, and get exactly their marks."""

import pytest

from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.running import RunningSite

pytestmark = [pytest.mark.n23, pytest.mark.slow]


@pytest.fixture(scope="module")
def learner(site: RunningSite) -> DemoLearner:
    return DemoLearner(site)


@pytest.mark.parametrize("name", answers.NAMES)
def test_n23_answer_gets_its_marks_and_the_message_that_names_its_mistake(learner: DemoLearner, name: str):
    expected = answers.expected(name)

    state = learner.marked(learner.hand_in(answers.write(name, release=learner.release())))

    checks = {check["check"]: check for check in state["mark"]["checks"]}
    assert {slug: check["points"] for slug, check in checks.items()} == expected.points
    assert state["mark"]["points"] == sum(points or 0 for points in expected.points.values())
    assert expected.words in checks.get(expected.lost, {"message": ""})["message"]
