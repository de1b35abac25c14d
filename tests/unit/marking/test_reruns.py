"""A mark made again: what differs is said in sentences, and nothing counts."""

import datetime as dt
from dataclasses import asdict
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grading.protocol import CheckResult, CheckStatus, Outcome, Provenance, Verdict
from tests.factories.marking import JobFactory, MarkFactory, RerunFactory, RerunJobFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from tests.unit.refusing import act_that_fails
from upskill.core.models import AuditEntry, OutboxMail
from upskill.core.rules import NotNow, NotThere
from upskill.learning.models import Submission
from upskill.marking import jobs, queries, reruns, services, stopped
from upskill.marking.models import Job, Mark, Rerun

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=30)
THEN = Provenance(
    tests_sha256="a" * 64,
    engine_version="1.4",
    libraries={"nbgrader": "0.9.6", "pandas": "3.0.2"},
    python="3.11.7",
    isolation="landlock",
    seed=7,
    timings_ms={"run": 120},
)
PASSED = CheckResult(check="test_one", status=CheckStatus.PASSED, points=4.0, max_points=4.0)
WAITS = CheckResult(check="reflection", status=CheckStatus.WAITING, points=None, max_points=6.0)


@pytest.fixture
def mark():
    return MarkFactory(points=4, provenance=asdict(THEN))


def verdict(*checks, **fields) -> Verdict:
    now = Provenance(**{**asdict(THEN), **fields})
    return Verdict(job_id="t", outcome=Outcome.MARKED, checks=checks or (PASSED, WAITS), provenance=now)


def recorded(mark: Mark, said: Verdict) -> Rerun:
    job = RerunJobFactory(rerun_of=mark)
    return reruns.record_rerun(mark.pk, job_id=job.pk, verdict=said, now=LATER)


def told(mark: Mark, said: Verdict) -> tuple[bool, list[str]]:
    rerun = recorded(mark, said)
    return rerun.is_same, rerun.differences


# --- asking ----------------------------------------------------------------------------------------------------------


def test_ask_rerun_queues_a_job_of_its_own_lane_that_leaves_the_state_of_the_answer_alone(mark, audit_trail):
    before = queries.state_of(mark.submission)

    job = reruns.ask_rerun(mark, by=mark.submission.learner, now=LATER)

    assert (job.submission, job.rerun_of, job.lane, job.state) == (mark.submission, mark, "preview", "queued")
    assert job.queued_at == LATER
    assert queries.state_of(mark.submission) == before
    assert vars(queries.with_marks(Submission.objects.all()).get())["newest_jobs"] == [before.job]
    assert audit_trail() == [("rerun.asked", mark.submission.learner, {})]
    assert AuditEntry.objects.get().about == mark.submission.learner


def test_ask_rerun_asks_the_rule_itself(mark):
    with pytest.raises(NotThere):
        reruns.ask_rerun(mark, by=PersonFactory(), now=LATER)
    reruns.ask_rerun(mark, by=mark.submission.learner, now=LATER)
    with pytest.raises(NotNow):
        reruns.ask_rerun(mark, by=mark.submission.learner, now=LATER)

    assert Job.objects.filter(rerun_of=mark).count() == 1


def test_ask_rerun_is_all_or_nothing(mark):
    with act_that_fails():
        reruns.ask_rerun(mark, by=mark.submission.learner, now=LATER)

    assert (Job.objects.filter(rerun_of=mark).count(), AuditEntry.objects.count()) == (0, 0)


# --- among other jobs ------------------------------------------------------------------------------------------------


def test_a_claim_says_whether_it_makes_a_mark_or_makes_one_again(settings):
    settings.JOB_LANE_SHARES = {**settings.JOB_LANE_SHARES, "interactive": 10**12}  # no chance for others
    rerun = RerunJobFactory()
    JobFactory()

    first, second = jobs.claim(), jobs.claim()

    assert first
    assert second
    assert (first.rerun_of, second.rerun_of) == (None, rerun.rerun_of_id)


def test_whoever_waits_for_a_mark_comes_before_reruns_however_old(settings):
    settings.JOB_LANE_SHARES = {**settings.JOB_LANE_SHARES, "interactive": 10**12}  # no chance for others
    rerun = RerunJobFactory(queued_at=NOON - dt.timedelta(days=1))
    waits = JobFactory()

    claims = [jobs.claim(), jobs.claim()]

    assert [claim.job_id for claim in claims if claim] == [waits.pk, rerun.pk]


def test_reruns_do_not_count_among_the_answers_that_may_wait():
    learner = PersonFactory()
    for _ in range(jobs.MOST_OPEN):
        RerunJobFactory(rerun_of=MarkFactory(submission__learner=learner))

    job = jobs.enqueue(SubmissionFactory(learner=learner), now=NOON)

    assert job.state == Job.State.QUEUED


def test_a_rerun_whose_worker_died_is_queued_again_and_buried_after_the_last_try(settings):
    job = RerunJobFactory()
    for _try in range(settings.JOB_MAX_TRIES):
        Job.objects.filter(pk=job.pk).update(started_at=NOON - dt.timedelta(days=900))
        assert jobs.claim()
        Job.objects.filter(pk=job.pk).update(lease_until=NOON - dt.timedelta(days=900))
        jobs.sweep()

    job.refresh_from_db()
    assert (job.state, job.tries) == (Job.State.FAILED_OURS, settings.JOB_MAX_TRIES)
    assert queries.state_of(job.submission).job.state == Job.State.DONE
    with pytest.raises(stopped.NotStopped):
        stopped.release(job, by=None, now=NOON)


def test_two_reruns_of_one_mark_are_refused_by_the_database(mark):
    jobs.enqueue_rerun(mark, by=mark.submission.learner, now=NOON)

    with pytest.raises(IntegrityError, match="job_one_rerun_at_a_time"), transaction.atomic():
        jobs.enqueue_rerun(mark, by=mark.submission.learner, now=NOON)


def test_the_engine_gets_the_seed_of_the_mark_that_is_made_again(mark):
    again = services.engine_job(mark.submission, token="t", rerun_of=mark.pk)
    first = services.engine_job(mark.submission, token="t")

    assert (again.seed, first.seed) == (7, mark.submission_id)
    assert (again.source, again.answer, again.files) == (first.source, first.answer, first.files)


def test_a_mark_that_names_no_seed_is_made_again_with_the_usual_one():
    mark = MarkFactory(provenance={})

    assert services.engine_job(mark.submission, token="t", rerun_of=mark.pk).seed == mark.submission_id


# --- what came of it -------------------------------------------------------------------------------------------------


def test_record_rerun_that_comes_out_the_same_says_nothing_and_writes_no_mark(mark, audit_trail):
    rerun = recorded(mark, verdict())

    assert (rerun.mark, rerun.is_same, rerun.differences, rerun.finished_at) == (mark, True, [], LATER)
    assert (rerun.provenance["seed"], rerun.provenance["outcome"]) == (7, "marked")
    assert (Mark.objects.count(), OutboxMail.objects.count()) == (1, 0)
    assert audit_trail() == [("rerun.finished", None, {"same": True})]
    assert AuditEntry.objects.get().about == mark.submission.learner


def test_time_that_a_rerun_takes_is_no_difference(mark):
    assert told(mark, verdict(timings_ms={"run": 999})) == (True, [])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"status": CheckStatus.FAILED, "points": 0.0, "message": "No."},
            "“One”: passed with 4 of 4 points then, not passed with 0 of 4 points now.",
        ),
        (
            {"status": CheckStatus.PARTIAL, "points": 2.5},
            "“One”: passed with 4 of 4 points then, partly right with 2.5 of 4 points now.",
        ),
        (
            {"status": CheckStatus.NOT_RUN, "points": 0.0},
            "“One”: passed with 4 of 4 points then, not run with 0 of 4 points now.",
        ),
        ({"message": "Well done."}, "“One” gives the same points but says now: Well done."),
    ],
)
def test_a_check_that_comes_out_otherwise_is_told_in_one_sentence(mark, changes, sentence):
    fields = {"status": CheckStatus.PASSED, "points": 4.0, "message": "", **changes}
    now = CheckResult(check="test_one", max_points=4.0, **fields)

    assert told(mark, verdict(now, WAITS)) == (False, [sentence])


def test_a_message_that_is_gone_is_a_difference():
    mark = MarkFactory(points=0, provenance=asdict(THEN))
    now = CheckResult(check="test_one", status=CheckStatus.FAILED, points=0.0, max_points=4.0)

    assert told(mark, verdict(now, WAITS)) == (False, ["“One” gives the same points but says now: nothing"])


def test_free_text_that_waited_and_is_empty_now_is_a_difference(mark):
    empty = CheckResult(check="reflection", status=CheckStatus.FAILED, points=0.0, max_points=6.0)

    sentence = "“Reflection”: waiting for a person then, not passed with 0 of 6 points now."
    assert told(mark, verdict(PASSED, empty)) == (False, [sentence])


def test_checks_that_are_missing_or_new_are_named(mark):
    new = CheckResult(check="test_new", status=CheckStatus.PASSED, points=1.0, max_points=1.0)

    assert told(mark, verdict(PASSED, new)) == (
        False,
        ["“Reflection” was not checked this time.", "“test_new” was not checked then."],
    )


def test_an_answer_that_is_refused_this_time_is_a_difference(mark):
    refused = Verdict(job_id="t", outcome=Outcome.REFUSED, reason="Download it again.", provenance=THEN)

    assert told(mark, refused) == (False, ["This time the answer could not be marked: Download it again."])


def test_what_has_changed_since_is_said_also_where_the_result_is_the_same(mark):
    changed = verdict(
        engine_version="1.5",
        python="3.12.1",
        libraries={"pandas": "3.1.0", "numpy": "2.0"},
        isolation="namespace",
        tests_sha256="b" * 64,
    )

    assert told(mark, changed) == (
        True,
        [
            "The marker was 1.4, and is 1.5 now.",
            "Python was 3.11.7, and is 3.12.1 now.",
            "The protection was landlock, and is namespace now.",
            "nbgrader was 0.9.6, and is missing now.",
            "numpy was missing, and is 2.0 now.",
            "pandas was 3.0.2, and is 3.1.0 now.",
            "The tests are not those of then.",
        ],
    )


def test_a_replaced_mark_is_compared_with_itself_and_not_with_what_replaced_it(mark):
    trainer = trainer_of(mark.submission.exercise.item_version.item.course_id)
    services.override_mark(mark, points={"test_one": Decimal(0)}, reason="No.", by=trainer, now=NOON)

    assert told(mark, verdict()) == (True, [])


def test_newest_rerun_of_a_mark_comes_with_its_result_in_one_query(mark, django_assert_num_queries):
    RerunFactory(mark=mark)
    RerunFactory(mark=mark, is_same=False, differences=["Otherwise."])
    RerunFactory()

    with django_assert_num_queries(1):
        job = queries.newest_rerun(mark)
        assert job
        assert job.rerun.differences == ["Otherwise."]


def test_newest_rerun_is_none_until_somebody_asks(mark):
    assert queries.newest_rerun(mark) is None
