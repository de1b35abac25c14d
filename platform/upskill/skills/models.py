"""Skills, what each level means, and the evidence that somebody has reached one."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from upskill.catalogue.models import CourseVersion
from upskill.core.models import append_only
from upskill.learning.models import QuizAttempt
from upskill.marking.models import Mark
from upskill.people.models import Organisation

from .tallies import AFTER_EVIDENCE


class Level(models.IntegerChoices):
    """The four levels of the Government Digital and Data framework; 0 is none yet."""

    NONE = 0
    AWARENESS = 1
    WORKING = 2
    PRACTITIONER = 3
    EXPERT = 4


class Framework(models.Model):
    """A capability framework that skills and roles were taken from, in one version at a time."""

    slug = models.SlugField(primary_key=True)
    name = models.CharField(max_length=120)
    version = models.CharField(max_length=40)
    licence = models.CharField(max_length=80)
    source_url = models.URLField(blank=True)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Skill(models.Model):
    """A skill, as courses/skills.yml or a framework has it. `statements`: level as text -> "You can ..."."""

    slug = models.SlugField(primary_key=True, max_length=80)
    name = models.CharField(max_length=120)
    framework = models.ForeignKey(Framework, models.PROTECT, null=True, related_name="skills")  # null: our own
    description = models.TextField(blank=True)
    valid_months = models.PositiveSmallIntegerField(null=True)  # how long evidence counts; null: for good
    same_as = models.SlugField(max_length=80, null=True)  # the framework's skill that ours stands for
    changed_in = models.CharField(max_length=40, blank=True)  # the framework's version that changed it last
    statements = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(framework=None) | Q(same_as=None), name="skill_of_ours_stands_for_another"
            ),
            models.UniqueConstraint(  # when the transaction ends: it may go from one skill to another
                fields=["same_as"], deferrable=models.Deferrable.DEFERRED, name="skill_same_as_once"
            ),
        ]

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
        triggers = [
            append_only(),
            pgtrigger.Trigger(
                name="keeps_tally", when=pgtrigger.After, operation=pgtrigger.Insert, func=AFTER_EVIDENCE
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.get_level_display()}"


class LevelTally(models.Model):
    """What a person's evidence in effect comes to, kept by PostgreSQL with each row of evidence that is added.

    For each level the latest day on which evidence of it, or of a higher one, was earned. With the skill's
    `valid_months` that says which level holds on any day. `manage.py rebuild_tallies --check` works all out anew.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="level_tallies")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    awareness_on = models.DateField()
    working_on = models.DateField(null=True)
    practitioner_on = models.DateField(null=True)
    expert_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], name="level_tally_once"),
            models.CheckConstraint(
                condition=(Q(working_on=None) | Q(awareness_on__gte=F("working_on")))
                & (Q(practitioner_on=None) | Q(working_on__gte=F("practitioner_on")))
                & (Q(expert_on=None) | Q(practitioner_on__gte=F("expert_on"))),
                name="level_tally_higher_earns_lower",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.skill_id}"


class CapabilityRole(models.Model):
    """A role of a framework, a persona of the second axis, or a role that an organisation added for itself."""

    class Kind(models.TextChoices):
        ROLE = "role"
        PERSONA = "persona"

    slug = models.SlugField(primary_key=True, max_length=80)
    name = models.CharField(max_length=120)
    family = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ROLE)
    description = models.TextField(blank=True)
    framework = models.ForeignKey(Framework, models.PROTECT, null=True, related_name="roles")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # whose own role it is
    # what its framework lists for it; at which level, where that is known, is in the requirements of its levels
    skills = models.ManyToManyField(Skill, related_name="+")
    changed_in = models.CharField(max_length=40, blank=True)  # the framework's version that changed it last
    ended_at = models.DateTimeField(null=True)  # null: people can be given it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(framework=None) | Q(organisation=None), name="capability_role_from_one_source"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="capability_role_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class RoleLevel(models.Model):
    """A step within a role, such as senior data scientist. Memberships name it by its code."""

    code = models.SlugField(primary_key=True, max_length=80)
    role = models.ForeignKey(CapabilityRole, models.PROTECT, related_name="levels")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)  # null: people can be given it

    class Meta:
        constraints = [
            models.UniqueConstraint(  # when the transaction ends: a new version puts them in another order
                fields=["role", "position"], deferrable=models.Deferrable.DEFERRED, name="role_level_position_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="role_level_has_name"),
        ]
        ordering = ["role", "position"]

    def __str__(self) -> str:
        return self.name


class Requirement(models.Model):
    """The level of a skill that a role level asks for."""

    class Source(models.TextChoices):
        OFFICIAL = "official"  # as the framework's own file has it
        LOCAL = "local"  # set here

    role_level = models.ForeignKey(RoleLevel, models.PROTECT, related_name="requirements")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="requirements")
    level = models.PositiveSmallIntegerField(choices=Level)
    source = models.CharField(max_length=20, choices=Source)
    # the framework's own skill, where one of ours stands for it
    stated_as = models.ForeignKey(Skill, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role_level", "skill"], name="requirement_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="requirement_level_range"),
        ]

    def __str__(self) -> str:
        return f"{self.role_level_id}: {self.skill_id} {self.get_level_display()}"


class SelfAssessment(models.Model):
    """Where somebody sees themselves. Never evidence, never shown to anybody else; the newest one counts."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="self_assessments")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(level__lte=4), name="self_assessment_level_range")]
        indexes = [models.Index(fields=["person", "skill", "-said_at"], name="self_assessment_newest")]
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
