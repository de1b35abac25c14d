"""An operator has marked again what a fault of ours stopped; twice does no harm, and the page says what happened."""

import pytest

from tests.factories.marking import DoneJobFactory, JobFactory
from tests.factories.people import NOON, PersonFactory, operator, trainer_of
from tests.web.learner.pages import listed, main, words
from upskill.core.models import AuditEntry
from upskill.marking.models import Job

pytestmark = pytest.mark.django_db
SAID = "govuk-notification-banner__heading"


def stopped(reason: str = "The disk was full.", **fields) -> Job:
    return DoneJobFactory(state=Job.State.FAILED_OURS, reason=reason, tries=5, **fields)


def address(job: Job, act: str = "release") -> str:
    return f"/operator/jobs/{job.pk}/{act}/"


def states() -> list[str]:
    return list(Job.objects.order_by("pk").values_list("state", flat=True))


def trail() -> list[tuple]:
    return [(entry.event, entry.by, entry.about) for entry in AuditEntry.objects.order_by("pk")]


def test_released_job_waits_again_and_the_page_and_the_audit_trail_say_so(signed_in):
    job, other = stopped(), stopped()
    olivia = operator()

    page = signed_in(olivia).post(address(job), follow=True)

    assert (page.redirect_chain, states()) == ([("/operator/", 302)], ["queued", "failed_ours"])
    assert listed(page, css=SAID) == [f"Job {job.pk} waits for its mark again."]
    assert trail() == [("job.released", olivia, job.submission.learner)]
    assert f"Mark it again (job {other.pk})" in words(main(page))


def test_second_click_changes_nothing_and_says_so(signed_in):
    job = stopped()
    client = signed_in(operator())
    client.post(address(job), follow=True)

    page = client.post(address(job), follow=True)

    assert listed(page, css=SAID) == [f"Job {job.pk} is not stopped any more. Nothing was changed."]
    assert (states(), len(trail())) == (["queued"], 1)


def test_all_of_one_cause_are_released_at_once_and_a_second_click_changes_nothing(signed_in):
    job = stopped()
    for reason in ("The disk was full.", "The check broke."):
        stopped(reason)
    client = signed_in(operator())

    pages = [client.post(address(job, "release-alike"), follow=True) for _ in range(2)]

    assert [listed(page, css=SAID) for page in pages] == [
        ["2 jobs wait for their marks again."],
        [f"Job {job.pk} is not stopped any more. Nothing was changed."],
    ]
    assert (states(), len(trail())) == (["queued", "queued", "failed_ours"], 2)


@pytest.mark.parametrize(
    ("act", "data", "state", "said"),
    [
        ("give-up-alike", {}, "refused", "answers stay without marks. Their learners are asked to hand in again."),
        ("release-alike", {"tests": "newest"}, "queued", "jobs wait for their marks again."),
    ],
)
def test_all_of_one_cause_and_exercise_are_given_up_or_marked_by_newest_tests(signed_in, act, data, state, said):
    job = stopped()
    stopped(submission__exercise=job.submission.exercise)
    for reason in ("The disk was full.", "The check broke."):
        stopped(reason)
    client = signed_in(operator())

    pages = [client.post(address(job, act), data, follow=True) for _ in range(2)]

    assert [listed(page, css=SAID) for page in pages] == [
        [f"2 {said}"],
        [f"Job {job.pk} is not stopped any more. Nothing was changed."],
    ]
    assert (states(), len(trail())) == ([state, state, "failed_ours", "failed_ours"], 2)


@pytest.mark.parametrize("act", ["release", "release-alike", "give-up-alike"])
@pytest.mark.parametrize("state", ["queued", "done", "refused"])
def test_any_other_job_is_left_alone(signed_in, act, state):
    job = JobFactory() if state == "queued" else DoneJobFactory(state=state, ended_at=NOON)

    page = signed_in(operator()).post(address(job, act), follow=True)

    assert listed(page, css=SAID) == [f"Job {job.pk} is not stopped any more. Nothing was changed."]
    assert (states(), trail()) == ([state], [])


@pytest.mark.parametrize("act", ["release", "release-alike", "give-up-alike"])
def test_job_that_is_not_there_is_not_found(signed_in, act):
    job = Job(pk=stopped().pk + 1)

    assert signed_in(operator()).post(address(job, act)).status_code == 404


@pytest.mark.parametrize("act", ["release", "release-alike", "give-up-alike"])
@pytest.mark.parametrize("person", [PersonFactory, lambda: trainer_of("ethics")], ids=["learner", "trainer"])
def test_nobody_else_may_release(signed_in, act, person):
    job = stopped()

    page = signed_in(person()).post(address(job, act))

    assert (page.status_code, states(), trail()) == (403, ["failed_ours"], [])
