"""An operator has answers marked again that a fault of ours had held up."""

import pytest
from django.core.management import CommandError

from tests.factories.marking import DoneJobFactory, JobFactory, RerunJobFactory
from tests.factories.people import NOON
from tests.unit.management.commands import run
from upskill.core.models import AuditEntry
from upskill.marking import jobs, stopped
from upskill.marking.models import Job

pytestmark = pytest.mark.django_db


def stopped_job(**more) -> Job:
    return DoneJobFactory(state=Job.State.FAILED_OURS, reason="The disk was full.\nMore.", tries=5, **more)


def states() -> list[tuple]:
    return list(Job.objects.order_by("pk").values_list("state", "tries", "ended_at", "reason"))


def test_release_lets_a_stopped_job_wait_again_and_says_so_in_the_audit_trail():
    job = stopped_job()

    stopped.release(job, by=None, now=NOON)

    assert states() == [("queued", 0, None, "")]
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.about, entry.details) == ("job.released", job.submission.learner, {"reason": job.reason})
    assert jobs.claim() is not None


@pytest.mark.parametrize("state", ["queued", "done", "refused"])
def test_release_leaves_every_other_job_alone(state):
    job = JobFactory() if state == "queued" else DoneJobFactory(state=state)
    before = states()

    with pytest.raises(stopped.NotStopped, match=f"Job {job.pk} is not stopped any more. Nothing was changed."):
        stopped.release(job, by=None, now=NOON)

    assert states() == before
    assert AuditEntry.objects.count() == 0


def test_release_jobs_queues_all_that_stopped_and_names_them():
    first, second = stopped_job(), stopped_job()
    DoneJobFactory()

    said = run("release_jobs")

    assert said == [
        f"Job {first.pk} waits again. It had stopped: The disk was full.",
        f"Job {second.pk} waits again. It had stopped: The disk was full.",
        "2 jobs queued again.",
    ]
    assert [state for state, *_ in states()] == ["queued", "queued", "done"]
    assert run("release_jobs") == ["0 jobs queued again."]


def test_release_jobs_takes_only_the_ids_it_is_given():
    first, second = stopped_job(), stopped_job()

    said = run("release_jobs", str(second.pk))

    assert said[-1] == "1 jobs queued again."
    assert [state for state, *_ in states()] == ["failed_ours", "queued"]
    assert Job.objects.get(pk=first.pk).tries == 5


def test_release_jobs_gives_up_what_it_is_told_to():
    job = stopped_job()

    said = run("release_jobs", "--give-up", str(job.pk))

    assert said == [
        f"Job {job.pk} is given up and its learner told to hand in again. It had stopped: The disk was full.",
        "1 jobs given up.",
    ]
    assert [state for state, *_ in states()] == ["refused"]


def test_release_jobs_gives_up_nothing_that_is_not_named():
    stopped_job()

    with pytest.raises(CommandError, match=r"Name the jobs to give up by their ids: it can not be undone\."):
        run("release_jobs", "--give-up")

    assert [state for state, *_ in states()] == ["failed_ours"]


def test_release_jobs_takes_a_job_that_stopped_without_a_word():
    job = DoneJobFactory(state=Job.State.FAILED_OURS)

    assert run("release_jobs") == [f"Job {job.pk} waits again. It had stopped: ", "1 jobs queued again."]


def test_release_jobs_leaves_reruns_alone_for_which_nobody_waits():
    """A newer rerun of the same mark may be under way, and two at once are refused."""
    rerun = RerunJobFactory(state=Job.State.FAILED_OURS, ended_at=NOON, reason="The disk was full.", tries=5)
    RerunJobFactory(rerun_of=rerun.rerun_of)
    mark_job = stopped_job()

    said = run("release_jobs")

    assert said == [f"Job {mark_job.pk} waits again. It had stopped: The disk was full.", "1 jobs queued again."]
    assert run("release_jobs", str(rerun.pk)) == ["0 jobs queued again."]
    assert Job.objects.get(pk=rerun.pk).state == Job.State.FAILED_OURS
