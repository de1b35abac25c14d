"""Skills, what each level means, and the evidence that somebody has reached one."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from upskill.catalogue.models import CourseVersion
from upskill.core.models import append_only
from upskill.learning.models import QuizAttempt
from upskill.marking.models import Mark


class Level(models.IntegerChoices):
    """The four levels of the Government Digital and Data framework; 0 is none yet."""

    NONE = 0
    AWARENESS = 1
    WORKING = 2
    PRACTITIONER = 3
    EXPERT = 4


class Skill(models.Model):
    """A skill, as courses/skills.yml has it. `statements`: level as text -> "You can ..."."""

    slug = models.SlugField(primary_key=True)
    name = models.CharField(max_length=120)
    statements = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class Evidence(models.Model):
    """That a person reached a level of a skill, and from what. Never changed: a correction replaces it, with level 0
    where nothing is left of it."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="evidence")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="evidence")
    level = models.PositiveSmallIntegerField(choices=Level)
    mark = models.ForeignKey(Mark, models.PROTECT, null=True, related_name="evidence")
    quiz_attempt = models.ForeignKey(QuizAttempt, models.PROTECT, null=True, related_name="evidence")
    earned_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mark=None, quiz_attempt__isnull=False) | Q(mark__isnull=False, quiz_attempt=None),
                name="evidence_has_one_source",
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=4) | Q(level=0, replaces__isnull=False),
                name="evidence_level_range",
            ),
            models.UniqueConstraint(fields=["mark", "skill"], name="evidence_once_per_mark"),
            models.UniqueConstraint(fields=["quiz_attempt", "skill"], name="evidence_once_per_quiz_attempt"),
        ]
        indexes = [models.Index(fields=["learner", "skill"], name="evidence_learner_skill")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.get_level_display()}"


class Certificate(models.Model):
    """That a person lets everybody who has its address read that they finished a version of a course.

    Deleted when they take it back. What it says is read from progress, marks and evidence each time, so that it can
    never say more than they do; the name alone is kept, because papers that were handed on go on saying it.
    """

    public_id = models.UUIDField(unique=True)  # random: whoever has it may read the certificate
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    course_version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)  # the learner's, as it was then
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "course_version"], name="certificate_once"),
            models.CheckConstraint(condition=~Q(name=""), name="certificate_has_name"),
        ]
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Certificate {self.pk}"
