"""What a regrade does to marks, evidence and mail: what the tests decided follows, what people decided stays."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from grading.protocol import CheckResult, CheckStatus, Provenance
from tests.factories import exercises
from tests.factories.catalogue import ExerciseFactory, next_exercise_item
from tests.factories.marking import MarkFactory, RegradeJobFactory, ReviewFactory, SkillFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from tests.unit.answering import answered
from upskill import pipeline
from upskill.catalogue.models import Check, ExerciseVersion
from upskill.core.models import AuditEntry, OutboxMail
from upskill.learning.models import ItemProgress
from upskill.marking import jobs, queries, receipts, regrades, regrading, rules, slot, versions
from upskill.marking.models import CheckMark, Job, Mark, Regrade, Rerun
from upskill.marking.reviews import Change
from upskill.marking.services import RubricMark, VerdictDoesNotFit
from upskill.marking.slot import Outcome, Verdict
from upskill.skills import queries as skills
from upskill.skills import services as skills_services
from upskill.skills.models import Evidence, Level

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)
REASON = "The test asked for too much."
WORDS = {4: ("passed", ""), 0: ("failed", "Not yet."), 2: ("partial", "Half of it.")}
TOO_STRICT = exercises.SCRIPT.replace("assert double(2) == 4", "assert double(2) == 5")


@pytest.fixture(scope="module", autouse=True)
def _engine_ends():
    yield
    slot.close()


@pytest.fixture(autouse=True)
def _skill_exists():
    SkillFactory()


def marked(*, points: int = 4, exercise: ExerciseVersion | None = None) -> Mark:
    """An automatic mark with the evidence that it gives."""
    mark: Mark = MarkFactory(points=points, submission__exercise=exercise or ExerciseFactory())
    skills_services.add_mark_evidence(mark, now=NOON)
    return mark


def said(points: int | None, *, message: str = "", reflection: CheckStatus = CheckStatus.WAITING) -> dict[str, Any]:
    """What a verdict says, if the test gives these points (None: it is held for a person)."""
    status, usual = ("waiting", "A person will look at this check.") if points is None else WORDS[points]
    given = None if points is None else float(points)
    one = CheckResult(
        check="test_one", status=CheckStatus(status), points=given, max_points=4.0, message=message or usual
    )
    text = CheckResult(
        check="reflection", status=reflection, points=None if reflection == "waiting" else 0.0, max_points=6.0
    )
    return {"outcome": Outcome.MARKED, "checks": (one, text), "provenance": Provenance(engine_version="2.0", seed=7)}


def regraded(mark: Mark, what: dict[str, Any], *, is_dry_run: bool = False) -> Regrade:
    """A regrade of this answer's exercise, which only it has, in which the engine says this."""
    regrade = regrading.begin(mark.submission.exercise, reason=REASON, is_dry_run=is_dry_run, ran_by="root", now=NOON)
    claim = jobs.claim()
    assert claim
    verdict = Verdict(job_id=str(claim.token), **what)
    pipeline.store_verdict(mark.submission, claim=claim, verdict=verdict, now=LATER)
    return regrade


def chain(mark: Mark) -> list[Mark]:
    return list(Mark.objects.filter(submission=mark.submission).order_by("pk"))


def in_effect(mark: Mark) -> Mark:
    return Mark.objects.get(submission=mark.submission_id, replaced_by=None)


def results(mark: Mark) -> list[tuple]:
    return [(check.slug, check.status, check.points, check.message) for check in mark.checks.all()]


def levels(mark: Mark) -> dict[str, Level]:
    learner = mark.submission.learner_id
    return {skill: level for (_person, skill), level in skills.levels([learner], on=NOON.date()).items()}


def counted() -> list[int]:
    return [model.objects.count() for model in (Mark, CheckMark, Evidence, ItemProgress, OutboxMail)]


def override(mark: Mark, points: int) -> Mark:
    return pipeline.override_mark(
        mark, points={"test_one": Decimal(points)}, reason="I read it.", by=PersonFactory(), now=NOON
    )


def judge(mark: Mark, level: int) -> Mark:
    given = dict.fromkeys(("finding", "advice", "limit"), level)
    judgement = RubricMark(check="reflection", levels=given, comment="Clear.")
    return pipeline.mark_by_rubric(mark, rubric_mark=judgement, by=PersonFactory(), now=NOON)


# --- what the tests decided ------------------------------------------------------------------------------------------


def test_result_that_is_the_same_gives_no_mark(audit_trail):
    mark = marked()
    before = counted()

    regrade = regraded(mark, said(4))

    assert (counted(), levels(mark)) == (before, {"fairness": Level.WORKING})
    rerun = Rerun.objects.get()
    assert (rerun.mark, rerun.in_effect, rerun.is_same, rerun.points, rerun.passes) == (mark, mark, True, 4, True)
    assert [state for (state,) in regrade.jobs.values_list("state")] == [Job.State.DONE]
    assert [event for event, *_ in audit_trail()[-2:]] == ["regrade.started", "rerun.finished"]


def test_result_that_is_another_replaces_the_mark_with_the_reason_and_nobody_as_who_gave_it():
    mark = marked(points=0)

    regraded(mark, said(4))

    old, new = chain(mark)
    assert (old, new.replaces, new.given_by, new.reason, new.marked_at) == (mark, mark, None, REASON, LATER)
    assert (new.points, new.max_points, new.waiting_points, new.passed) == (4, 4, 6, True)
    assert results(new) == [("test_one", "passed", 4, ""), ("reflection", "waiting", None, "")]
    assert new.checks.get(slug="reflection").answer == "I recommend a pause."
    assert (new.provenance["engine_version"], new.provenance["outcome"]) == ("2.0", "marked")
    rerun = Rerun.objects.get()
    assert (rerun.in_effect, rerun.is_same, rerun.points, rerun.passes) == (mark, False, 4, True)
    entry = AuditEntry.objects.get(event="mark.regraded")
    assert (entry.by, entry.about, entry.subject_id) == (None, mark.submission.learner, str(new.pk))
    assert entry.details == {"old": "0", "new": "4"}


def test_pass_that_is_won_gives_the_level_and_the_item_is_done():
    mark = marked(points=0)
    assert levels(mark) == {}

    regraded(mark, said(4))

    assert levels(mark) == {"fairness": Level.WORKING}
    assert ItemProgress.objects.get().completed_at == LATER


def test_pass_that_is_lost_takes_the_level_and_both_pieces_of_evidence_are_kept():
    mark = marked()

    regraded(mark, said(0))

    assert (in_effect(mark).passed, levels(mark)) == (False, {})
    found = Evidence.objects.order_by("pk").values_list("mark", "level", "replaces__mark")
    assert list(found) == [(mark.pk, 2, None), (in_effect(mark).pk, 0, mark.pk)]


def test_level_that_stays_keeps_the_moment_at_which_it_was_earned():
    mark = marked()

    regraded(mark, said(4, message="Well done."))

    piece = skills.in_effect().get()
    assert (piece.mark, piece.level, piece.earned_at) == (in_effect(mark), Level.WORKING, NOON)


def test_test_that_is_held_now_waits_for_a_trainer():
    mark = marked()

    regraded(mark, said(None))

    new = in_effect(mark)
    assert (new.points, new.waiting_points, new.passed, levels(mark)) == (0, 10, False, {})
    ahead = queries.ahead_in(mark.submission.exercise.item_version.item.course_id)
    assert ahead == [(mark.submission_id, mark.submission.learner_id, False, True)]


def test_learner_is_told_by_mail_when_the_points_change():
    mark = marked()

    regraded(mark, said(2))

    mail, title = OutboxMail.objects.get(), mark.submission.exercise.item_version.title
    assert (mail.to, mail.subject) == (mark.submission.learner, f"Your mark for “{title}” has changed")
    assert mail.body == (
        f"The tests of “{title}” have marked your work again, attempt 1: 2 of 4 points now, 4 of 4 before.\n\n"
        "The test asked for too much.\n\nWhat a trainer had decided stays as it was. Sign in to see each check, and "
        "the mark before this one. If you doubt the mark, you can ask a person there to review it.\n"
    )


def test_other_words_for_the_same_points_are_a_new_mark_and_no_mail():
    mark = marked(points=0)

    regraded(mark, said(0, message="Say double."))

    assert [results(each)[0] for each in chain(mark)] == [
        ("test_one", "failed", 0, "Not yet."),
        ("test_one", "failed", 0, "Say double."),
    ]
    assert OutboxMail.objects.count() == 0


@pytest.mark.parametrize("is_dry_run", [False, True])
def test_answer_that_is_refused_keeps_its_mark(is_dry_run):
    mark = marked()
    before = counted()

    regrade = regraded(mark, {"outcome": Outcome.REFUSED, "reason": "Download it again."}, is_dry_run=is_dry_run)

    assert (counted(), in_effect(mark)) == (before, mark)
    rerun = Rerun.objects.get()
    assert (rerun.is_same, rerun.in_effect, rerun.points, rerun.passes) == (False, None, None, None)
    assert rerun.differences[0] == "This time the answer could not be marked: Download it again."
    assert regrade.jobs.get().state == Job.State.REFUSED
    assert queries.state_of(mark.submission).job.state == Job.State.DONE


def test_answer_that_a_fault_of_ours_stops_keeps_its_mark(settings):
    settings.JOB_MAX_TRIES = 1
    mark = marked()
    before = counted()

    regrade = regraded(mark, {"outcome": Outcome.FAILED_OURS, "reason": "The sandbox broke."})

    assert (counted(), regrade.jobs.get().state, Rerun.objects.count()) == (before, Job.State.FAILED_OURS, 0)


def test_verdict_about_other_checks_than_the_answer_has_is_never_a_mark():
    mark = marked()
    Check.objects.create(
        exercise=mark.submission.exercise, slug="test_more", position=9, title="More", max_points=Decimal(1)
    )

    with pytest.raises(VerdictDoesNotFit):
        regraded(mark, said(0))

    assert (in_effect(mark), Rerun.objects.count(), Job.objects.get(lane="regrade").state) == (mark, 0, "running")


@pytest.mark.parametrize("points", [0, 2, None])
def test_dry_run_says_what_would_change_and_changes_nothing(points, signed_in):
    mark = marked()
    before = counted()

    regrade = regraded(mark, said(points), is_dry_run=True)

    assert (counted(), in_effect(mark), levels(mark)) == (before, mark, {"fairness": Level.WORKING})
    rerun = Rerun.objects.get()
    assert (rerun.is_same, rerun.points, rerun.passes) == (False, points or 0, False)
    assert regrades.result_of(regrade) == regrades.RegradeResult(
        same=0, other_words=0, higher=0, lower=1, refused=0, failed=0, passes_now=0, passes_no_longer=1
    )
    page = signed_in(mark.submission.learner).get(f"/submissions/{mark.submission.public_id}/marks/1/")
    assert "otherwise" not in page.content.decode()


def test_dry_run_says_of_each_answer_what_the_regrade_then_does():
    mark = marked()

    dry = regraded(mark, said(2), is_dry_run=True)
    wet = regraded(mark, said(2))

    first, second = (Rerun.objects.get(job__regrade=each) for each in (dry, wet))
    assert (first.in_effect, first.points, first.passes) == (second.in_effect, second.points, second.passes)
    assert (in_effect(mark).points, in_effect(mark).passed) == (first.points, first.passes)


# --- what people decided ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [0, 2, 4])
def test_points_that_a_trainer_gave_stay_whatever_the_test_says_now(points):
    overridden = override(marked(points=0), 3)
    before = counted()

    regraded(overridden, said(points))

    assert (counted(), in_effect(overridden)) == (before, overridden)
    rerun = Rerun.objects.get()
    assert (rerun.is_same, rerun.in_effect, rerun.points, rerun.passes) == (True, overridden, 3, False)


def test_points_that_a_review_gave_stay():
    mark = marked(points=0)
    trainer = trainer_of(mark.submission.exercise.item_version.item.course_id)
    review = pipeline.ask_review(mark, reason="Why?", by=mark.submission.learner, now=NOON)
    change = Change(points={"test_one": Decimal(4)})
    decision = pipeline.decide_review(review, seen=mark, change=change, reason="Right.", by=trainer, now=NOON)

    regraded(mark, said(0))

    assert in_effect(mark) == decision.new_mark


def test_judged_free_text_stays_when_the_test_beside_it_changes():
    judged = judge(marked(), 3)
    assert levels(judged) == {"fairness": Level.WORKING}

    regraded(judged, said(0, reflection=CheckStatus.FAILED))

    new = in_effect(judged)
    assert (new.replaces, new.given_by, new.points, new.waiting_points) == (judged, None, Decimal("4.5"), 0)
    assert results(new)[1] == ("reflection", "partial", Decimal("4.5"), "Clear.")
    assert new.checks.get(slug="reflection").rubric_levels == {"finding": 3, "advice": 3, "limit": 3}
    assert (new.passed, levels(judged)) == (True, {"fairness": Level.WORKING})


def test_points_that_one_trainer_gave_stay_also_under_what_another_decided_later():
    judged = judge(override(marked(points=0), 3), 2)

    regraded(judged, said(0))

    assert in_effect(judged) == judged


def test_check_that_the_tests_decided_again_after_a_trainer_follows_the_tests_again():
    """As where an answer was marked anew as a whole: the newest result of the check is not a person's."""
    overridden = override(marked(points=0), 3)
    anew = MarkFactory(submission=overridden.submission, points=0, replaces=overridden)

    regraded(anew, said(4))

    assert in_effect(anew).points == 4


def test_free_text_that_waits_is_never_decided_by_a_regrade():
    mark = marked()

    regraded(mark, said(4, reflection=CheckStatus.FAILED))

    assert chain(mark) == [mark]


def test_held_test_that_a_trainer_decided_stays():
    held = MarkFactory(points=0, max_points=0, waiting_points=10, passed=False)
    decided = override(held, 4)

    regraded(decided, said(0))

    assert in_effect(held) == decided


def test_second_regrade_changes_what_the_first_did_and_still_nothing_that_a_person_decided():
    judged = judge(marked(), 2)
    first = regraded(judged, said(0))
    after_first = in_effect(judged)

    second = regraded(judged, said(2))

    new = in_effect(judged)
    assert [job.rerun_of for job in (first.jobs.get(), second.jobs.get())] == [chain(judged)[0], after_first]
    assert (new.replaces, new.points) == (after_first, Decimal(5))
    assert results(new)[1] == ("reflection", "partial", Decimal(3), "Clear.")


def test_trainer_who_marks_between_queue_and_engine_has_the_last_word():
    mark = marked(points=0)
    regrading.begin(mark.submission.exercise, reason=REASON, is_dry_run=False, ran_by="root", now=NOON)
    overridden = override(mark, 3)
    claim = jobs.claim()
    assert claim

    pipeline.store_verdict(mark.submission, claim=claim, verdict=Verdict(job_id=str(claim.token), **said(4)), now=LATER)

    assert in_effect(mark) == overridden


def test_open_review_stays_open_and_is_decided_about_the_new_mark():
    mark = marked(points=0)
    review = ReviewFactory(mark=mark)
    trainer = trainer_of(mark.submission.exercise.item_version.item.course_id)

    regraded(mark, said(2))

    assert not hasattr(queries.reviews().get(), "decision")
    new = in_effect(mark)
    decision = pipeline.decide_review(review, seen=new, change=None, reason="Now it fits.", by=trainer, now=LATER)
    assert (decision.outcome, in_effect(mark)) == ("upheld", new)


def test_review_that_upheld_the_mark_keeps_no_test_from_being_mended_and_the_new_mark_can_be_doubted():
    mark = marked(points=0)
    trainer = trainer_of(mark.submission.exercise.item_version.item.course_id)
    review = pipeline.ask_review(mark, reason="Why?", by=mark.submission.learner, now=NOON)
    pipeline.decide_review(review, seen=mark, change=None, reason="The test says so.", by=trainer, now=NOON)

    regraded(mark, said(4))

    assert in_effect(mark).points == 4
    assert rules.can_ask_review(mark.submission.learner, mark=in_effect(mark))


# --- whose tests -----------------------------------------------------------------------------------------------------


def test_mended_test_of_a_newer_version_marks_old_answers_right_on_the_real_engine():
    strict = exercises.real_exercise(script=TOO_STRICT)
    right, wrong = answered(strict), answered(strict, exercises.WRONG)
    assert [sent.marks.get().points for sent in (right, wrong)] == [0, 0]
    mended = exercises.real_exercise(item=next_exercise_item(strict.item_version))

    regrade = pipeline.regrade(mended, reason=REASON, is_dry_run=False, ran_by="root", now=NOON, announce=lambda: None)
    while pipeline.mark_next(now=lambda: LATER):
        pass

    assert (regrades.result_of(regrade).higher, regrades.result_of(regrade).same) == (1, 1)
    new, still_wrong = (sent.marks.get(replaced_by=None) for sent in (right, wrong))
    assert (new.points, new.passed, levels(new)) == (4, True, {"fairness": Level.WORKING})
    assert results(still_wrong)[0] == ("test_double", "failed", 0, "double(2) should be 4. You returned 2.")
    assert (new.provenance["exercise_version"], new.provenance["course_version"]) == (
        mended.pk,
        mended.item_version.module.course_version.version,
    )
    assert new.provenance["seed"] == right.marks.get(replaces=None).provenance["seed"]


def test_tests_that_are_not_checked_change_no_mark_but_a_dry_run_may_show_what_they_would():
    strict = exercises.real_exercise(script=TOO_STRICT)
    answered(strict)
    unchecked = exercises.real_exercise(item=next_exercise_item(strict.item_version), is_open=False)

    def begin(*, is_dry_run: bool) -> Regrade:
        return pipeline.regrade(
            unchecked, reason=REASON, is_dry_run=is_dry_run, ran_by="root", now=NOON, announce=lambda: None
        )

    with pytest.raises(regrading.TestsUnchecked, match="has not been checked"):
        begin(is_dry_run=False)
    assert begin(is_dry_run=True).jobs.count() == 1


def test_mark_of_a_regrade_is_made_again_with_the_tests_that_gave_it():
    strict = exercises.real_exercise(script=TOO_STRICT)
    sent = answered(strict)
    mended = exercises.real_exercise(item=next_exercise_item(strict.item_version))
    pipeline.regrade(mended, reason=REASON, is_dry_run=False, ran_by="root", now=NOON, announce=lambda: None)
    assert pipeline.mark_next(now=lambda: LATER)
    new = sent.marks.get(replaced_by=None)

    for mark in sent.marks.order_by("pk"):
        pipeline.mark_again(mark, by=sent.learner, now=LATER, announce=lambda: None)
        assert pipeline.mark_next(now=lambda: LATER)

    reruns = Rerun.objects.filter(job__regrade=None).order_by("pk")
    assert [(rerun.is_same, rerun.differences) for rerun in reruns] == [(True, []), (True, [])]
    receipt = receipts.receipt(sent, number=2)
    assert receipt
    assert receipt.job == Job.objects.get(regrade__isnull=False)
    assert "double(2) == 4" in receipt.tested[0].source
    first = receipts.receipt(sent, number=1)
    assert first
    assert (first.mark.replaced_by, first.job) == (new, sent.jobs.get(rerun_of=None))
    assert "double(2) == 5" in first.tested[0].source


@pytest.mark.parametrize(
    "other",
    [{"slug": "test_other"}, {"max_points": Decimal(5)}, {"by_person": True}],
    ids=["another name", "other points", "a person marks it"],
)
def test_newest_version_with_other_checks_leaves_the_tests_as_they_were(other):
    mark = marked()
    first = mark.submission.exercise
    newest = ExerciseVersion.objects.create(
        item_version=next_exercise_item(first.item_version),
        source_sha256=first.source_sha256,
        release_sha256=first.release_sha256,
        filename=first.filename,
    )
    for check in first.checks.all():
        fields = {"slug": check.slug, "max_points": check.max_points, "by_person": check.by_person}
        fields |= other if check.slug == "test_one" else {}
        Check.objects.create(exercise=newest, position=check.position, title=check.title, **fields)
    regrade = RegradeJobFactory(regrade__newest=newest, rerun_of=mark).regrade

    assert versions.tests_for(mark, regrade=regrade) == first


def test_other_checks_in_the_newest_version_do_not_undo_what_an_earlier_regrade_mended():
    """The mark rests on version 2. Version 3 asks for something else, so version 2 is used again, not version 1."""
    mark = marked()
    first = mark.submission.exercise
    second, third = (ExerciseFactory(item_version=next_exercise_item(first.item_version)) for _ in range(2))
    Check.objects.create(exercise=third, slug="test_more", position=9, title="More", max_points=Decimal(1))
    on_second = MarkFactory(
        submission=mark.submission, replaces=mark, reason=REASON, provenance={"exercise_version": second.pk}
    )
    regrade = RegradeJobFactory(regrade__newest=third, rerun_of=on_second).regrade

    assert versions.tests_for(on_second, regrade=regrade) == second


def test_person_who_changes_a_mark_of_a_regrade_leaves_its_tests_on_record():
    mark = marked(points=0)
    newest = ExerciseFactory(item_version=next_exercise_item(mark.submission.exercise.item_version))
    regrading.begin(newest, reason=REASON, is_dry_run=False, ran_by="root", now=NOON)
    claim = jobs.claim()
    assert claim
    verdict = Verdict(job_id=str(claim.token), **said(2))
    new = pipeline.store_verdict(mark.submission, claim=claim, verdict=verdict, now=LATER)
    assert new

    by_person = override(new, 3)

    assert [versions.tests_of(each) for each in (mark, new, by_person)] == [mark.submission.exercise, newest, newest]
