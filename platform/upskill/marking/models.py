"""Jobs (the queue of record) and marks (append-only)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from upskill.core.models import append_only
from upskill.learning.models import Submission


class Job(models.Model):
    """One piece of marking to do. The row is the queue: a broker message only says "look here"."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"  # the answer cannot be marked, and the learner is told why
        FAILED_OURS = "failed_ours"  # our fault, for operators; never shown as a wrong answer

    class Lane(models.TextChoices):
        # JOB_LANE_SHARES says how many turns each gets
        INTERACTIVE = "interactive"  # somebody waits at a screen
        DEADLINE = "deadline"  # the same, when very many of one department do
        PREVIEW = "preview"  # counts for nothing: a mark made again to see that it comes out the same
        REGRADE = "regrade"

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
                condition=Q(state__in=["queued", "running"], rerun_of__isnull=False),
                name="job_one_rerun_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(lane="preview", rerun_of__isnull=False) | (~Q(lane="preview") & Q(rerun_of=None)),
                name="job_preview_is_a_rerun",
            ),
            models.CheckConstraint(
                condition=Q(state="running", token__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(token=None, lease_until=None)),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], ended_at=None)
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
        triggers = [append_only()]

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
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.slug}: {self.status}"


class Rerun(models.Model):
    """An automatic mark made again: whether it came out the same. Counts for nothing."""

    job = models.OneToOneField(Job, models.PROTECT, related_name="rerun")
    mark = models.ForeignKey(Mark, models.PROTECT, related_name="reruns")
    is_same = models.BooleanField()
    differences = models.JSONField(default=list)  # sentences: what came out otherwise, and what has changed since
    provenance = models.JSONField(default=dict)  # as Mark.provenance
    finished_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_same=True) | ~Q(differences=[]), name="rerun_says_what_differs")
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
