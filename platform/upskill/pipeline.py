"""The way of one answer, from click to report, one short function per step. Read it from top to bottom:

    save_draft      what a learner writes is saved while they type
    submit          they hand in a notebook: a Submission and a queued Job are committed together
    send_reflection they send a text, which the service hands in as a notebook of one cell
    mark_next       a worker claims the job that is due, lets the engine mark it, and stores what it says
    store_verdict   the Mark, a result per check and the evidence of skill, in one transaction with the job's end
    answer_quiz     the other way to evidence: a quiz is marked at once
    complete_item, answer_diagnostic    a lesson is read, a workshop done, a start found
    override_mark, mark_by_rubric   a person's judgement replaces a mark; evidence follows
    ask_review, decide_review       a learner doubts a mark, and a trainer who did not give it decides; evidence follows
    mark_again      an automatic mark is made again beside the first one, and counts for nothing
    regrade         every answer to one exercise is marked again; a mark that changes has evidence following
    sweep           whatever died on the way is queued again

Each step that may finish a course takes the completion down (planning.services.record_completion).

Reports read evidence (skills.queries.levels): what is committed here is what a manager sees.
"""

import datetime as dt
import logging
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial

from django.db import transaction

from upskill.catalogue.models import ExerciseVersion, Item, ItemVersion
from upskill.core import logs
from upskill.learning import diagnostics, drafts
from upskill.learning import rules as learning_rules
from upskill.learning import services as learning
from upskill.learning.models import DiagnosticResult, Draft, QuizAttempt, Submission
from upskill.learning.quizzes import Answers
from upskill.marking import jobs, reflections, regrading, reruns, reviews, slot
from upskill.marking import services as marking
from upskill.marking.answers import check_answer, check_cells
from upskill.marking.models import Job, Mark, Regrade, Review, ReviewDecision
from upskill.marking.reviews import Change
from upskill.marking.services import RubricMark
from upskill.marking.slot import Outcome, Verdict
from upskill.people.models import User
from upskill.planning import services as planning
from upskill.skills import services as skills

log = logging.getLogger(__name__)
MOST_WOKEN = 64  # calls per sweep


def submit(
    exercise: ExerciseVersion,
    *,
    content: bytes,
    idempotency_key: str,
    by: User,
    now: dt.datetime,
    announce: Callable[[], object],
    lane: Job.Lane = Job.Lane.INTERACTIVE,
) -> Submission:
    """The accepted submission; once this returns, it will be marked, whatever dies. Safe to repeat with the same key.

    `announce` is called after the commit to wake a worker; a lost call only delays the mark until the next sweep.
    Raises rules.NotChecked, AnswerRefused with one sentence for a file that cannot be marked, jobs.TooManyOpen, and
    learning.KeyReused.
    """
    check_answer(exercise, content=content)
    with transaction.atomic():
        submission, is_new = learning.record_submission(
            by, exercise=exercise, content=content, idempotency_key=idempotency_key, now=now
        )
        if is_new:
            learning_rules.check_hand_in(exercise)
            jobs.enqueue(submission, now=now, lane=lane)
            transaction.on_commit(announce)
    return submission


@transaction.atomic
def send_reflection(
    exercise: ExerciseVersion,
    *,
    text: str,
    idempotency_key: str,
    by: User,
    now: dt.datetime,
    announce: Callable[[], object],
) -> Submission:
    """The learner's text on its way to a trainer, as an answer that is handed in. Safe to repeat with the same key.

    Raises reflections.TextRefused with one sentence, and what submit raises.
    """
    content = reflections.notebook_of(exercise, text=text, most_words=exercise.item_version.content["words"])
    learning.hold(by)
    reflections.check_turn(by, exercise=exercise, text=text, idempotency_key=idempotency_key)
    return submit(exercise, content=content, idempotency_key=idempotency_key, by=by, now=now, announce=announce)


def save_reflection(exercise: ExerciseVersion, *, text: str, revision: int, by: User, now: dt.datetime) -> Draft:
    """The text kept for later, on top of this revision; an empty one takes the draft's text away. Safe to repeat.

    Raises reflections.TextRefused and drafts.SavedElsewhere.
    """
    cells = {reflections.cell_of(exercise): reflections.saveable(text) or None}
    return save_draft(exercise, cells=cells, revision=revision, by=by, now=now)


def save_draft(
    exercise: ExerciseVersion, *, cells: dict[str, str | None], revision: int, by: User, now: dt.datetime
) -> Draft:
    """What the learner has written so far, saved on top of this revision; None takes a text away. Safe to repeat.

    Raises OtherCells where text is for a cell that learners do not write in, and drafts.SavedElsewhere.
    """
    check_cells(exercise, cells=[name for name, text in cells.items() if text is not None])
    return drafts.save(by, item=exercise.item_version.item, cells=cells, revision=revision, now=now)


class Stopping(Exception):
    """This worker is to end: what it marks is handed back."""


def mark_next(*, now: Callable[[], dt.datetime], is_stopping: Callable[[], bool] = lambda: False) -> bool:
    """Claim the job that is due next and mark it; False when nothing waits.

    A claim is a lease with a token. While the engine works, the lease is renewed about every second; only who has the
    token can end the job, so that of two workers with the same job one gives a mark. A job that still runs a second
    after `is_stopping` says so is handed back: another worker marks it, and its tries are as before.

    Raises MarkingPaused before claiming anything where no engine can run. Whatever else is raised costs the job a try
    and gives it back; where the database is away, its lease runs out and the sweeper does so.
    """
    engine = slot.engine()
    claim = jobs.claim()
    if claim is None:
        return False
    with logs.about(request_id=claim.request_id, job=claim.job_id):
        try:
            _mark(claim, engine=engine, now=now, is_stopping=is_stopping)
        except jobs.LeaseLost:
            log.warning("Job %s was taken over: its result was thrown away.", claim.job_id)
        except Exception as fault:
            with suppress(jobs.LeaseLost):
                jobs.give_back(claim, reason=f"{type(fault).__name__} in the worker. Its log says more.")
            raise
    return True


def _mark(
    claim: jobs.Claim, *, engine: slot.Engine, now: Callable[[], dt.datetime], is_stopping: Callable[[], bool]
) -> None:
    """Let the engine mark it and store what it says, or hand it back. Raises LeaseLost."""
    submission = Submission.objects.select_related("learner", "exercise__item_version").get(pk=claim.submission_id)
    again = {"rerun_of": claim.rerun_of, "regrade": claim.regrade}
    job = marking.engine_job(submission, token=str(claim.token), tests=claim.tests, **again)
    try:
        verdict = engine.mark(job, on_wait=partial(_stay, claim, is_stopping=is_stopping))
    except Stopping:
        jobs.hand_back(claim)
        log.info("Job %s was handed back: this worker stops.", claim.job_id)
        return
    store_verdict(submission, claim=claim, verdict=verdict, now=now())
    log.info("The engine is done with job %s: %s", claim.job_id, verdict.outcome)


def _stay(claim: jobs.Claim, *, is_stopping: Callable[[], bool]) -> None:
    """Called about every second while the engine works."""
    jobs.renew(claim)
    if is_stopping():
        raise Stopping


def store_verdict(submission: Submission, *, claim: jobs.Claim, verdict: Verdict, now: dt.datetime) -> Mark | None:
    """The mark and its evidence, committed with the job's end; None if there is none. A rerun only says what came out,
    unless it is a regrade's.

    Raises LeaseLost where the token of the claim no longer fits, or VerdictDoesNotFit; then nothing is written.
    """
    if verdict.outcome == Outcome.FAILED_OURS:
        jobs.give_back(claim, reason=verdict.reason)  # it is tried again, or buried for an operator after the last try
        return None
    state = Job.State.REFUSED if verdict.outcome == Outcome.REFUSED else Job.State.DONE
    with transaction.atomic():
        jobs.finish(claim, state=state, reason=verdict.reason)  # refused: the learner reads why, and there is no mark
        mark = _mark_of(submission, claim=claim, verdict=verdict, now=now)
        if mark:
            _follow(mark, now=now)
        return mark


@transaction.atomic
def answer_quiz(quiz: ItemVersion, *, answers: Answers, by: User, now: dt.datetime) -> QuizAttempt:
    """The marked attempt, with evidence if it passes. Raises Unanswered."""
    attempt = learning.record_quiz_attempt(by, quiz=quiz, answers=answers, now=now)
    skills.add_quiz_evidence(attempt, now=now)
    if attempt.passed:
        complete_item(by, item=quiz.item, now=now)
    return attempt


@transaction.atomic
def complete_item(learner: User, *, item: Item, now: dt.datetime) -> None:
    """The learner has done this item, and perhaps the course with it. Safe to repeat."""
    learning.complete_item(learner, item=item, now=now)
    planning.record_completion(learner, course=item.course_id, now=now)


@transaction.atomic
def answer_diagnostic(quiz: ItemVersion, *, answers: Answers, by: User, now: dt.datetime) -> DiagnosticResult:
    """Where to start, and perhaps the last of a course is done with it. Raises Unanswered."""
    result = diagnostics.record_result(by, quiz=quiz, answers=answers, now=now)
    planning.record_completion(by, course=quiz.item.course_id, now=now)
    return result


@transaction.atomic
def override_mark(mark: Mark, *, points: dict[str, Decimal], reason: str, by: User, now: dt.datetime) -> Mark:
    """A trainer's mark that replaces `mark`. Raises MarkOutOfRange, NothingChanged, NothingToMark, MarkReplaced."""
    new = marking.override_mark(mark, points=points, reason=reason, by=by, now=now)
    _follow(new, now=now)
    return new


@transaction.atomic
def mark_by_rubric(mark: Mark, *, rubric_mark: RubricMark, by: User, now: dt.datetime) -> Mark:
    """A trainer's judgement of a free-text answer. Raises NothingToMark, MarkOutOfRange, MarkReplaced."""
    new = marking.mark_by_rubric(mark, rubric_mark=rubric_mark, by=by, now=now)
    _follow(new, now=now)
    return new


@transaction.atomic
def ask_review(mark: Mark, *, reason: str, by: User, now: dt.datetime) -> Review:
    """The learner's review of a mark, open until a trainer decides. Raises MarkReplaced, ReasonUnusable, NotNow."""
    return reviews.ask_review(mark, reason=reason, by=by, now=now)


@transaction.atomic
def decide_review(
    review: Review, *, seen: Mark, change: Change | None, reason: str, by: User, now: dt.datetime
) -> ReviewDecision:
    """A trainer's decision: `change` replaces the mark they saw, None upholds it. Raises as reviews.decide_review."""
    decision = reviews.decide_review(review, seen=seen, change=change, reason=reason, by=by, now=now)
    if decision.new_mark:
        _follow(decision.new_mark, now=now)
    return decision


@transaction.atomic
def mark_again(mark: Mark, *, by: User, now: dt.datetime, announce: Callable[[], object]) -> Job:
    """The queued job of a rerun; a worker is woken after the commit. Raises what rules.check_rerun raises."""
    job = reruns.ask_rerun(mark, by=by, now=now)
    transaction.on_commit(announce)
    return job


@transaction.atomic
def regrade(
    newest: ExerciseVersion,
    *,
    reason: str,
    is_dry_run: bool,
    ran_by: str,
    now: dt.datetime,
    announce: Callable[[], object],
) -> Regrade:
    """A job for each answer to this exercise; workers are woken after the commit. Raises as regrading.begin."""
    begun = regrading.begin(newest, reason=reason, is_dry_run=is_dry_run, ran_by=ran_by, now=now)
    transaction.on_commit(announce)
    return begun


def sweep(*, announce: Callable[[], bool]) -> int:
    """Queue again what was lost, and wake workers where jobs wait; returns how many wait.

    A slot that has marked one job takes the next by itself; the sweep wakes those that sleep, until `announce` says
    that no call was sent.
    """
    waiting = jobs.sweep()
    for _ in range(min(waiting, MOST_WOKEN)):
        if not announce():
            break
    return waiting


def _mark_of(submission: Submission, *, claim: jobs.Claim, verdict: Verdict, now: dt.datetime) -> Mark | None:
    """The mark that a verdict gives, if it gives one; what came of a rerun is written down."""
    if claim.regrade is not None:
        return regrading.record_regrade(submission, job_id=claim.job_id, verdict=verdict, now=now)
    if claim.rerun_of is not None:
        reruns.record_rerun(claim.rerun_of, job_id=claim.job_id, verdict=verdict, now=now)
        return None
    if verdict.outcome == Outcome.REFUSED:
        return None
    return marking.record_verdict(submission, verdict=verdict, now=now, tests=claim.tests)


def _follow(mark: Mark, *, now: dt.datetime) -> None:
    """What a new mark causes: evidence, and the item done if it passes. Where it takes a pass away, the course is
    finished no more.
    """
    skills.add_mark_evidence(mark, now=now)
    learner, item = mark.submission.learner, mark.submission.exercise.item_version.item
    if mark.passed:
        complete_item(learner, item=item, now=now)
    elif mark.replaces and mark.replaces.passed:
        planning.take_back_completion(learner, exercise=item, now=now)
