"""Each part of the site away, slow, stale or full for a while: what was accepted is marked once, all the same."""

import json
import os
import signal
import time

import pytest
import requests

from tests.faults.chaos import EXERCISE
from tests.faults.test_killed_worker import marks_and_tries
from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.running import RunningSite, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(600)]
MARKING = ("--queues", "marking", "--concurrency", "1", "--hostname", "another@%h")
HOUSEKEEPING = ("--queues", "housekeeping", "--pool", "solo", "--hostname", "another-housekeeper@%h")
SOLVED = ("done", 14.0)


@pytest.fixture
def learner(site: RunningSite) -> DemoLearner:
    return DemoLearner(site)


def result(learner: DemoLearner, submission: str) -> tuple[str, float]:
    """How marking ended, and with how many points."""
    state = learner.marked(submission, seconds=90)
    return state["state"], state["mark"]["points"]


def hand_in_slow(learner: DemoLearner, *, seconds: int = 8) -> str:
    """The id of an answer that is being marked now and takes so long."""
    submission = learner.hand_in(answers.slow(seconds=seconds, release=learner.release()))
    assert wait_until(lambda: learner.state(submission)["state"] == "running", seconds=60, pause=0.6)
    return submission


def test_f3_ten_messages_for_each_answer_give_one_mark_each(site: RunningSite, learner: DemoLearner):
    release = learner.release()
    with site.without("worker"):
        submissions = [learner.hand_in(answers.write("solution", release=release)) for _ in range(3)]
        site.run("tests.faults.messages", "30")

    found = [(result(learner, each), marks_and_tries(site, each)) for each in submissions]

    assert found == [(SOLVED, (1, 1))] * 3


@pytest.mark.timeout(900)
def test_f4_answers_are_taken_while_the_broker_is_away_and_marked_once_it_is_back(
    site: RunningSite, learner: DemoLearner, is_full
):
    release = learner.release()
    with site.without("valkey"):
        began = time.monotonic()
        submissions = [learner.hand_in(answers.write("solution", release=release)) for _ in range(3)]
        time.sleep(max(0.0, (300 if is_full else 60) - (time.monotonic() - began)))
        waiting = [learner.state(each)["state"] for each in submissions]

    assert waiting == ["queued"] * 3
    assert [(result(learner, each), marks_and_tries(site, each)) for each in submissions] == [(SOLVED, (1, 1))] * 3


def test_f4_answers_are_taken_while_the_broker_hangs(site: RunningSite, learner: DemoLearner):
    broker = site.stack.supervisor.process_ids()["valkey"]
    release = learner.release()
    os.kill(broker, signal.SIGSTOP)
    try:
        submission = learner.hand_in(answers.write("solution", release=release))
    finally:
        os.kill(broker, signal.SIGCONT)

    assert result(learner, submission) == SOLVED


def test_f5_while_the_database_is_away_learners_are_told_to_come_back_and_the_key_makes_it_safe(site: RunningSite):
    (token,) = json.loads(site.run("tests.faults.crowd", "1", "f5"))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "f5", "Content-Type": "application/json"}
    notebook = requests.get(f"{site.url}{EXERCISE}notebook/", headers=headers, timeout=30).content
    body = b'{"notebook": ' + answers.write("solution", release=notebook) + b"}"

    def hand_in() -> requests.Response:
        return requests.post(f"{site.url}{EXERCISE}submissions/", data=body, headers=headers, timeout=60)

    with site.without("postgres"):
        refused = hand_in()
    assert wait_until(lambda: hand_in().status_code != 503, seconds=60, pause=1)
    again = hand_in()

    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    (number,) = site.rows("select count(*) from learning_submission where idempotency_key = 'f5'")
    assert (again.status_code, number) == (200, (1,))


def test_f7_an_engine_whose_processes_are_killed_is_started_again_and_the_answer_with_it(
    site: RunningSite, learner: DemoLearner
):
    submission = hand_in_slow(learner)

    killed = site.engine_pids()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    assert killed
    assert result(learner, submission) == SOLVED
    assert marks_and_tries(site, submission) == (1, 2)


@pytest.mark.parametrize("seconds", [3600, -3600], ids=["fast", "slow"])
def test_f8_a_worker_and_a_housekeeper_with_a_wrong_clock_take_nothing_from_each_other(
    site: RunningSite, learner: DemoLearner, seconds: int, monkeypatch
):
    wrong = {"WRONG_CLOCK_SECONDS": str(seconds)}
    include = ("--include", "tests.faults.wrong_clock")
    with (
        site.without("worker", "housekeeper"),
        site.worker(*MARKING, *include, environment=wrong),
        site.worker(*HOUSEKEEPING, *include, environment=wrong),
    ):
        submission = hand_in_slow(learner)
        found = result(learner, submission)

    assert found == SOLVED
    assert marks_and_tries(site, submission) == (1, 1)


def test_f11_what_a_stale_worker_brings_after_its_lease_is_thrown_away(site: RunningSite, learner: DemoLearner):
    submission = hand_in_slow(learner)

    found = result_with_a_stale_worker(site, learner, submission)

    assert found == SOLVED
    assert wait_until(lambda: "was taken over: its result was thrown away" in site.log("worker"), seconds=30)
    assert marks_and_tries(site, submission) == (1, 2)


def test_f11_without_tokens_it_would_be_a_second_mark(site: RunningSite, learner: DemoLearner):
    """The control: it shows that the test before this one would see it."""
    include = ("--include", "tests.faults.without_tokens")
    with site.without("worker"), site.worker(*MARKING, *include):
        submission = hand_in_slow(learner)
        result_with_a_stale_worker(site, learner, submission)
        doubled = wait_until(lambda: marks_and_tries(site, submission)[0] == 2, seconds=30)

    assert doubled


def result_with_a_stale_worker(site: RunningSite, learner: DemoLearner, submission: str) -> tuple[str, float]:
    """What another worker makes of this answer, while those that run now are stopped; they go on after it."""
    stale = site.pids("--queues marking")
    for pid in stale:
        os.kill(pid, signal.SIGSTOP)
    try:
        with site.worker(*MARKING):
            return result(learner, submission)
    finally:
        for pid in stale:
            os.kill(pid, signal.SIGCONT)


def test_f13_what_no_database_stores_neither_stops_marking_nor_costs_the_rest(site: RunningSite, learner: DemoLearner):
    release = learner.release()
    notebook = json.loads(answers.write("solution", release=release))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "gap":
            cell["source"] = 'print("\\x00 \\ud800")\nraise ValueError("NUL \\x00 and half a pair \\ud800")'

    submission = learner.hand_in(json.dumps(notebook).encode())
    state = learner.marked(submission)

    assert (state["state"], state["mark"]["points"]) == ("done", 10.0)
