"""Courses as published: versions never change; an item keeps its identity through all of them."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from upskill.core.models import append_only

from .licences import is_open


class Course(models.Model):
    """A course. Its id is the `id` in course.yml, such as ai-ethics-in-practice."""

    id = models.SlugField(primary_key=True)
    current_version = models.ForeignKey("CourseVersion", models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.id


class CourseVersion(models.Model):
    """One published state of a course. Immutable; `content_sha256` names all of its content."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=40)
    content_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    title = models.CharField(max_length=200)
    summary = models.TextField()
    language = models.CharField(max_length=10)
    licence = models.CharField(max_length=40)
    audience = models.JSONField(default=list)  # list of words, such as existing-staff
    skills = models.JSONField(default=list)  # list of {"skill": slug, "level": 1..4}: what the course can earn
    profiles = models.JSONField(default=list)  # list of {"name", "role", "html"}: invented people it is written for
    principles = models.JSONField(default=list)  # list of 1..10: those of the AI Playbook that it serves

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "version"], name="course_version_once"),
            models.UniqueConstraint(fields=["course", "content_sha256"], name="course_content_once"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.course_id} {self.version}"


class Module(models.Model):
    """A part of one course version."""

    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="modules")
    slug = models.SlugField()
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    objectives = models.JSONField(default=list)  # list of sentences: "You can ..."
    prerequisites = models.JSONField(default=list)  # list of {"skill": slug, "level": 1..3}: what helps before it

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["course_version", "slug"], name="module_slug_once")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.title


class Item(models.Model):
    """A lesson, quiz, exercise, reflection or workshop through all versions of its course: what progress refers to."""

    class Kind(models.TextChoices):
        LESSON = "lesson"
        QUIZ = "quiz"
        EXERCISE = "exercise"
        REFLECTION = "reflection"
        WORKSHOP = "workshop"

    course = models.ForeignKey(Course, models.PROTECT, related_name="items")
    key = models.CharField(max_length=120)  # module slug / item slug
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="item_key_once")]

    def __str__(self) -> str:
        return f"{self.course_id}/{self.key}"

    @property
    def is_required(self) -> bool:
        """Whether finishing the course takes it. A workshop takes other people, whom not everybody has."""
        return self.kind != Item.Kind.WORKSHOP


class ItemVersion(models.Model):
    """An item as one course version has it.

    `content` by kind. lesson: {"html"}, and "figures" where it shows any: the SHA-256 of each, which are blobs; with a
    Welsh side {"cy": {"title", "html", "is_checked"}}, or where that is of an older English {"cy": {"is_stale": true}}.
    quiz: {"pass_share", "questions": [...]} as course_files.quiz makes them, of a diagnostic
    {"diagnostic": [...], "questions": [...]}.
    exercise: {"html"}: the task as a page, drawn from the release notebook. reflection: {"html", "words"}: the prompt,
    and the most words that learners may write. workshop: {"html", "people", "materials"}: the participants' side alone.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    module = models.ForeignKey(Module, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    skills = models.JSONField(default=list)  # list of {"skill": slug, "level": 1..4}: what passing it earns
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["item", "module"], name="item_once_in_module")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.title


class ExerciseVersion(models.Model):
    """What marking needs of an exercise: notebooks and data as blobs, limits, and how much is a pass.

    That of a reflection is one cell, which a person marks: decision 0034.
    """

    item_version = models.OneToOneField(ItemVersion, models.PROTECT, related_name="exercise")
    source_sha256 = models.CharField(max_length=64)  # blob: nbgrader source notebook with solutions and hidden tests
    release_sha256 = models.CharField(max_length=64)  # blob: the notebook that learners download
    files = models.JSONField(default=dict)  # file name -> blob sha256, laid beside the notebook
    limits = models.JSONField(default=dict)  # fields of grading.protocol.Limits
    hidden_messages = models.JSONField(default=dict)  # check -> what a learner reads when its hidden part fails
    filename = models.CharField(max_length=120)  # of the download, such as audit-referrals.ipynb
    pass_share = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.80"))
    is_overlaid = models.BooleanField(default=False)  # a site's own, in place of the one that its course has openly

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pass_share__gt=0, pass_share__lte=1), name="exercise_pass_share_range")
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_open_exercise(self) -> bool:
        """Whether anybody can look up its solution and tests. No query where it was read with its course version."""
        is_exercise = self.item_version.item.kind == Item.Kind.EXERCISE  # of a reflection a person judges every word
        return is_exercise and not self.is_overlaid and is_open(self.item_version.module.course_version.licence)


class Clearance(models.Model):
    """Why answers to an exercise version are taken: without one it can be practised, and not be handed in.

    It is never taken back. A newer certificate of the same content takes the place of what was there: decision 0033.
    """

    class Ground(models.TextChoices):
        CERTIFICATE = "certificate"  # the gate found no mistake in this very content
        OPERATOR = "operator"  # loaded with --unchecked
        EARLIER = "earlier"  # published before certificates were asked for

    exercise = models.OneToOneField(ExerciseVersion, models.PROTECT, primary_key=True, related_name="clearance")
    ground = models.CharField(max_length=11, choices=Ground)
    certificate = models.JSONField(default=dict)  # as certificate.json has it; empty on any other ground
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ground="certificate") & ~Q(certificate={}) | ~Q(ground="certificate") & Q(certificate={}),
                name="clearance_by_certificate_has_it",
            )
        ]

    def __str__(self) -> str:
        return f"{self.exercise_id} by {self.ground}"


class KitVersion(models.Model):
    """What a trainer needs of a workshop. In a table of its own, so that no page or search of items can hold it."""

    item_version = models.OneToOneField(ItemVersion, models.PROTECT, related_name="kit")
    trainer_html = models.TextField()  # the whole text, with the parts for the trainer in their places

    class Meta:
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"kit of {self.item_version_id}"


class Check(models.Model):
    """One graded cell of an exercise: points are given by its tests, or by a person with a rubric."""

    exercise = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="checks")
    slug = models.CharField(max_length=80)  # nbgrader's grade_id
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    max_points = models.DecimalField(max_digits=6, decimal_places=2)
    by_person = models.BooleanField(default=False)
    rubric = models.JSONField(default=list)  # by_person: list of {"id", "title", "points", "levels": [5 sentences]}
    model_answer = models.TextField(blank=True)  # by_person: for trainers only

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["exercise", "slug"], name="check_slug_once"),
            models.CheckConstraint(condition=Q(max_points__gt=0), name="check_has_points"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.slug


class LearningPath(models.Model):
    """An order in which some people do well to take courses, as paths.yml says now. One that is offered no more stays,
    for whoever follows it.
    """

    id = models.SlugField(primary_key=True)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    audience = models.JSONField(default=list)  # list of words, such as existing-staff
    steps = models.JSONField(default=list)  # list of {"course", "module" ("": all of it), "why" ("" where none)}
    position = models.PositiveSmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.id

    @property
    def is_offered(self) -> bool:
        """False once it has gone from paths.yml."""
        return self.withdrawn_at is None

    @property
    def courses(self) -> list[str]:
        """The ids of the courses that it takes something of, each once."""
        return list(dict.fromkeys(step["course"] for step in self.steps))
