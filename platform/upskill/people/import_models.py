"""Imports of staff records, and the rows of their files until they are over."""

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q


class PeopleImport(models.Model):
    """A file of staff records that somebody gave to be read: checked first, then carried out, in steps that can be
    repeated. The file itself is deleted once it is carried out or refused; what it changed is in the audit trail.
    """

    class State(models.TextChoices):
        CHECKING = "checking"
        CHECKED = "checked"  # a person has to say that it is to be carried out
        APPLYING = "applying"
        APPLIED = "applied"
        REFUSED = "refused"  # the file as a whole cannot be read
        WITHDRAWN = "withdrawn"

    public_id = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True
    )  # the scope; null: the whole service
    filename = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=20, choices=State, default=State.CHECKING)
    rows = models.PositiveIntegerField(default=0)  # in the file; 0: not counted yet
    rows_done = models.PositiveIntegerField(default=0)  # of this state
    step = models.CharField(max_length=20, default="read")  # of this state: imports/running.py has them in their order
    position = models.PositiveBigIntegerField(default=0)  # in this step: a byte of the file, or the last row done
    on = models.DateField()  # the day of a post whose row names none, and of whoever left
    has_leavers = models.BooleanField(default=False)  # True: whoever the file does not name has left
    summary = models.JSONField(default=dict)  # counts of what is or would be new, changed, moved, ended; errors by row
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)  # null: the command
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(content=None) | Q(state__in=["checking", "checked", "applying"]),
                name="people_import_keeps_no_file",
            )
        ]
        indexes = [models.Index(fields=["-given_at"], name="people_import_newest")]

    def __str__(self) -> str:
        return f"Import {self.pk}"


class ImportRow(models.Model):
    """One row of a file that is being imported, until that is over. An unlogged table: what a crash of the database
    loses is read from the file again. Null in a column of the file: the file has no such column.
    """

    imported = models.ForeignKey(PeopleImport, models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField()  # as the file counts its rows
    staff_number = models.CharField(max_length=40)
    full_name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)
    organisation = models.CharField(max_length=50)  # its code
    line_manager = models.CharField(max_length=40, null=True)  # their staff number; "": nobody
    job_title = models.CharField(max_length=200, null=True)
    grade = models.CharField(max_length=20, null=True)
    profession = models.CharField(max_length=80, null=True)
    role = models.CharField(max_length=80, null=True)
    persona = models.CharField(max_length=80, null=True)
    valid_from = models.DateField(null=True)  # null: on the day of the import
    head_of = models.CharField(max_length=50, blank=True)
    error = models.CharField(max_length=40, blank=True)  # a code of imports/errors.py; "": nothing is wrong
    detail = models.CharField(max_length=80, blank=True)  # what the sentence of the error names
    # found out in the database; ids as they are, without the cost of a foreign key for each row
    person = models.BigIntegerField(null=True)  # null: somebody new
    unit = models.BigIntegerField(null=True)
    manager = models.BigIntegerField(null=True)  # below zero: somebody new, the id of their row
    post = models.BigIntegerField(null=True)  # the main membership in force on the day
    until = models.DateField(null=True)  # on which an added post gives way to what is known already
    act = models.CharField(max_length=10, blank=True)  # what becomes of the post: keep, correct, add
    verdict = models.CharField(max_length=10, blank=True)  # new, back, moved, changed, same

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["imported", "staff_number"], name="import_row_staff_number"),
            models.Index(fields=["imported", "email"], condition=~Q(error=""), name="import_row_wrong_email"),
            models.Index(fields=["imported", "manager"], condition=Q(manager__lt=0), name="import_row_new_manager"),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}"
