"""F9: a worker that is told to end hands back what takes long; nobody notices, and no try is used up."""

import os
import signal

import pytest

from grading.acceptance.processes import process
from tests.faults.test_killed_worker import marks_and_tries
from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.running import RunningSite, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]


def first_process(site: RunningSite) -> int:
    """The worker's process that starts the others."""
    pids = set(site.pids("--queues marking"))
    return next(pid for pid in pids if (found := process(pid)) and found.parent not in pids)


def test_an_answer_at_work_in_a_worker_that_ends_is_marked_by_the_next_with_all_its_tries(site: RunningSite):
    learner = DemoLearner(site)
    submission = learner.hand_in(answers.slow(seconds=5, release=learner.release()))
    assert wait_until(lambda: learner.state(submission)["state"] == "running", seconds=60, pause=0.6)

    os.kill(first_process(site), signal.SIGTERM)
    state = learner.marked(submission, seconds=60)

    assert (state["state"], state["mark"]["points"]) == ("done", 14.0)
    assert marks_and_tries(site, submission) == (1, 1)
    assert "was handed back: this worker stops." in site.log("worker")
