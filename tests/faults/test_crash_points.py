"""F2: a worker is killed at each step of its way with an answer. It gets exactly one mark all the same.

The database holds the worker at a step: a lock on the table that the step needs.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest

from tests.faults.test_killed_worker import marks_and_tries
from tests.journeys import answers
from tests.journeys.learner import DemoLearner
from tests.running import RunningSite, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]
WAITS = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like %s"
Seen = Callable[[psycopg.Connection, str], bool]  # whether something is so in the database, of a submission
STATE = """
    select 1 from marking_job j join learning_submission s on s.id = j.submission_id where public_id = %s and state = %s
"""


@dataclass(frozen=True)
class Point:
    """A step of the worker's: the table that it needs there, what is seen once it waits for it, and all tries."""

    table: str
    is_there: Seen
    tries: int
    since: Seen = lambda looker, submission: True  # from when on the table is held


def waits_for(words: str) -> Seen:
    """Whether a statement with these words waits for a lock."""
    return lambda looker, submission: bool(looker.execute(WAITS, [f"%{words}%"]).fetchall())


def is_in(state: str) -> Seen:
    """Whether the submission's job is in this state."""
    return lambda looker, submission: bool(looker.execute(STATE, [submission, state]).fetchall())


def at_once(looker: psycopg.Connection, submission: str) -> bool:
    """True: there is nothing to wait for once the table is held."""
    return True


POINTS = {
    "before the claim": Point("marking_job", waits_for("RECURSIVE waiting"), tries=1),
    "after the claim": Point("core_blob", waits_for("core_blob"), tries=2),
    "with the verdict": Point("marking_job", waits_for('UPDATE "marking_job"'), tries=2, since=is_in("running")),
    "in the transaction": Point("marking_mark", waits_for("marking_mark"), tries=2),
    "after the commit": Point("marking_job", at_once, tries=1, since=is_in("done")),
}


@pytest.mark.parametrize("name", POINTS)
def test_a_worker_killed_at_this_point_leaves_exactly_one_mark(site: RunningSite, name: str):
    learner, point = DemoLearner(site), POINTS[name]
    release = learner.release()
    site.until_all_is_marked()

    with psycopg.connect(site.database_url) as blocker, psycopg.connect(site.database_url, autocommit=True) as looker:
        with site.without("worker"):
            submission = learner.hand_in(answers.write("solution", release=release))
            if point.since(looker, submission):
                hold(blocker, table=point.table)
        assert wait_until(lambda: point.since(looker, submission), seconds=120, pause=0.002)
        hold(blocker, table=point.table)
        assert wait_until(lambda: point.is_there(looker, submission), seconds=120, pause=0.02)
        for pid in site.pids("--queues marking"):
            os.kill(pid, signal.SIGKILL)
    state = learner.marked(submission, seconds=90)

    assert (state["state"], state["mark"]["points"]) == ("done", 14.0)
    assert marks_and_tries(site, submission) == (1, point.tries)


def hold(blocker: psycopg.Connection, *, table: str) -> None:
    """Nobody else reads or writes the table until the blocker's transaction ends. Safe to repeat."""
    blocker.execute(f"lock table {table} in access exclusive mode")
