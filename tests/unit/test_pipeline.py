"""The way of one answer on real parts: PostgreSQL, and the engine with nbgrader in a process of its own."""

import datetime as dt
from decimal import Decimal

import pytest

from grading.protocol import CheckResult, CheckStatus
from tests.factories import exercises
from tests.factories.catalogue import QUESTION, ItemVersionFactory, QuizFactory, next_exercise_item
from tests.factories.marking import JobFactory, SkillFactory, SubmissionFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from upskill import pipeline, tasks
from upskill.core.models import OutboxMail
from upskill.learning.models import ItemProgress, Submission
from upskill.learning.quizzes import Unanswered
from upskill.learning.rules import NotChecked
from upskill.marking import jobs, slot
from upskill.marking.answers import AnswerRefused
from upskill.marking.models import CheckMark, Job, Mark
from upskill.marking.services import MarkReplaced, NothingChanged, NothingToMark, RubricMark, VerdictDoesNotFit
from upskill.marking.slot import MarkingPaused, Outcome, Verdict
from upskill.skills import queries as skills
from upskill.skills.models import Evidence, Level

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture(scope="module", autouse=True)
def _engine_ends():
    yield
    slot.close()


@pytest.fixture
def exercise():
    SkillFactory()
    return exercises.real_exercise()


def hand_in(exercise, *, learner=None, content=None, key="key-1"):
    return pipeline.submit(
        exercise,
        content=content or exercises.answer(),
        idempotency_key=key,
        by=learner or PersonFactory(),
        now=NOON,
        announce=lambda: None,
    )


def claimed() -> jobs.Claim:
    claim = jobs.claim()
    assert claim
    return claim


def marked(exercise, **how) -> Mark:
    submission = hand_in(exercise, **how)
    assert pipeline.mark_next(now=lambda: NOON)
    return submission.marks.get()


def judged(exercise, *, points: float) -> Mark:
    """The same without an engine at work, where only what follows matters."""
    submission = hand_in(exercise)
    claim = claimed()
    status = CheckStatus.PASSED if points == 4 else CheckStatus.FAILED
    checks = (
        CheckResult(check="test_double", status=status, points=points, max_points=4.0),
        CheckResult(check="reflection", status=CheckStatus.WAITING, points=None, max_points=6.0),
    )
    verdict = Verdict(job_id=str(claim.token), outcome=Outcome.MARKED, checks=checks)
    mark = pipeline.store_verdict(submission, claim=claim, verdict=verdict, now=NOON)
    assert mark
    return mark


def levels(mark: Mark) -> dict[str, Level]:
    learner = mark.submission.learner_id
    return {skill: level for (_person, skill), level in skills.levels([learner], on=NOON.date()).items()}


def results(mark: Mark) -> list[tuple]:
    return [(check.slug, check.status, check.points, check.message) for check in mark.checks.all()]


# --- submit ----------------------------------------------------------------------------------------------------------


def test_submit_commits_a_submission_with_its_queued_job_and_wakes_a_worker(
    exercise, django_capture_on_commit_callbacks
):
    learner, woken = PersonFactory(), []

    with django_capture_on_commit_callbacks(execute=True):
        submission = pipeline.submit(
            exercise,
            content=exercises.answer(),
            idempotency_key="key",
            by=learner,
            now=NOON,
            announce=lambda: woken.append(True),
        )
        assert woken == []

    job = submission.jobs.get()
    assert (submission.learner, submission.attempt, submission.submitted_at) == (learner, 1, NOON)
    assert (job.state, job.tries, job.queued_at, job.token) == (Job.State.QUEUED, 0, NOON, None)
    assert woken == [True]


def test_submit_refuses_an_exercise_that_is_not_checked_and_leaves_nothing_behind():
    closed = exercises.real_exercise(is_open=False)

    with pytest.raises(NotChecked):
        hand_in(closed)

    assert (Submission.objects.count(), Job.objects.count()) == (0, 0)


def test_submit_again_of_what_was_taken_is_no_new_answer_to_a_version_that_is_not_checked(exercise):
    learner = PersonFactory()
    first = hand_in(exercise, learner=learner)
    closed = exercises.real_exercise(item=next_exercise_item(exercise.item_version), is_open=False)

    assert hand_in(closed, learner=learner) == first


def test_submit_again_with_the_same_key_is_the_same_submission_and_wakes_nobody(
    exercise, django_capture_on_commit_callbacks
):
    learner, woken = PersonFactory(), []
    first = hand_in(exercise, learner=learner)

    with django_capture_on_commit_callbacks(execute=True):
        again = pipeline.submit(
            exercise,
            content=exercises.answer(),
            idempotency_key="key-1",
            by=learner,
            now=LATER,
            announce=lambda: woken.append(True),
        )

    assert (again, Submission.objects.count(), Job.objects.count(), woken) == (first, 1, 1, [])


def test_submit_with_another_key_is_the_next_attempt(exercise):
    learner = PersonFactory()

    attempts = [hand_in(exercise, learner=learner, key=key).attempt for key in ("a", "b", "c")]

    assert attempts == [1, 2, 3]


def test_submit_refuses_the_unchanged_file_and_keeps_nothing(exercise):
    untouched = exercises.answer("", reflection="")
    released = exercises.notebooks()[1].encode()

    for content in (released, b"not a notebook", untouched[:40]):
        with pytest.raises(AnswerRefused):
            hand_in(exercise, content=content)

    assert (Submission.objects.count(), Job.objects.count()) == (0, 0)


# --- mark_next and store_verdict -------------------------------------------------------------------------------------


def test_mark_next_without_work_says_so(exercise):
    assert pipeline.mark_next(now=lambda: NOON) is False


def test_right_answer_travels_from_submission_to_skill(exercise, audit_trail):
    submission = hand_in(exercise)

    pipeline.mark_next(now=lambda: LATER)

    mark, job = submission.marks.get(), submission.jobs.get()
    assert (mark.points, mark.max_points, mark.waiting_points, mark.passed) == (4, 4, 6, True)
    assert (mark.given_by, mark.marked_at, mark.reason) == (None, LATER, "")
    assert results(mark) == [("test_double", "passed", 4, ""), ("reflection", "waiting", None, "")]
    assert mark.checks.get(slug="reflection").answer == "It saves adding."
    assert (job.state, job.token, job.lease_until, job.tries) == (Job.State.DONE, None, None, 1)
    assert levels(mark) == {"fairness": Level.WORKING}
    assert [event for event, _by, _details in audit_trail()] == [
        "submission.received",
        "job.queued",
        "mark.given",
        "evidence.added",
        "item.completed",
        "course.finished",
    ]


def test_a_mark_says_what_decided_it(exercise):
    mark = marked(exercise)

    known = {key: bool(value) for key, value in mark.provenance.items() if key not in {"seed", "timings_ms"}}
    assert known == dict.fromkeys(
        ["tests_sha256", "engine_version", "libraries", "python", "isolation", "outcome"], True
    )
    assert (mark.provenance["seed"], mark.provenance["outcome"]) == (mark.submission_id, "marked")


def test_wrong_answer_is_told_why_and_earns_nothing(exercise):
    mark = marked(exercise, content=exercises.answer(exercises.WRONG))

    assert (mark.points, mark.max_points, mark.passed) == (0, 4, False)
    assert results(mark)[0] == ("test_double", "failed", 0, "double(2) should be 4. You returned 2.")
    assert (levels(mark), Evidence.objects.count()) == ({}, 0)
    assert not ItemProgress.objects.filter(completed_at__isnull=False).exists()


def test_answer_that_fails_the_hidden_part_reads_the_authors_neutral_line(exercise):
    exercise_with_line = exercises.real_exercise(
        hidden_messages={"test_double": "It must hold for every number, also below zero."}
    )

    mark = marked(exercise_with_line, content=exercises.answer("def double(x):\n    return abs(2 * x)"))

    check = mark.checks.get(slug="test_double")
    assert (check.status, check.hidden) == ("failed", True)
    assert check.message == "It must hold for every number, also below zero."


def test_a_passed_exercise_is_done_in_the_learners_progress(exercise):
    mark = marked(exercise)

    progress = ItemProgress.objects.get()
    item = exercise.item_version.item
    assert (progress.learner, progress.item, progress.completed_at) == (mark.submission.learner, item, NOON)


def test_verdict_of_our_fault_is_never_a_mark_and_the_job_comes_back(exercise):
    submission = hand_in(exercise)
    claim = claimed()
    verdict = Verdict(job_id=str(claim.token), outcome=Outcome.FAILED_OURS, reason="The sandbox broke.")

    assert pipeline.store_verdict(submission, claim=claim, verdict=verdict, now=LATER) is None

    job = submission.jobs.get()
    assert (job.state, job.token, job.tries, job.reason) == (Job.State.QUEUED, None, 1, "The sandbox broke.")
    assert (Mark.objects.count(), Evidence.objects.count()) == (0, 0)


def test_refused_verdict_ends_the_job_with_the_sentence_for_the_learner(exercise):
    submission = hand_in(exercise)
    claim = claimed()
    verdict = Verdict(job_id=str(claim.token), outcome=Outcome.REFUSED, reason="Download it again.")

    assert pipeline.store_verdict(submission, claim=claim, verdict=verdict, now=LATER) is None

    job = submission.jobs.get()
    assert (job.state, job.reason, job.token) == (Job.State.REFUSED, "Download it again.", None)
    assert Mark.objects.count() == 0


@pytest.mark.parametrize("outcome", list(Outcome))
def test_verdict_under_a_lost_lease_is_thrown_away_whatever_it_says(exercise, outcome):
    submission = hand_in(exercise)
    lost = claimed()
    Job.objects.update(token="00000000-0000-4000-8000-000000000000")

    with pytest.raises(jobs.LeaseLost):
        pipeline.store_verdict(
            submission, claim=lost, verdict=Verdict(job_id=str(lost.token), outcome=outcome), now=LATER
        )

    assert (submission.jobs.get().state, Mark.objects.count(), Evidence.objects.count()) == (Job.State.RUNNING, 0, 0)


def test_mark_next_survives_the_loss_of_its_lease(exercise, caplog):
    """Somebody takes the job over while the engine works: no mark is written, and the worker goes on living."""
    submission = hand_in(exercise)

    def taken_over_meanwhile():  # asked for the moment when the engine is done
        Job.objects.update(token="00000000-0000-4000-8000-000000000000")
        return NOON

    assert pipeline.mark_next(now=taken_over_meanwhile) is True

    assert (submission.jobs.get().state, Mark.objects.count()) == (Job.State.RUNNING, 0)
    assert "was taken over: its result was thrown away" in caplog.text


def test_a_failure_while_storing_writes_nothing_and_leaves_the_job_to_its_lease(exercise):
    """The verdict names a check that the catalogue does not know, after the job's end has been written."""
    submission = hand_in(exercise)
    claim = claimed()
    unknown = CheckResult(check="never_heard_of", status=CheckStatus.PASSED, points=1.0, max_points=1.0)
    verdict = Verdict(job_id=str(claim.token), outcome=Outcome.MARKED, checks=(unknown,))

    with pytest.raises(VerdictDoesNotFit, match="never_heard_of"):
        pipeline.store_verdict(submission, claim=claim, verdict=verdict, now=LATER)

    job = submission.jobs.get()
    assert (job.state, job.token, Mark.objects.count()) == (Job.State.RUNNING, claim.token, 0)


def test_a_job_that_always_breaks_is_buried_after_five_tries_and_stays_out_of_the_way(exercise):
    """Its exercise has lost a blob: each try raises and gives it back at once, to rest, so that it holds no slot."""
    job = jobs.enqueue(SubmissionFactory(exercise__source_sha256="0" * 64), now=NOON)

    for number in range(1, 6):
        Job.objects.filter(pk=job.pk).update(started_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        with pytest.raises(Exception, match="Blob matching query does not exist"):
            pipeline.mark_next(now=lambda: NOON)
        job.refresh_from_db()
        assert (job.state, job.tries, job.token) == (
            Job.State.FAILED_OURS if number == 5 else Job.State.QUEUED, number, None,
        )  # fmt: skip

    assert job.reason == "DoesNotExist in the worker. Its log says more."
    assert pipeline.mark_next(now=lambda: NOON) is False


# --- where no engine can run -----------------------------------------------------------------------------------------


def test_engine_that_cannot_start_claims_nothing_and_the_next_one_marks(exercise, settings, caplog):
    slot.close()
    real, settings.GRADING_PYTHON = settings.GRADING_PYTHON, "/nowhere/python"
    submission = hand_in(exercise)

    tasks.mark_next()
    waiting = submission.jobs.get()
    settings.GRADING_PYTHON = real
    tasks.mark_next()

    assert (waiting.state, waiting.tries) == (Job.State.QUEUED, 0)
    assert "Marking is paused: the marking engine does not start" in caplog.text
    assert submission.jobs.get().state == Job.State.DONE


def test_mark_next_raises_that_marking_is_paused(settings):
    slot.close()
    settings.GRADING_PYTHON = "/nowhere/python"

    with pytest.raises(MarkingPaused):
        pipeline.mark_next(now=lambda: NOON)


# --- quizzes ---------------------------------------------------------------------------------------------------------


def test_passed_quiz_earns_awareness_and_never_more():
    SkillFactory()
    quiz = QuizFactory(skills=[{"skill": "fairness", "level": 3}])
    learner = PersonFactory()

    attempt = pipeline.answer_quiz(quiz, answers={"one-of-two": ["this"]}, by=learner, now=NOON)

    assert (attempt.right, attempt.questions, attempt.passed) == (1, 1, True)
    assert skills.levels([learner.pk], on=NOON.date()) == {(learner.pk, "fairness"): Level.AWARENESS}
    assert ItemProgress.objects.get(learner=learner).completed_at == NOON


def test_failed_quiz_is_kept_and_earns_nothing():
    SkillFactory()
    learner = PersonFactory()

    attempt = pipeline.answer_quiz(QuizFactory(), answers={"one-of-two": ["that"]}, by=learner, now=NOON)

    assert (attempt.right, attempt.passed) == (0, False)
    assert (Evidence.objects.count(), ItemProgress.objects.count()) == (0, 0)


def test_quiz_with_an_open_question_writes_nothing():
    content = {"pass_share": 0.8, "questions": [QUESTION, QUESTION | {"id": "other"}]}
    quiz, learner = QuizFactory(content=content), PersonFactory()

    with pytest.raises(Unanswered) as refusal:
        pipeline.answer_quiz(quiz, answers={"one-of-two": ["this"]}, by=learner, now=NOON)

    assert (refusal.value.questions, learner.quiz_attempts.count()) == (["other"], 0)


def test_a_lesson_earns_nothing_by_being_there():
    lesson = ItemVersionFactory(skills=[{"skill": "fairness", "level": 1}])

    assert (lesson.item.kind, Evidence.objects.count()) == ("lesson", 0)


# --- a person's judgement --------------------------------------------------------------------------------------------


def test_override_that_fails_withdraws_the_level_and_one_that_passes_gives_it_back(exercise):
    first = judged(exercise, points=4)
    trainer = trainer_of(exercise.item_version.item.course_id)
    assert levels(first) == {"fairness": Level.WORKING}

    second = pipeline.override_mark(first, points={"test_double": Decimal(1)}, reason="Copied.", by=trainer, now=LATER)
    after_second = levels(first)
    third = pipeline.override_mark(second, points={"test_double": Decimal(4)}, reason="Sorry.", by=trainer, now=LATER)

    assert after_second == {}
    assert levels(first) == {"fairness": Level.WORKING}
    chain = Evidence.objects.order_by("pk").values_list("mark", "level", "replaces__mark")
    assert list(chain) == [(first.pk, 2, None), (second.pk, 0, first.pk), (third.pk, 2, second.pk)]


def test_override_that_passes_gives_the_level_and_the_item_is_done(exercise):
    first = judged(exercise, points=0)
    trainer = trainer_of(exercise.item_version.item.course_id)

    new = pipeline.override_mark(first, points={"test_double": Decimal(4)}, reason="Right.", by=trainer, now=LATER)

    assert (new.passed, levels(first)) == (True, {"fairness": Level.WORKING})
    assert ItemProgress.objects.get().completed_at == LATER


def test_override_of_a_mark_that_was_replaced_changes_neither_mark_nor_evidence(exercise):
    first = judged(exercise, points=4)
    trainer = trainer_of(exercise.item_version.item.course_id)
    pipeline.override_mark(first, points={"test_double": Decimal(3)}, reason="A slip.", by=trainer, now=NOON)

    with pytest.raises(MarkReplaced):
        pipeline.override_mark(first, points={"test_double": Decimal(0)}, reason="No.", by=trainer, now=LATER)

    assert (Mark.objects.count(), OutboxMail.objects.count(), levels(first)) == (2, 1, {})


def test_override_that_changes_nothing_is_refused(exercise):
    first = judged(exercise, points=4)

    with pytest.raises(NothingChanged):
        pipeline.override_mark(first, points={"test_double": Decimal(4)}, reason="Fine.", by=PersonFactory(), now=NOON)

    assert Mark.objects.count() == 1


def test_rubric_mark_of_a_failed_answer_earns_working_by_the_no_code_way(exercise):
    first = judged(exercise, points=0)
    trainer = trainer_of(exercise.item_version.item.course_id)
    judgement = RubricMark(check="reflection", levels={"finding": 2, "advice": 2}, comment="Clear.")

    new = pipeline.mark_by_rubric(first, rubric_mark=judgement, by=trainer, now=LATER)

    assert (new.points, new.max_points, new.waiting_points, new.passed) == (3, 10, 0, True)
    assert levels(first) == {"fairness": Level.WORKING}


def test_rubric_mark_below_two_on_one_criterion_earns_nothing(exercise):
    first = judged(exercise, points=0)
    judgement = RubricMark(check="reflection", levels={"finding": 4, "advice": 1}, comment="Say who decides.")

    new = pipeline.mark_by_rubric(first, rubric_mark=judgement, by=PersonFactory(), now=LATER)

    assert (new.passed, levels(first)) == (False, {})


def test_rubric_mark_of_the_wrong_kind_of_check_is_refused(exercise):
    first = judged(exercise, points=4)
    judgement = RubricMark(check="test_double", levels={}, comment="Hm.")

    with pytest.raises(NothingToMark):
        pipeline.mark_by_rubric(first, rubric_mark=judgement, by=PersonFactory(), now=LATER)

    assert CheckMark.objects.count() == 2


# --- sweep -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "room", "calls"), [(64, 99, 6), (4, 99, 4), (64, 2, 3)], ids=["all", "bound", "broker full"]
)
def test_sweep_wakes_workers_for_what_waits_up_to_a_bound_and_until_the_broker_is_full(monkeypatch, bound, room, calls):
    JobFactory.create_batch(6)
    monkeypatch.setattr(pipeline, "MOST_WOKEN", bound)
    woken: list[int] = []

    def announce() -> bool:
        woken.append(1)
        return len(woken) <= room

    assert (pipeline.sweep(announce=announce), len(woken)) == (6, calls)


def test_an_answer_whose_worker_died_is_marked_once_by_the_next(exercise):
    submission = hand_in(exercise)
    dead = claimed()
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Job.objects.update(lease_until=long_ago, started_at=long_ago)

    pipeline.sweep(announce=lambda: True)
    pipeline.mark_next(now=lambda: LATER)
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(dead, state=Job.State.DONE)

    assert (submission.marks.count(), submission.jobs.get().tries) == (1, 2)


# --- a worker that is told to end ---


def test_a_worker_that_stops_hands_a_long_job_back_with_all_its_tries(exercise):
    slow = exercises.answer(f"import time\ntime.sleep(2.5)\n{exercises.RIGHT}")
    submission = hand_in(exercise, content=slow)

    pipeline.mark_next(now=lambda: LATER, is_stopping=lambda: True)

    job = submission.jobs.get()
    assert (job.state, job.tries, job.token, job.lease_until, job.started_at is not None) == (
        Job.State.QUEUED,
        0,
        None,
        None,
        True,
    )
    assert not submission.marks.exists()
    assert pipeline.mark_next(now=lambda: LATER)
    assert [mark.points for mark in submission.marks.all()] == [4]


def test_a_worker_that_stops_finishes_a_short_job(exercise):
    submission = hand_in(exercise)
    pipeline.mark_next(now=lambda: LATER)  # the engine is warm

    other = hand_in(exercise)
    pipeline.mark_next(now=lambda: LATER, is_stopping=lambda: True)

    assert [sent.jobs.get().state for sent in (submission, other)] == [Job.State.DONE, Job.State.DONE]
