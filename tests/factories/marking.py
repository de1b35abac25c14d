"""Submissions, jobs and marks, and the evidence that follows."""

import uuid
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from upskill.core import blobs
from upskill.learning.models import Submission
from upskill.marking.models import CheckMark, Job, Mark, Regrade, Rerun, Review, ReviewDecision
from upskill.skills.models import Certificate, Evidence, Level, Skill

from .catalogue import CourseVersionFactory, ExerciseFactory
from .people import NOON, PersonFactory

HELD = "A person will look at this check."


class SubmissionFactory(DjangoModelFactory):
    class Meta:
        model = Submission

    public_id = factory.LazyFunction(uuid.uuid4)
    learner = factory.SubFactory(PersonFactory)
    exercise = factory.SubFactory(ExerciseFactory)
    blob_id = factory.LazyFunction(lambda: blobs.store(b"{}"))
    idempotency_key = factory.Sequence(lambda n: f"key-{n}")
    attempt = 1
    submitted_at = NOON


class JobFactory(DjangoModelFactory):
    """A queued job; `state` and what goes with it for another."""

    class Meta:
        model = Job

    submission = factory.SubFactory(SubmissionFactory)
    learner = factory.SelfAttribute("submission.learner")
    queued_at = NOON


class DoneJobFactory(JobFactory):
    state = Job.State.DONE
    ended_at = NOON


class MarkFactory(DjangoModelFactory):
    """An automatic mark of a done job: the first check passed, the reflection (`checks__answer`) waits for a person.

    Without decided points, as HeldMarkFactory makes it, the first check waits too.
    """

    class Meta:
        model = Mark
        skip_postgeneration_save = True

    submission = factory.SubFactory(SubmissionFactory)
    points = Decimal(4)
    max_points = Decimal(4)
    waiting_points = Decimal(6)
    passed = factory.LazyAttribute(lambda o: o.points >= o.max_points * Decimal("0.8"))
    marked_at = NOON

    @factory.post_generation
    def checks(mark, create, extracted, **kwargs):
        if not mark.submission.jobs.exists():
            DoneJobFactory(submission=mark.submission, ended_at=mark.marked_at)
        one: dict[str, Any] = {"points": None, "status": "waiting", "message": HELD}
        if mark.max_points:
            passed = mark.points == 4
            one = {
                "points": mark.points,
                "status": "passed" if passed else "failed",
                "message": "" if passed else "Not yet.",
            }
        CheckMark.objects.create(mark=mark, slug="test_one", position=0, title="One", max_points=4, **one)
        CheckMark.objects.create(
            mark=mark, slug="reflection", position=1, title="Reflection", points=None, max_points=6,
            status="waiting", answer=kwargs.get("answer", "I recommend a pause."),
        )  # fmt: skip


class HeldMarkFactory(MarkFactory):
    """An automatic mark in which nothing is decided: the test is held for a person."""

    points = max_points = Decimal(0)
    waiting_points = Decimal(10)
    passed = False


class RerunJobFactory(JobFactory):
    """A queued job that makes an automatic mark again."""

    lane = Job.Lane.PREVIEW
    rerun_of = factory.SubFactory(MarkFactory)
    submission = factory.LazyAttribute(lambda o: o.rerun_of.submission)


class RerunFactory(DjangoModelFactory):
    """A mark that came out the same when it was made again."""

    class Meta:
        model = Rerun

    mark = factory.SubFactory(MarkFactory)
    job = factory.LazyAttribute(lambda o: RerunJobFactory(rerun_of=o.mark, state=Job.State.DONE, ended_at=NOON))
    is_same = True
    finished_at = NOON


class RegradeFactory(DjangoModelFactory):
    """A regrade that has begun; its jobs are made one by one."""

    class Meta:
        model = Regrade

    newest = factory.SubFactory(ExerciseFactory)
    item = factory.SelfAttribute("newest.item_version.item")
    reason = "The test asked for too much."
    is_dry_run = False
    started_at = NOON


class RegradeJobFactory(RerunJobFactory):
    """A queued job of a regrade."""

    lane = Job.Lane.REGRADE
    regrade = factory.SubFactory(RegradeFactory)
    rerun_of = factory.SubFactory(MarkFactory, submission__exercise=factory.SelfAttribute("...regrade.newest"))


class RegradeResultFactory(DjangoModelFactory):
    """What came of one answer in a regrade: `points` of 4 where it had 4."""

    class Meta:
        model = Rerun

    class Params:
        regrade = factory.SubFactory(RegradeFactory)

    job = factory.LazyAttribute(lambda o: RegradeJobFactory(regrade=o.regrade, state=Job.State.DONE, ended_at=NOON))
    mark = factory.SelfAttribute("job.rerun_of")
    in_effect = factory.SelfAttribute("mark")
    points = Decimal(4)
    passes = factory.LazyAttribute(lambda o: o.points == 4)
    is_same = factory.LazyAttribute(lambda o: o.points == o.in_effect.points)
    differences = factory.LazyAttribute(lambda o: [] if o.is_same else ["It came out otherwise."])
    finished_at = NOON


class ReviewFactory(DjangoModelFactory):
    """An open review, asked for by the learner whose mark it is."""

    class Meta:
        model = Review

    mark = factory.SubFactory(MarkFactory)
    asked_by = factory.LazyAttribute(lambda o: o.mark.submission.learner)
    reason = "My rounding is the one that the task names."
    asked_at = NOON


class ReviewDecisionFactory(DjangoModelFactory):
    """A review that a trainer upheld."""

    class Meta:
        model = ReviewDecision

    review = factory.SubFactory(ReviewFactory)
    decided_by = factory.SubFactory(PersonFactory)
    outcome = ReviewDecision.Outcome.UPHELD
    reason = "The task names another rounding."
    decided_at = NOON


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill
        django_get_or_create = ("slug",)

    slug = "fairness"
    name = factory.LazyAttribute(lambda o: o.slug.replace("-", " ").capitalize())
    statements = {"1": "You can say it.", "2": "You can do it.", "3": "You can lead it."}


class EvidenceFactory(DjangoModelFactory):
    """Evidence from a passed exercise."""

    class Meta:
        model = Evidence

    learner = factory.SubFactory(PersonFactory)
    skill = factory.SubFactory(SkillFactory)
    level = Level.WORKING
    mark = factory.LazyAttribute(lambda o: MarkFactory(submission__learner=o.learner))
    earned_at = NOON


class CertificateFactory(DjangoModelFactory):
    """A certificate, whether its learner has finished the course or not."""

    class Meta:
        model = Certificate

    public_id = factory.LazyFunction(uuid.uuid4)
    learner = factory.SubFactory(PersonFactory)
    course_version = factory.SubFactory(CourseVersionFactory)
    name = factory.LazyAttribute(lambda o: o.learner.full_name)
    issued_at = NOON
