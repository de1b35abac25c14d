"""A worker that is killed in the middle of marking costs seconds, never a mark and never a second one."""

import os
import signal
import time

import pytest

from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.running import RunningSite, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]


def marks_and_tries(site: RunningSite, submission: str) -> tuple[int, int]:
    """How many marks a submission has, and how often its job was tried."""
    (found,) = site.rows(
        "select count(*), max(j.tries) from marking_mark m join learning_submission s on s.id = m.submission_id "
        "join marking_job j on j.submission_id = s.id where s.public_id = %s",
        submission,
    )
    return found[0], found[1]


def test_worker_killed_in_mid_marking_leads_to_exactly_one_mark_within_a_minute(site: RunningSite):
    learner = DemoLearner(site)
    submission = learner.hand_in(answers.slow(seconds=5, release=learner.release()))
    assert wait_until(lambda: learner.state(submission)["state"] == "running", seconds=60, pause=0.6)
    time.sleep(1)

    killed_at = time.monotonic()
    for pid in site.pids("--queues marking"):
        os.kill(pid, signal.SIGKILL)
    state = learner.marked(submission, seconds=60)
    seconds = time.monotonic() - killed_at

    assert (state["state"], state["mark"]["points"]) == ("done", 14.0)
    assert marks_and_tries(site, submission) == (1, 2)
    assert seconds < 60
