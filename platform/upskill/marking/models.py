"""Jobs (the queue of record) and marks (append-only)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from upskill.catalogue.models import ExerciseVersion, Item
from upskill.core.models import append_only
from upskill.learning.models import Submission

# A mark that replaces another ends its waiting; its own checks, which come after it, may begin it anew.
_STOPS_WAITING = "DELETE FROM marking_waiting WHERE submission_id = NEW.submission_id; RETURN NULL;"
_WAITS = """
    INSERT INTO marking_waiting (submission_id)
        SELECT mark.submission_id FROM marking_mark mark
        WHERE mark.id = NEW.mark_id AND NOT EXISTS (SELECT FROM marking_mark later WHERE later.replaces_id = mark.id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
"""


class Job(models.Model):
    """One piece of marking to do. The row is the queue: a broker message only says "look here"."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        PAUSED = "paused"  # with its whole regrade: nobody takes it until an operator resumes that
        DONE = "done"
        REFUSED = "refused"  # the answer cannot be marked, and the learner is told why
        FAILED_OURS = "failed_ours"  # our fault, for operators; never shown as a wrong answer

    class Lane(models.TextChoices):
        # JOB_LANE_SHARES says how many turns each gets
        INTERACTIVE = "interactive"  # somebody waits at a screen
        DEADLINE = "deadline"  # the same, when very many of one department do; or released after a fault
        PREVIEW = "preview"  # counts for nothing: a mark made again to see that it comes out the same
        REGRADE = "regrade"  # nobody waits at a screen: a regrade's, or the demo's first marks

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="jobs")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")  # of the submission
    department = models.CharField(max_length=50, blank=True)  # code of the learner's, when the job was queued; "": none
    lane = models.CharField(max_length=12, choices=Lane, default=Lane.INTERACTIVE)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True)  # who holds the lease; a result is taken only with it
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # refused: what the learner reads; failed_ours: what the operator reads
    rerun_of = models.ForeignKey("Mark", models.PROTECT, null=True, related_name="rerun_jobs")  # null: makes a mark
    # null: not of a regrade. Found by job_once_in_a_regrade
    regrade = models.ForeignKey("Regrade", models.PROTECT, null=True, related_name="jobs", db_index=False)
    # whose tests give the mark; null: those of the answer's own version. Set when an operator releases it
    tests = models.ForeignKey(ExerciseVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    request_id = models.CharField(max_length=64, blank=True)  # of the request that queued it, for the logs

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(state__in=["queued", "running"], rerun_of=None),
                name="job_one_open_per_submission",
            ),
            models.UniqueConstraint(
                fields=["learner"], condition=Q(state="running"), name="job_one_running_per_learner"
            ),
            models.UniqueConstraint(
                fields=["rerun_of"],
                condition=Q(state__in=["queued", "running"], rerun_of__isnull=False, regrade=None),
                name="job_one_rerun_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["regrade", "rerun_of"], condition=Q(regrade__isnull=False), name="job_once_in_a_regrade"
            ),
            models.CheckConstraint(
                condition=Q(lane="preview", rerun_of__isnull=False, regrade=None)
                | Q(lane="regrade", rerun_of__isnull=False, regrade__isnull=False)
                | (~Q(lane="preview") & Q(rerun_of=None, regrade=None)),
                name="job_preview_is_a_rerun",
            ),
            models.CheckConstraint(condition=Q(tests=None) | Q(rerun_of=None), name="job_tests_of_a_first_mark"),
            models.CheckConstraint(
                condition=~Q(state="paused") | Q(regrade__isnull=False), name="job_paused_with_its_regrade"
            ),
            models.CheckConstraint(
                condition=Q(state="running", token__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(token=None, lease_until=None)),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "paused"], ended_at=None)
                | Q(state__in=["done", "refused", "failed_ours"], ended_at__isnull=False),
                name="job_ended_when_over",
            ),
        ]
        indexes = [
            models.Index(  # the only one of what waits, so that its first columns are what it is read by: see dispatch
                fields=["lane", "department", "queued_at", "id"], condition=Q(state="queued"), name="job_queue"
            ),
            models.Index(fields=["lane", "department", "-started_at"], name="job_turns"),
            models.Index(fields=["-ended_at"], condition=Q(ended_at__isnull=False), name="job_ended"),
            models.Index(fields=["ended_at"], condition=Q(state="failed_ours"), name="job_stopped"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_leases"),
        ]

    def __str__(self) -> str:
        return f"Job {self.pk} ({self.state})"


class Mark(models.Model):
    """One judgement of one submission. The one that nothing replaces counts; older ones stay as history."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="marks")
    points = models.DecimalField(max_digits=6, decimal_places=2)
    max_points = models.DecimalField(max_digits=6, decimal_places=2)  # of the checks that have been decided
    waiting_points = models.DecimalField(max_digits=6, decimal_places=2)  # of the checks that wait for a person
    passed = models.BooleanField()
    marked_at = models.DateTimeField()
    # null: marked automatically
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    provenance = models.JSONField(default=dict)  # hashes, versions, seed, isolation, timings: grading's Provenance

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=F("max_points"), waiting_points__gte=0),
                name="mark_points_in_range",
            ),
            models.CheckConstraint(condition=Q(given_by=None) | ~Q(reason=""), name="mark_by_person_has_reason"),
            models.UniqueConstraint(
                fields=["submission"], condition=Q(replaces=None), name="mark_one_first_per_submission"
            ),
        ]
        triggers = [
            append_only(),
            pgtrigger.Trigger(
                name="stops_waiting",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__replaces__isnull=False),
                func=_STOPS_WAITING,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} of {self.max_points}"


class CheckMark(models.Model):
    """The result of one check within a mark, with what the learner reads."""

    class Status(models.TextChoices):
        PASSED = "passed"
        PARTIAL = "partial"
        FAILED = "failed"
        WAITING = "waiting"
        NOT_RUN = "not_run"

    mark = models.ForeignKey(Mark, models.PROTECT, related_name="checks")
    slug = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)  # null: waiting
    max_points = models.DecimalField(max_digits=6, decimal_places=2)
    message = models.TextField(blank=True)
    hidden = models.BooleanField(default=False)  # the message is the neutral line of a hidden test
    answer = models.TextField(blank=True)  # free text that a person marks
    rubric_levels = models.JSONField(default=dict)  # criterion -> level 0..4, where a person marked it

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["mark", "slug"], name="check_mark_once"),
            models.CheckConstraint(
                condition=Q(status="waiting", points=None)
                | (~Q(status="waiting") & Q(points__isnull=False, points__gte=0, points__lte=F("max_points"))),
                name="check_mark_points_in_range",
            ),
        ]
        triggers = [
            append_only(),
            pgtrigger.Trigger(
                name="waits",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__status="waiting"),
                func=_WAITS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}: {self.status}"


class Waiting(models.Model):
    """A submission with a check that waits for a person in its mark in effect: kept by PostgreSQL with marks and
    checks, so that the few that wait are found without those that once did.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"Submission {self.submission_id} waits"


class Regrade(models.Model):
    """Every answer to one exercise is marked again, because a test was mended or the engine changed."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    # when the regrade began; its tests are used where its checks are those that were answered
    newest = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="+")
    reason = models.TextField()  # learners whose mark changes read it
    is_dry_run = models.BooleanField()  # what comes out is kept, and no mark changes
    started_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)  # null: it is not paused
    ended_at = models.DateTimeField(null=True)  # the next one of the exercise has begun; null: this one may go on

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="regrade_has_reason"),
            models.UniqueConstraint(fields=["item"], condition=Q(ended_at=None), name="regrade_one_of_an_exercise"),
        ]

    def __str__(self) -> str:
        return f"Regrade {self.pk} of {self.item_id}"


class Rerun(models.Model):
    """An automatic mark made again: whether it came out the same, as far as no person has decided.

    Of a regrade also what the mark in effect becomes, or would in a dry run: `in_effect`, `points` and `passes` are
    null otherwise, and where the answer was refused.
    """

    job = models.OneToOneField(Job, models.PROTECT, related_name="rerun")
    mark = models.ForeignKey(Mark, models.PROTECT, related_name="reruns")
    is_same = models.BooleanField()
    in_effect = models.ForeignKey(Mark, models.PROTECT, null=True, related_name="+")  # the mark that counted then
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)  # in its place
    passes = models.BooleanField(null=True)  # in its place
    differences = models.JSONField(default=list)  # sentences: what came out otherwise, and what has changed since
    provenance = models.JSONField(default=dict)  # as Mark.provenance
    finished_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_same=True) | ~Q(differences=[]), name="rerun_says_what_differs"),
            models.CheckConstraint(
                condition=Q(in_effect=None, points=None, passes=None)
                | Q(in_effect__isnull=False, points__isnull=False, passes__isnull=False),
                name="rerun_gives_a_whole_mark",
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"Rerun of mark {self.mark_id}"


class Review(models.Model):
    """A learner doubts a mark and asks for a person to look at it. Each mark once."""

    mark = models.OneToOneField(Mark, models.PROTECT, related_name="review")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="review_has_reason")]
        indexes = [models.Index(fields=["asked_at"], name="review_oldest")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"Review of mark {self.mark_id}"


class ReviewDecision(models.Model):
    """What a trainer who had not marked it decided about a review, and why."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld"
        CHANGED = "changed"

    review = models.OneToOneField(Review, models.PROTECT, related_name="decision")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField()
    decided_at = models.DateTimeField()
    # the mark that replaced the doubted one; null: upheld
    new_mark = models.OneToOneField(Mark, models.PROTECT, null=True, related_name="decided_review")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="review_decision_has_reason"),
            models.CheckConstraint(
                condition=Q(outcome="upheld", new_mark=None) | Q(outcome="changed", new_mark__isnull=False),
                name="review_decision_changed_has_mark",
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.outcome} by {self.decided_by_id}"
