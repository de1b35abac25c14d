"""Enrolment, progress, quiz attempts and submissions: what learners did."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from upskill.catalogue.models import Course, ExerciseVersion, Item, ItemVersion, LearningPath
from upskill.core.models import Blob, append_only


class Enrolment(models.Model):
    """A learner takes a course."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "course"], name="enrolment_once")]

    def __str__(self) -> str:
        return f"{self.learner_id} in {self.course_id}"


class FollowedPath(models.Model):
    """The path that a learner follows: one at a time, and nobody else's to see. Deleted when they stop."""

    learner = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    path = models.ForeignKey(LearningPath, models.PROTECT, related_name="+")
    followed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.learner_id} on {self.path_id}"


class ItemProgress(models.Model):
    """When a learner first opened, last saw and completed an item; the newest `last_seen_at` is where they left."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "item"], name="progress_once")]
        indexes = [models.Index(fields=["learner", "-last_seen_at"], name="progress_where_left")]

    def __str__(self) -> str:
        return f"{self.learner_id} at {self.item_id}"


class QuizAttempt(models.Model):
    """One answered quiz, marked when it was sent in. Never changed."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="quiz_attempts")
    quiz = models.ForeignKey(ItemVersion, models.PROTECT, related_name="quiz_attempts")
    answers = models.JSONField()  # question id -> what was chosen, as learning.quizzes reads it
    right = models.PositiveSmallIntegerField()
    questions = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(right__lte=F("questions"), questions__gt=0), name="quiz_right_in_range")
        ]
        indexes = [models.Index(fields=["learner", "quiz", "-answered_at"], name="quiz_attempt_newest")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.right} of {self.questions}"

    @property
    def share(self) -> Decimal:
        """Share of the questions that were answered right, from 0 to 1."""
        return Decimal(self.right) / self.questions


class DiagnosticResult(models.Model):
    """The newest result of a learner's diagnostic: how many answers were right, by skill. Not what they answered, and
    theirs alone; replaced by the next one.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    quiz = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")  # the version that was answered
    right = models.JSONField()  # skill -> how many answers were right
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "item"], name="diagnostic_result_once")]

    def __str__(self) -> str:
        return f"{self.learner_id} at {self.item_id}"


class Draft(models.Model):
    """What a learner has written in an exercise and not handed in. Changed with each save, and nobody else's to see."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    cells = models.JSONField()  # id of a cell -> its text
    revision = models.PositiveIntegerField()  # 1 for the first save; each later one counts on
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "item"], name="draft_once"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="draft_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} in {self.item_id}, revision {self.revision}"


class Recall(models.Model):
    """Where a learner stands with a question of a quiz that they have passed. Not what they answered, and theirs alone.

    There is no row before a question has come back for the first time: that day follows from the quiz attempt.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")  # the quiz
    question = models.TextField()  # the question's id, through all versions of the quiz
    step = models.PositiveSmallIntegerField()  # which of recall.GAPS it waits for; as many as there are: it is over
    answered_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "item", "question"], name="recall_once"),
            models.CheckConstraint(condition=~Q(question=""), name="recall_names_question"),
            models.CheckConstraint(condition=Q(step__lte=4), name="recall_step_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} at {self.question}, step {self.step}"


class Submission(models.Model):
    """A notebook that a learner handed in. Never changed: marking adds marks to it."""

    public_id = models.UUIDField(unique=True)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="submissions")
    exercise = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="submissions", db_index=False)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    idempotency_key = models.CharField(max_length=80)
    attempt = models.PositiveIntegerField()  # 1 for a learner's first submission of this exercise
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "idempotency_key"], name="submission_once_per_key"),
            models.CheckConstraint(condition=~Q(idempotency_key=""), name="submission_has_key"),
            models.CheckConstraint(condition=Q(attempt__gte=1), name="submission_attempt_counts_from_one"),
        ]
        indexes = [
            models.Index(fields=["learner", "exercise", "-submitted_at"], name="submission_newest"),
            models.Index(
                fields=["exercise", "-submitted_at", "-id"], include=["learner"], name="submission_newest_of_exercise"
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return str(self.public_id)
