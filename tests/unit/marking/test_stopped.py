"""What a fault of ours stopped, by its cause: figures and reasons, nobody's name or work; and how it waits again."""

import datetime as dt
from functools import partial

import pytest

from tests.factories.marking import DoneJobFactory, JobFactory, RerunJobFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory
from upskill.core.models import AuditEntry, OutboxMail
from upskill.marking import stopped
from upskill.marking.models import Job
from upskill.marking.stopped import Cause, StoppedJob
from upskill.people.models import User

pytestmark = pytest.mark.django_db
DISK, MODEL = "The disk was full.", "The check 'x' broke"


def minutes(n: int) -> dt.datetime:
    return NOON + dt.timedelta(minutes=n)


def stop(reason: str = DISK, **fields) -> Job:
    return DoneJobFactory(**{"state": Job.State.FAILED_OURS, "reason": reason, "tries": 5, **fields})


def by_cause(*, most_causes: int = 5, most_jobs: int = 5) -> dict[str, tuple[int, list[int]]]:
    """Cause -> how many jobs it stopped, and the ids of those that are shown."""
    found = stopped.by_cause(most_causes=most_causes, most_jobs=most_jobs)
    return {cause.text: (cause.number, [job.id for job in cause.jobs]) for cause in found}


def released(job: Job, *, by: User | None = None, **more) -> int:
    """How many jobs that stopped for the same cause wait again."""
    return stopped.with_all_alike(partial(stopped.release, by=by, now=minutes(90)), job, **more)


# --- What is shown ---------------------------------------------------------------------------------------------------


def test_stopped_job_says_exercise_times_tries_and_request_and_reads_nobodys_name(django_assert_num_queries):
    job = stop(
        f"  {MODEL}\nTraceback of what the learner printed",
        submission__learner=PersonFactory(full_name="Alice"),
        submission__exercise__item_version__title="Audit",
        started_at=minutes(1),
        ended_at=minutes(2),
        request_id="87ba",
    )

    with django_assert_num_queries(1) as queries:
        found = stopped.by_cause(most_causes=5, most_jobs=5)

    one = StoppedJob(
        id=job.pk, exercise="Audit", queued_at=NOON, started_at=minutes(1), ended_at=minutes(2), tries=5,
        request_id="87ba",
    )  # fmt: skip
    assert found == [Cause(MODEL, 1, [one])]
    assert "full_name" not in queries[0]["sql"]


def test_jobs_stand_by_cause_that_of_the_newest_first_with_the_newest_jobs_of_each():
    disk = [stop(DISK, ended_at=minutes(n)).pk for n in (1, 2, 9)]
    model = [stop(MODEL, ended_at=minutes(n)).pk for n in (3, 4)]

    assert list(by_cause().items()) == [(DISK, (3, disk[::-1])), (MODEL, (2, model[::-1]))]
    assert by_cause(most_jobs=1) == {DISK: (3, disk[-1:]), MODEL: (2, model[-1:])}
    assert by_cause(most_causes=1, most_jobs=2) == {DISK: (3, disk[:0:-1])}


def test_first_line_is_the_cause_whatever_stands_below_it():
    one, two = stop(f"{DISK}\nAt 9."), stop(f"\n {DISK}\nAt 10.", ended_at=minutes(1))

    assert by_cause() == {DISK: (2, [two.pk, one.pk])}


def test_long_cause_is_cut_and_a_missing_one_is_empty():
    long, silent = stop("x" * 5000, ended_at=minutes(1)), stop("")

    assert by_cause() == {"x" * stopped.LONGEST_CAUSE: (1, [long.pk]), "": (1, [silent.pk])}


def test_what_is_not_stopped_the_probes_and_reruns_are_not_shown():
    JobFactory(reason=DISK)
    DoneJobFactory(reason=DISK)
    stop(submission__learner=PersonFactory(email=None, is_probe=True))
    RerunJobFactory(state=Job.State.FAILED_OURS, ended_at=NOON, reason=DISK)

    assert by_cause() == {}


# --- Waiting again ---------------------------------------------------------------------------------------------------


def test_release_of_all_alike_lets_all_of_one_cause_wait_again_and_says_so_of_each():
    one, two, other = stop(f"{DISK}\nAt 9."), stop(f"{DISK}\nAt 10."), stop(MODEL)
    olivia = PersonFactory()

    number = released(one, by=olivia)

    assert number == 2
    assert list(Job.objects.order_by("pk").values_list("pk", "state", "tries", "reason")) == [
        (one.pk, "queued", 0, ""),
        (two.pk, "queued", 0, ""),
        (other.pk, "failed_ours", 5, MODEL),
    ]
    assert [(entry.event, entry.by, entry.about) for entry in AuditEntry.objects.order_by("pk")] == [
        ("job.released", olivia, one.submission.learner),
        ("job.released", olivia, two.submission.learner),
    ]


def test_release_of_all_alike_a_second_time_changes_nothing_and_says_so():
    one, later = stop(), stop()
    released(one, by=None)
    Job.objects.filter(pk=later.pk).update(state=Job.State.FAILED_OURS, ended_at=NOON, reason=DISK)

    with pytest.raises(stopped.NotStopped, match=f"Job {one.pk} is not stopped any more. Nothing was changed."):
        released(one, by=None)

    assert (Job.objects.get(pk=later.pk).state, AuditEntry.objects.count()) == ("failed_ours", 2)


def test_release_of_all_alike_takes_the_oldest_first_and_leaves_what_is_too_much_at_once(monkeypatch):
    monkeypatch.setattr(stopped, "MOST_AT_ONCE", 2)
    held = [stop() for _ in range(3)]

    number = released(held[2], by=None)

    assert number == 2
    assert by_cause() == {DISK: (1, [held[2].pk])}


def test_released_job_waits_from_now_on_behind_people_at_a_screen_but_a_regrades_lane_stays():
    at_screen, demo = stop(), stop(lane=Job.Lane.REGRADE)

    released(at_screen)

    found = Job.objects.order_by("pk").values_list("pk", "lane", "queued_at")
    assert list(found) == [(at_screen.pk, "deadline", minutes(90)), (demo.pk, "regrade", minutes(90))]


def test_what_stopped_after_somebody_looked_or_in_another_exercise_is_left_alone():
    shown, alike, elsewhere = stop(), stop(), stop()
    Job.objects.filter(pk=alike.pk).update(submission=SubmissionFactory(exercise=shown.submission.exercise))
    later = stop(ended_at=minutes(1))

    assert released(shown, one_exercise=True) == 2

    states = dict(Job.objects.values_list("pk", "state"))
    assert states == {shown.pk: "queued", alike.pk: "queued", elsewhere.pk: "failed_ours", later.pk: "failed_ours"}


def test_what_is_given_up_ends_and_its_learner_is_told_to_hand_in_again():
    job = stop(submission__exercise__item_version__title="Audit")

    stopped.give_up(job, by=None, now=minutes(3))

    why = "A fault of ours stopped the marking of this answer, and it cannot be marked any more."
    assert list(Job.objects.values_list("state", "reason", "ended_at")) == [("refused", why, minutes(3))]
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.subject) == (job.submission.learner, "Please hand in “Audit” again")
    assert mail.body.startswith(
        f"{why}\n\nThis does not count against you. Sign in, go to “Audit” and hand in your work again.\n"
    )
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.about, entry.details) == ("job.given_up", job.submission.learner, {"reason": DISK})


def test_who_has_handed_in_again_already_is_not_asked_to():
    job = stop(submission__attempt=1)
    sent = job.submission
    SubmissionFactory(learner=sent.learner, exercise=sent.exercise, attempt=2)

    stopped.give_up(job, by=None, now=minutes(3))

    assert (Job.objects.get(pk=job.pk).state, OutboxMail.objects.count()) == ("refused", 0)


def test_what_was_given_up_is_not_released():
    job = stop()
    stopped.give_up(job, by=None, now=NOON)

    for act in (stopped.release, stopped.give_up):
        with pytest.raises(stopped.NotStopped):
            act(job, by=None, now=NOON)

    assert (OutboxMail.objects.count(), AuditEntry.objects.count()) == (1, 1)
