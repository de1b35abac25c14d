"""Jobs and reruns from before there were regrades stay as they are, and those of regrades find a place beside them."""

import uuid
from typing import Any

import pytest

from tests.factories.marking import SubmissionFactory
from tests.factories.people import NOON
from tests.unit.migrating import migrated, migrated_to_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE, AFTER = [("marking", "0003_fair_queue")], [("marking", "0004_regrades")]
LANES = [("interactive", False), ("deadline", False), ("preview", True), ("regrade", False)]
STATES: dict[str, dict[str, Any]] = {
    "queued": {},
    "running": {"token": uuid.UUID(int=1), "lease_until": NOON},
    "done": {"ended_at": NOON},
    "refused": {"ended_at": NOON},
    "failed_ours": {"ended_at": NOON},
}


@pytest.fixture
def before():
    """The tables as they were; afterwards they are as they are now again."""
    yield migrated(BEFORE)
    migrated_to_now()


def a_mark(apps):
    return apps.get_model("marking", "Mark").objects.create(
        submission_id=SubmissionFactory().pk, points=1, max_points=4, waiting_points=0, passed=False, marked_at=NOON
    )


def a_job(apps, mark, *, is_rerun: bool, **fields):
    return apps.get_model("marking", "Job").objects.create(
        submission_id=mark.submission_id,
        learner_id=mark.submission.learner_id,
        rerun_of=mark if is_rerun else None,
        queued_at=NOON,
        **fields,
    )


def rows(apps, name: str) -> list[dict[str, Any]]:
    return list(apps.get_model("marking", name).objects.order_by("pk").values())


def test_jobs_of_every_lane_and_state_and_reruns_stay_as_they_were(before):
    for lane, is_rerun in LANES:
        for state, more in STATES.items():
            job = a_job(before, a_mark(before), lane=lane, is_rerun=is_rerun, state=state, **more)
            if is_rerun and state == "done":
                before.get_model("marking", "Rerun").objects.create(
                    job=job, mark=job.rerun_of, is_same=True, finished_at=NOON
                )
    jobs, reruns = rows(before, "Job"), rows(before, "Rerun")

    after = migrated(AFTER)

    new = {"in_effect_id": None, "points": None, "passes": None}
    assert rows(after, "Job") == [job | {"regrade_id": None} for job in jobs]
    assert rows(after, "Rerun") == [rerun | new for rerun in reruns]
    assert (len(jobs), len(reruns)) == (20, 1)


def test_a_rerun_that_waits_leaves_room_for_that_of_a_regrade(before):
    waits = a_job(before, a_mark(before), lane="preview", is_rerun=True)

    after = migrated(AFTER)

    mark, exercise = after.get_model("marking", "Mark").objects.get(), waits.submission.exercise
    regrade = after.get_model("marking", "Regrade").objects.create(
        item_id=exercise.item_version.item_id,
        newest_id=exercise.pk,
        reason="Mended.",
        is_dry_run=True,
        started_at=NOON,
    )
    a_job(after, mark, lane="regrade", is_rerun=True, regrade=regrade, state="paused")
    assert [(job["lane"], job["state"]) for job in rows(after, "Job")] == [("preview", "queued"), ("regrade", "paused")]
