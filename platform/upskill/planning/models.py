"""What is assigned to whom by when, who is exempt, and who was reminded."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from upskill.catalogue.models import Course
from upskill.core.models import append_only
from upskill.people.models import Organisation, User


class Assignment(models.Model):
    """A course that some people are asked to finish by a day: those of a manager's own team, or of an organisation and
    everything below it; of these only who has the role, grade and profession, where they are given.

    Who is meant is worked out each day from where people work then: whoever joins is asked too. Ended, never deleted.
    """

    public_id = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    course = models.ForeignKey(Course, models.PROTECT, related_name="assignments")
    team_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="team_assignments")  # whose reports
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # of the team, this one alone
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="assignments")
    role = models.SlugField(max_length=80, blank=True)  # code of a role level; "": any
    grade = models.CharField(max_length=20, blank=True)
    profession = models.CharField(max_length=80, blank=True)
    is_required = models.BooleanField(default=True)  # False: recommended, never overdue
    due_on = models.DateField()
    repeat_months = models.PositiveSmallIntegerField(null=True)  # due again so long after each due day; null: once
    reason = models.TextField(blank=True)  # said to those who are asked
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seen_to_on = models.DateField(null=True)  # last day on which whoever it means was put down for reminders

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "team_of", "person", "organisation", "role", "grade", "profession"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="assignment_once",
            ),
            models.CheckConstraint(
                condition=Q(team_of=None, person=None, organisation__isnull=False)
                | Q(team_of__isnull=False, organisation=None),
                name="assignment_has_one_audience",
            ),
            models.CheckConstraint(
                condition=Q(repeat_months=None) | Q(repeat_months__gte=1, repeat_months__lte=120),
                name="assignment_repeat_range",
            ),
        ]
        indexes = [
            models.Index(fields=["team_of"], condition=Q(ended_at=None), name="assignment_of_team"),
            models.Index(fields=["organisation"], condition=Q(ended_at=None), name="assignment_of_organisation"),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.course_id} by {self.due_on}"

    @property
    def title(self) -> str:
        """The course's title as it is published now; its id where it is not."""
        version = self.course.current_version
        return version.title if version else self.course_id


class Exemption(models.Model):
    """That somebody need not do what was assigned, and why. Ended, never deleted."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="exemptions")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "person"], condition=Q(ended_at=None), name="exemption_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_has_reason"),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.person_id} exempt from {self.assignment_id}"


class Completion(models.Model):
    """That somebody finished a course on a day. Added each time, never changed: where a mark behind it was taken away,
    another row takes it back.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="completions")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField()
    takes_back = models.OneToOneField("self", models.PROTECT, null=True, related_name="taken_back_by")

    class Meta:
        indexes = [models.Index(fields=["learner", "course", "-finished_at"], name="completion_newest")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.learner_id} finished {self.course_id}"


class Reminder(models.Model):
    """When somebody was last reminded of what is assigned to them, and when to look at them again."""

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True)
    look_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["look_on"], name="reminder_due")]

    def __str__(self) -> str:
        return f"Reminder for {self.person_id}"
