"""Beginning, pausing and resuming a regrade: which answers are marked again, and what becomes of their jobs."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models.functions import Now

from tests.factories.catalogue import ExerciseFactory, next_exercise_item
from tests.factories.marking import (
    DoneJobFactory,
    JobFactory,
    MarkFactory,
    RegradeFactory,
    RegradeJobFactory,
    RegradeResultFactory,
    SubmissionFactory,
)
from tests.factories.people import NOON, MembershipFactory, OrganisationFactory, PersonFactory, member_of
from tests.unit.marking.test_jobs_at_once import at_once
from tests.unit.refusing import act_that_fails
from upskill.core import blobs
from upskill.marking import dispatch, jobs, queries, regrades, regrading, reruns, rules, services
from upskill.marking.models import Job, Mark, Regrade
from upskill.marking.reasons import ReasonUnusable
from upskill.people import queries as people

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def begun(exercise, *, reason: str = "The test asked for too much.", is_dry_run: bool = False, now=LATER) -> Regrade:
    return regrading.begin(exercise, reason=reason, is_dry_run=is_dry_run, ran_by="root", now=now)


def newer(exercise, **fields):
    """The same exercise in a newer version of its course."""
    return ExerciseFactory(item_version=next_exercise_item(exercise.item_version), **fields)


def marked(exercise, **learner) -> Mark:
    return MarkFactory(submission__exercise=exercise, submission__learner=PersonFactory(**learner))


def states(regrade: Regrade) -> list[tuple]:
    return list(regrade.jobs.order_by("pk").values_list("state", "tries", "ended_at", "reason"))


def claimed() -> jobs.Claim:
    claim = jobs.claim()
    assert claim
    return claim


# --- beginning -------------------------------------------------------------------------------------------------------


def test_begin_queues_a_rerun_of_each_newest_automatic_mark_in_the_lane_of_regrades(audit_trail):
    exercise = ExerciseFactory()
    alone = MarkFactory(submission__exercise=exercise, submission__learner=member_of("dwp"))
    first = MarkFactory(submission__exercise=exercise)
    by_trainer = MarkFactory(
        submission=first.submission, replaces=first, given_by=PersonFactory(), reason="Read again."
    )
    again = MarkFactory(submission=first.submission, replaces=by_trainer, reason="Mended.")
    MarkFactory(submission=first.submission, replaces=again, given_by=PersonFactory(), reason="Read once more.")
    MarkFactory()

    regrade = begun(exercise, reason=" The test asked for too much. ", is_dry_run=True)

    assert (regrade.item, regrade.newest, regrade.started_at) == (exercise.item_version.item, exercise, LATER)
    assert (regrade.reason, regrade.is_dry_run) == ("The test asked for too much.", True)
    fields = ("rerun_of", "submission", "learner", "department", "lane", "state", "tries", "queued_at")
    assert list(regrade.jobs.order_by("submission").values_list(*fields)) == [
        (mark.pk, mark.submission_id, mark.submission.learner_id, department, "regrade", "queued", 0, LATER)
        for mark, department in ((alone, "dwp"), (again, ""))
    ]
    details = {"exercise": str(regrade.item), "answers": 2, "dry_run": True, "ran_by": "root"}
    assert audit_trail() == [("regrade.started", None, details)]


def test_begin_takes_answers_to_every_version_and_remembers_the_newest():
    old = ExerciseFactory()
    new = newer(old)
    marks = {marked(old), marked(new)}

    regrade = begun(new)

    assert ({job.rerun_of for job in regrade.jobs.all()}, regrade.newest) == (marks, new)


def test_begin_leaves_out_the_probe_what_is_being_marked_and_what_has_no_automatic_mark():
    exercise = ExerciseFactory()
    takes_part = marked(exercise)
    marked(exercise, email=None, is_probe=True)
    for state in ("queued", "running"):
        lease = {"token": "00000000-0000-4000-8000-000000000000", "lease_until": NOON} if state == "running" else {}
        JobFactory(submission=marked(exercise).submission, state=state, **lease)
    DoneJobFactory(submission__exercise=exercise, state="refused")
    MarkFactory(submission__exercise=exercise, given_by=PersonFactory(), reason="By hand.")

    regrade = begun(exercise)

    assert [job.rerun_of for job in regrade.jobs.all()] == [takes_part]


@pytest.mark.parametrize(
    "posts",
    [
        [],
        [(-30, None)],
        [(-30, -1)],
        [(-30, 0)],
        [(-30, 1)],
        [(0, None)],
        [(1, None)],
        [(-30, -10), (-10, None)],
    ],
    ids=str,
)
def test_job_of_a_regrade_has_the_department_that_a_job_of_its_learner_would_have(posts):
    exercise, person = ExerciseFactory(), PersonFactory()
    for begins, ends in posts:
        days = [None if day is None else LATER.date() + dt.timedelta(days=day) for day in (begins, ends)]
        part = OrganisationFactory(parent=OrganisationFactory())
        MembershipFactory(person=person, organisation=part, valid_from=days[0], valid_to=days[1])
    MarkFactory(submission__exercise=exercise, submission__learner=person)

    regrade = begun(exercise)

    assert regrade.jobs.get().department == people.department_of(person, on=LATER.date())


def test_begin_costs_the_same_for_one_answer_and_for_many(django_assert_max_num_queries):
    exercise = ExerciseFactory()
    for _ in range(12):
        marked(exercise)

    with django_assert_max_num_queries(9):
        begun(exercise)


def test_begin_without_an_automatic_mark_is_refused_and_leaves_nothing(audit_trail):
    exercise = SubmissionFactory().exercise

    with pytest.raises(regrading.NothingToRegrade, match="there is nothing to mark again"):
        begun(exercise)

    assert (Regrade.objects.count(), Job.objects.count(), audit_trail()) == (0, 0, [])


def test_begin_needs_a_reason():
    exercise = marked(ExerciseFactory()).submission.exercise

    with pytest.raises(ReasonUnusable):
        begun(exercise, reason="  ")

    assert Regrade.objects.count() == 0


def test_begin_is_all_or_nothing():
    exercise = marked(ExerciseFactory()).submission.exercise

    with act_that_fails():
        begun(exercise)

    assert (Regrade.objects.count(), Job.objects.filter(lane="regrade").count()) == (0, 0)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_second_regrade_of_an_exercise_is_refused_while_one_is_under_way(state):
    exercise = marked(ExerciseFactory()).submission.exercise
    first = begun(exercise)
    if state == "running":
        claimed()

    with pytest.raises(regrading.RegradeUnderWay, match="Wait for the end, or pause that"):
        begun(exercise)

    assert (Regrade.objects.get(), first.jobs.count()) == (first, 1)


def test_other_exercises_are_regraded_at_the_same_time():
    one, other = (marked(ExerciseFactory()).submission.exercise for _ in range(2))

    assert {begun(one).item, begun(other).item} == {one.item_version.item, other.item_version.item}


@pytest.mark.parametrize("left", ["done", "refused", "failed_ours", "paused"])
def test_regrade_that_is_over_or_paused_does_not_block_the_next_and_stays_as_it_is(left):
    exercise = marked(ExerciseFactory()).submission.exercise
    first = begun(exercise, now=NOON)
    if left == "paused":
        regrading.pause(first, ran_by="root", now=NOON)
    else:
        first.jobs.update(state=left, ended_at=NOON)
    before = states(first)

    second = begun(exercise)

    first.refresh_from_db()
    assert (first.ended_at, second.ended_at, states(first)) == (LATER, None, before)
    assert second.jobs.count() == 1
    with pytest.raises(regrading.NothingToResume):
        regrading.resume(first, ran_by="root", now=LATER)
    with pytest.raises(regrading.NothingToPause):
        regrading.pause(first, ran_by="root", now=LATER)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_begin_at_once_one_does():
    exercise = marked(ExerciseFactory()).submission.exercise

    def begin(number):
        try:
            begun(exercise, reason=f"Reason {number}.")
        except regrading.RegradeUnderWay:
            return "refused"
        return "begun"

    assert sorted(at_once(begin, times=4)) == ["begun", *["refused"] * 3]
    assert (Regrade.objects.count(), Job.objects.filter(lane="regrade").count()) == (1, 1)


# --- beside everything else ------------------------------------------------------------------------------------------


def test_pages_and_lists_show_the_answer_as_if_no_regrade_were_under_way():
    mark = marked(ExerciseFactory())
    before = queries.state_of(mark.submission)

    begun(mark.submission.exercise, is_dry_run=True)

    assert (queries.state_of(mark.submission), queries.newest_rerun(mark)) == (before, None)
    assert [vars(each)["newest_jobs"] for each in queries.listed([mark.submission_id])] == [[before.job]]


def test_whoever_doubts_a_mark_can_have_it_made_again_while_a_regrade_waits_or_is_paused():
    mark = marked(ExerciseFactory())
    regrade = begun(mark.submission.exercise)

    assert rules.can_rerun(mark.submission.learner, mark=mark)
    job = reruns.ask_rerun(mark, by=mark.submission.learner, now=LATER)
    regrading.pause(regrade, ran_by="root", now=LATER)
    regrading.resume(regrade, ran_by="root", now=LATER)

    assert queries.newest_rerun(mark) == job
    assert sorted(Job.objects.filter(rerun_of=mark).values_list("lane", "state")) == [
        ("preview", "queued"),
        ("regrade", "queued"),
    ]


def test_engine_gets_the_newest_tests_for_the_same_checks_and_the_seed_of_the_mark():
    old = ExerciseFactory()
    new = newer(old, source_sha256=blobs.store(b"mended"), files={"more.csv": blobs.store(b"1")})
    mark = MarkFactory(submission__exercise=old, provenance={"seed": 7})
    regrade = begun(new)

    job = services.engine_job(mark.submission, token="t", rerun_of=mark.pk, regrade=regrade.pk)
    alone = services.engine_job(mark.submission, token="t", rerun_of=mark.pk)

    assert (job.source, job.files, job.seed) == ("mended", {"more.csv": b"1"}, 7)
    assert (alone.source, alone.files, alone.seed) == (blobs.read(old.source_sha256).decode(), {}, 7)


# --- pausing and resuming --------------------------------------------------------------------------------------------


@pytest.fixture
def regrade():
    """Of three answers: one failed for a fault of ours, one is being marked, one waits."""
    exercise = ExerciseFactory()
    for _ in range(3):
        marked(exercise)
    regrade = begun(exercise, now=NOON)
    failed, _running, _waits = regrade.jobs.order_by("pk")
    regrade.jobs.filter(pk=failed.pk).update(
        state=Job.State.FAILED_OURS, tries=5, ended_at=NOON, reason="The disk was full."
    )
    return regrade


def test_paused_answers_wait_and_are_neither_claimed_nor_counted_nor_swept(regrade, audit_trail):
    running = claimed()
    place = JobFactory()

    assert regrading.pause(regrade, ran_by="root", now=LATER) == 1

    assert [state for state, *_ in states(regrade)] == ["failed_ours", "running", "paused"]
    regrade.refresh_from_db()
    assert regrade.paused_at == LATER
    assert audit_trail()[-1] == ("regrade.paused", None, {"answers": 1, "ran_by": "root"})
    assert jobs.sweep() == 1
    waits = dispatch.place(place, slots=1)
    assert waits
    assert waits.ahead == 0
    assert claimed().job_id == place.pk
    assert jobs.claim() is None
    jobs.finish(running, state=Job.State.DONE)


def test_place_in_the_queue_does_not_count_paused_answers(regrade):
    later = RegradeJobFactory(queued_at=LATER)
    before = dispatch.place(later, slots=1)

    regrading.pause(regrade, ran_by="root", now=LATER)

    after = dispatch.place(later, slots=1)
    assert before
    assert after
    assert (before.ahead, after.ahead) == (2, 0)


@pytest.mark.parametrize("how", ["given back", "handed back", "lost with its worker"])
def test_what_was_being_marked_and_comes_back_is_paused_too(regrade, how):
    running = claimed()
    regrading.pause(regrade, ran_by="root", now=LATER)

    if how == "given back":
        jobs.give_back(running, reason="The sandbox broke.")
    elif how == "handed back":
        jobs.hand_back(running)
    else:
        Job.objects.filter(pk=running.job_id).update(lease_until=LONG_AGO)
        jobs.sweep()

    assert Job.objects.get(pk=running.job_id).state == Job.State.PAUSED


def test_what_comes_back_without_a_pause_waits_again(regrade):
    running = claimed()

    jobs.hand_back(running)

    assert Job.objects.get(pk=running.job_id).state == Job.State.QUEUED


def test_resumed_answers_wait_again_and_what_a_fault_stopped_has_all_its_tries(regrade, audit_trail):
    regrading.pause(regrade, ran_by="root", now=NOON)

    assert regrading.resume(regrade, ran_by="root", now=LATER) == 3

    assert states(regrade) == [("queued", 0, None, "")] * 3
    regrade.refresh_from_db()
    assert regrade.paused_at is None
    assert audit_trail()[-1] == ("regrade.resumed", None, {"answers": 3, "ran_by": "root"})


def test_resume_of_one_that_is_not_paused_takes_up_what_a_fault_stopped(regrade):
    assert regrading.resume(regrade, ran_by="root", now=LATER) == 1

    assert states(regrade) == [("queued", 0, None, "")] * 3
    with pytest.raises(regrading.NothingToResume):
        regrading.resume(regrade, ran_by="root", now=LATER)


@pytest.mark.parametrize("state", [Job.State.PAUSED, Job.State.FAILED_OURS])
def test_a_dry_run_does_not_end_a_regrade_that_is_not_over(regrade, state):
    fields = {"token": None, "lease_until": None, "ended_at": None if state == Job.State.PAUSED else LATER}
    regrade.jobs.update(state=state, **fields)
    Regrade.objects.filter(pk=regrade.pk).update(paused_at=LATER)

    with pytest.raises(regrading.RegradeUnderWay, match="Resume that first"):
        regrading.begin(regrade.newest, reason="Only to look.", is_dry_run=True, ran_by="root", now=LATER)

    assert Regrade.objects.get().ended_at is None


def test_pause_of_one_that_is_paused_or_over_is_refused(regrade):
    regrading.pause(regrade, ran_by="root", now=NOON)
    with pytest.raises(regrading.NothingToPause):
        regrading.pause(regrade, ran_by="root", now=LATER)
    regrading.resume(regrade, ran_by="root", now=NOON)
    regrade.jobs.update(state=Job.State.DONE, ended_at=Now())
    with pytest.raises(regrading.NothingToPause):
        regrading.pause(regrade, ran_by="root", now=LATER)

    regrade.refresh_from_db()
    assert regrade.paused_at is None


# --- how far it is ---------------------------------------------------------------------------------------------------


def test_open_regrades_say_how_far_each_is_in_one_query(django_assert_num_queries):
    one = RegradeFactory(newest__item_version__title="Doubling", started_at=NOON)
    RegradeResultFactory(regrade=one)
    RegradeResultFactory(regrade=one, points=2)
    RegradeJobFactory(regrade=one)
    RegradeJobFactory(regrade=one, state=Job.State.REFUSED, ended_at=NOON)
    RegradeJobFactory(regrade=one, state=Job.State.FAILED_OURS, ended_at=NOON)
    paused = RegradeFactory(newest__item_version__title="Halving", is_dry_run=True, paused_at=NOON, started_at=LATER)
    RegradeJobFactory(regrade=paused, state=Job.State.PAUSED)
    failed = RegradeFactory(newest__item_version__title="Adding")
    RegradeJobFactory(regrade=failed, state=Job.State.FAILED_OURS, ended_at=NOON)
    RegradeResultFactory()  # of one that is over
    RegradeJobFactory(regrade__ended_at=NOON, regrade__paused_at=NOON, state=Job.State.PAUSED)  # given up

    with django_assert_num_queries(1):
        found = regrades.open_regrades()

    assert found == [
        regrades.RegradeLine(
            "Doubling", is_dry_run=False, is_paused=False, started_at=NOON, total=5, left=1, done=3, changed=1, failed=1
        ),
        regrades.RegradeLine(
            "Halving", is_dry_run=True, is_paused=True, started_at=LATER, total=1, left=1, done=0, changed=0, failed=0
        ),
        regrades.RegradeLine(
            "Adding", is_dry_run=False, is_paused=False, started_at=NOON, total=1, left=0, done=0, changed=0, failed=1
        ),
    ]
    assert regrades.line_of(one) == found[0]


@pytest.mark.parametrize("rows", [1, 3])
def test_changes_are_read_in_one_query_that_reads_no_name(rows, django_assert_num_queries):
    regrade = RegradeFactory()
    for _ in range(rows):
        RegradeResultFactory(regrade=regrade, points=2)
    RegradeResultFactory(regrade=regrade)

    with django_assert_num_queries(1) as asked:
        found = regrades.as_changes(regrades.changes_of(regrade))

    learners = regrade.jobs.order_by("submission").values_list("learner__public_id", flat=True)
    assert found == [
        regrades.Change(learner, 1, Decimal(4), Decimal(2), passed=True, passes=False) for learner in learners[:rows]
    ]
    assert "full_name" not in asked[0]["sql"]


def test_result_counts_what_came_of_each_answer(django_assert_num_queries):
    regrade = RegradeFactory()
    RegradeResultFactory(regrade=regrade)
    RegradeResultFactory(regrade=regrade, is_same=False, differences=["Other words."])
    RegradeResultFactory(regrade=regrade, points=3, passes=True)
    RegradeResultFactory(regrade=regrade, points=0)
    low = MarkFactory(points=1)
    job = RegradeJobFactory(regrade=regrade, rerun_of=low, state=Job.State.DONE, ended_at=NOON)
    RegradeResultFactory(job=job)
    refused = RegradeJobFactory(regrade=regrade, state=Job.State.REFUSED, ended_at=NOON)
    RegradeResultFactory(
        job=refused, in_effect=None, points=None, passes=None, is_same=False, differences=["Not readable."]
    )
    RegradeJobFactory(regrade=regrade, state=Job.State.FAILED_OURS, ended_at=NOON)
    RegradeJobFactory(regrade=regrade)
    RegradeResultFactory()

    with django_assert_num_queries(1):
        found = regrades.result_of(regrade)

    assert found == regrades.RegradeResult(
        same=1, other_words=1, higher=1, lower=2, refused=1, failed=1, passes_now=1, passes_no_longer=1
    )
    assert [(each.before, each.after) for each in regrades.as_changes(regrades.changes_of(regrade))] == [
        (4, 3),
        (4, 0),
        (1, 4),
    ]


def test_newest_regrade_is_the_last_one_begun_of_this_exercise():
    exercise = marked(ExerciseFactory()).submission.exercise
    assert regrades.newest_regrade(exercise.item_version.item) is None
    regrading.pause(begun(exercise), ran_by="root", now=NOON)
    newest = begun(exercise)
    RegradeFactory()

    assert regrades.newest_regrade(exercise.item_version.item) == newest
