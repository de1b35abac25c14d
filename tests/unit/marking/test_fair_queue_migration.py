"""Jobs from before the fair queue get their learner and, where they are still to be marked, their department."""

import datetime as dt
import uuid
from typing import Any

import pytest

from tests.factories.marking import SubmissionFactory
from tests.factories.people import NOON, member_of
from tests.unit.migrating import migrated, migrated_to_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE, AFTER = [("marking", "0002_reviews_and_reruns")], [("marking", "0003_fair_queue")]


@pytest.fixture
def before():
    """The queue's table as it was; afterwards it is as it is now again."""
    yield migrated(BEFORE).get_model("marking", "Job")
    migrated_to_now()


def jobs_after() -> list[Any]:
    """The jobs as the migration leaves them."""
    return list(migrated(AFTER).get_model("marking", "Job").objects.order_by("pk"))


def test_every_job_knows_its_learner_and_open_ones_their_department(before):
    submissions = [SubmissionFactory(learner=member_of(code)) for code in ("dwp", "moj")]
    before.objects.create(submission_id=submissions[0].pk, state="queued", queued_at=NOON)
    before.objects.create(submission_id=submissions[1].pk, state="done", queued_at=NOON, ended_at=NOON)
    before.objects.create(submission_id=SubmissionFactory().pk, state="queued", queued_at=NOON)

    found = [(job.learner == job.submission.learner, job.department) for job in jobs_after()]

    assert found == [(True, "dwp"), (True, ""), (True, "")]


def test_of_two_running_jobs_of_a_learner_the_one_begun_first_waits_again(before):
    learner = member_of("dwp")
    for minute in (1, 2):
        before.objects.create(
            submission_id=SubmissionFactory(learner=learner).pk,
            state="running",
            token=uuid.uuid4(),
            lease_until=NOON,
            queued_at=NOON,
            started_at=NOON + dt.timedelta(minutes=minute),
        )

    found = [(job.state, job.token is None, job.lease_until is None) for job in jobs_after()]

    assert found == [("queued", True, True), ("running", False, False)]
