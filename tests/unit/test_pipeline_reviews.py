"""A doubted mark on real parts: decided by a person with evidence following, and made again by the real engine."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.factories import exercises
from tests.factories.marking import SkillFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from tests.unit.answering import answered
from upskill import pipeline
from upskill.core import blobs
from upskill.core.models import Blob, OutboxMail
from upskill.core.rules import NotNow
from upskill.learning.models import ItemProgress
from upskill.marking import jobs, queries, services, slot
from upskill.marking.models import CheckMark, Job, Mark, Rerun
from upskill.marking.reviews import Change
from upskill.marking.services import RubricMark
from upskill.marking.slot import Outcome, Verdict
from upskill.skills import queries as skills
from upskill.skills.models import Evidence, Level

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
ALL_POINTS = Change(points={"test_double": Decimal(4)})


@pytest.fixture(scope="module", autouse=True)
def _engine_ends():
    yield
    slot.close()


@pytest.fixture
def exercise():
    SkillFactory()
    return exercises.real_exercise(hidden_messages={"test_double": "It must hold for every number."})


@pytest.fixture
def trainer(exercise):
    return trainer_of(exercise.item_version.item.course_id)


def marked(exercise, double: str = exercises.RIGHT) -> Mark:
    return answered(exercise, double).marks.get()


def again(mark: Mark, *, by=None) -> Rerun | None:
    """The mark made again by the engine."""
    job = pipeline.mark_again(mark, by=by or mark.submission.learner, now=LATER, announce=lambda: None)
    assert pipeline.mark_next(now=lambda: LATER)
    return Rerun.objects.filter(job=job).first()


def asked(mark: Mark):
    return pipeline.ask_review(mark, reason="I doubt it.", by=mark.submission.learner, now=NOON)


def levels(mark: Mark) -> dict[str, Level]:
    learner = mark.submission.learner_id
    return {skill: level for (_person, skill), level in skills.levels([learner], on=NOON.date()).items()}


def counted() -> list[int]:
    return [model.objects.count() for model in (Mark, CheckMark, Evidence, ItemProgress, OutboxMail)]


# --- reviews ---------------------------------------------------------------------------------------------------------


def test_review_that_changes_a_fail_into_a_pass_gives_the_level_and_the_item_is_done(exercise, trainer):
    first = marked(exercise, exercises.WRONG)
    assert (first.passed, levels(first)) == (False, {})

    decision = pipeline.decide_review(
        asked(first), seen=first, change=ALL_POINTS, reason="Right.", by=trainer, now=LATER
    )

    assert decision.new_mark
    assert (decision.new_mark.passed, levels(first)) == (True, {"fairness": Level.WORKING})
    assert [piece.mark for piece in skills.in_effect()] == [decision.new_mark]
    assert ItemProgress.objects.get().completed_at == LATER


def test_review_that_takes_a_pass_away_takes_the_level_too(exercise, trainer):
    first = marked(exercise)
    change = Change(points={"test_double": Decimal(1)})

    decision = pipeline.decide_review(asked(first), seen=first, change=change, reason="Copied.", by=trainer, now=LATER)

    assert decision.new_mark
    assert (decision.new_mark.passed, levels(first)) == (False, {})
    chain = Evidence.objects.order_by("pk").values_list("mark", "level", "replaces__mark")
    assert list(chain) == [(first.pk, 2, None), (decision.new_mark_id, 0, first.pk)]


def test_review_that_raises_levels_to_a_pass_gives_the_level(exercise, trainer):
    first = marked(exercise, exercises.WRONG)
    judgement = RubricMark(check="reflection", levels={"finding": 1, "advice": 2}, comment="Thin.")
    judged = pipeline.mark_by_rubric(first, rubric_mark=judgement, by=PersonFactory(), now=NOON)
    assert levels(first) == {}
    change = Change(levels={"reflection": {"finding": 2, "advice": 2}})

    decision = pipeline.decide_review(asked(judged), seen=judged, change=change, reason="Good.", by=trainer, now=LATER)

    assert decision.new_mark
    assert (decision.new_mark.points, decision.new_mark.passed) == (3, True)
    assert levels(first) == {"fairness": Level.WORKING}
    assert [piece.mark for piece in skills.in_effect()] == [decision.new_mark]


def test_review_that_upholds_leaves_the_evidence_where_it_is(exercise, trainer):
    first = marked(exercise)
    before = list(Evidence.objects.values())

    pipeline.decide_review(asked(first), seen=first, change=None, reason="It stays.", by=trainer, now=LATER)

    assert list(Evidence.objects.values()) == before
    assert list(queries.current_marks()) == [first]


# --- made again by the real engine -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "double", [exercises.RIGHT, exercises.WRONG, "def double(x):\n    return abs(2 * x)", "def double(x:\n"]
)
def test_mark_again_comes_out_the_same_and_counts_for_nothing(exercise, double):
    mark = marked(exercise, double)
    before, state = counted(), queries.state_of(mark.submission)

    rerun = again(mark)

    assert rerun
    assert (rerun.is_same, rerun.differences, rerun.finished_at) == (True, [], LATER)
    assert (counted(), queries.state_of(mark.submission)) == (before, state)
    assert (rerun.job.state, rerun.job.token) == (Job.State.DONE, None)


def test_mark_again_uses_the_seed_and_gives_the_provenance_of_the_mark(exercise):
    mark = marked(exercise)

    rerun = again(mark)

    assert rerun
    then, now = mark.provenance, rerun.provenance
    assert {key: now[key] for key in now if key != "timings_ms"} == {
        key: then[key] for key in then if key != "timings_ms"
    }


def test_mark_again_depends_on_nothing_but_the_seed(exercise):
    """The order of a set of words is another with each hash seed: with the mark's own it is the same again."""
    mark = marked(exercise, "def double(x):\n    return list({'a', 'b', 'c', 'd', 'e', 'f', 'g'})")

    rerun = again(mark)

    assert rerun
    assert "You returned ['" in mark.checks.get(slug="test_double").message
    assert (rerun.is_same, rerun.differences) == (True, [])


def test_mark_again_finds_an_answer_that_throws_dice(exercise):
    mark = marked(exercise, "import os\n\ndef double(x):\n    return int.from_bytes(os.urandom(8), 'big')")

    rerun = again(mark)

    assert rerun
    assert rerun.is_same is False
    assert rerun.differences[0].startswith("“Double it” gives the same points but says now: double(2) should be 4.")


def test_mark_again_wakes_a_worker_after_the_commit(exercise, django_capture_on_commit_callbacks):
    mark, woken = marked(exercise), []

    with django_capture_on_commit_callbacks(execute=True):
        pipeline.mark_again(mark, by=mark.submission.learner, now=LATER, announce=lambda: woken.append(True))
        assert woken == []

    assert woken == [True]


def test_mark_again_is_refused_while_it_is_under_way(exercise):
    mark = marked(exercise)
    pipeline.mark_again(mark, by=mark.submission.learner, now=LATER, announce=lambda: None)

    with pytest.raises(NotNow):
        pipeline.mark_again(mark, by=mark.submission.learner, now=LATER, announce=lambda: None)


def test_mark_again_does_not_keep_the_learner_from_handing_in(exercise):
    mark = marked(exercise)
    pipeline.mark_again(mark, by=mark.submission.learner, now=LATER, announce=lambda: None)
    pipeline.submit(
        exercise,
        content=exercises.answer(exercises.WRONG),
        idempotency_key="another",
        by=mark.submission.learner,
        now=LATER,
        announce=lambda: None,
    )

    for _lane in range(2):  # which of the two lanes comes first is by chance
        pipeline.mark_next(now=lambda: LATER)

    assert [(each.submission.attempt, each.passed) for each in Mark.objects.order_by("pk")] == [(1, True), (2, False)]
    assert Rerun.objects.get(job__rerun_of=mark).is_same


# --- verdicts about a rerun ------------------------------------------------------------------------------------------


def claimed_rerun(mark: Mark) -> jobs.Claim:
    pipeline.mark_again(mark, by=mark.submission.learner, now=LATER, announce=lambda: None)
    claim = jobs.claim()
    assert claim
    return claim


def test_verdict_of_our_fault_about_a_rerun_is_tried_again_and_says_nothing(exercise):
    mark = marked(exercise)
    claim, before = claimed_rerun(mark), counted()
    verdict = Verdict(job_id="t", outcome=Outcome.FAILED_OURS, reason="The sandbox broke.")

    assert pipeline.store_verdict(mark.submission, claim=claim, verdict=verdict, now=LATER) is None

    job = Job.objects.get(rerun_of=mark)
    assert (job.state, job.reason, Rerun.objects.count(), counted()) == ("queued", "The sandbox broke.", 0, before)


def test_refused_verdict_about_a_rerun_is_a_difference_and_the_mark_stays(exercise):
    mark = marked(exercise)
    claim, before = claimed_rerun(mark), counted()
    verdict = Verdict(job_id="t", outcome=Outcome.REFUSED, reason="Download it again.")

    assert pipeline.store_verdict(mark.submission, claim=claim, verdict=verdict, now=LATER) is None

    rerun, job = Rerun.objects.get(), Job.objects.get(rerun_of=mark)
    assert (rerun.is_same, rerun.differences[0]) == (
        False,
        "This time the answer could not be marked: Download it again.",
    )
    assert (job.state, counted()) == (Job.State.REFUSED, before)
    assert queries.state_of(mark.submission).job.state == Job.State.DONE


@pytest.mark.parametrize("outcome", list(Outcome))
def test_verdict_about_a_rerun_under_a_lost_lease_is_thrown_away(exercise, outcome):
    mark = marked(exercise)
    lost, before = claimed_rerun(mark), counted()
    Job.objects.filter(rerun_of=mark).update(token="00000000-0000-4000-8000-000000000000")

    with pytest.raises(jobs.LeaseLost):
        pipeline.store_verdict(mark.submission, claim=lost, verdict=Verdict(job_id="t", outcome=outcome), now=LATER)

    assert (Rerun.objects.count(), counted()) == (0, before)


def test_a_rerun_that_always_breaks_is_buried_and_the_answer_stays_marked(exercise, settings):
    """Its exercise has lost a blob: each try raises and gives it back."""
    mark, source = marked(exercise), blobs.read(exercise.source_sha256)
    mark_job = Job.objects.get()
    job = pipeline.mark_again(mark, by=mark.submission.learner, now=LATER, announce=lambda: None)
    Blob.objects.filter(pk=exercise.source_sha256).delete()
    for _try in range(settings.JOB_MAX_TRIES):
        Job.objects.filter(pk=job.pk).update(started_at=LONG_AGO)
        with pytest.raises(Blob.DoesNotExist):
            pipeline.mark_next(now=lambda: LATER)

    job.refresh_from_db()
    assert (job.state, job.tries, Rerun.objects.count()) == (Job.State.FAILED_OURS, settings.JOB_MAX_TRIES, 0)
    assert queries.state_of(mark.submission).job == mark_job
    blobs.store(source)
    assert again(mark)


def test_a_mark_that_a_person_replaced_meanwhile_is_made_again_beside_the_chain(exercise, trainer):
    mark = marked(exercise)
    claim = claimed_rerun(mark)
    new = pipeline.override_mark(mark, points={"test_double": Decimal(1)}, reason="No.", by=trainer, now=NOON)
    engine_job = services.engine_job(mark.submission, token=str(claim.token), rerun_of=claim.rerun_of)
    verdict = slot.engine().mark(engine_job, on_wait=lambda: None)

    pipeline.store_verdict(mark.submission, claim=claim, verdict=verdict, now=LATER)

    assert (Rerun.objects.get().mark, Rerun.objects.get().is_same) == (mark, True)
    assert list(queries.history(mark.submission)) == [new, mark]
    assert levels(mark) == {}
