"""Jobs from before the fair queue get their learner and, where they are still to be marked, their department."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories.marking import SubmissionFactory
from tests.factories.people import NOON, member_of
from upskill.marking.models import Job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE, AFTER = [("marking", "0002_reviews_and_reruns")], [("marking", "0003_fair_queue")]


@pytest.fixture
def before():
    """The queue's table as it was; afterwards it is as it is now again."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps.get_model("marking", "Job")
    executor.loader.build_graph()
    executor.migrate(AFTER)


def migrate() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(AFTER)


def test_every_job_knows_its_learner_and_open_ones_their_department(before):
    submissions = [SubmissionFactory(learner=member_of(code)) for code in ("dwp", "moj")]
    before.objects.create(submission_id=submissions[0].pk, state="queued", queued_at=NOON)
    before.objects.create(submission_id=submissions[1].pk, state="done", queued_at=NOON, ended_at=NOON)
    before.objects.create(submission_id=SubmissionFactory().pk, state="queued", queued_at=NOON)

    migrate()

    found = [(job.learner == job.submission.learner, job.department) for job in Job.objects.order_by("pk")]
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

    migrate()

    found = [(job.state, job.token is None, job.lease_until is None) for job in Job.objects.order_by("pk")]
    assert found == [("queued", True, True), ("running", False, False)]
