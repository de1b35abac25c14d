"""Nightly publications: the figures that every wider view, chart, export and API answer reads. No fact about a person.

Also what somebody wants to see again: saved views, and those that are mailed at intervals.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from upskill.people.models import Organisation, User


class Publication(models.Model):
    """The figures of one day, for the whole tree, all made at once."""

    on = models.DateField(unique=True)
    made_at = models.DateTimeField()
    method = models.PositiveSmallIntegerField()  # version of the rules by which figures are protected (disclosure.py)
    skills = ArrayField(models.SlugField(max_length=80))  # whose figures, in the order in which `figures` has them
    seconds = models.FloatField()  # that making it took
    oldest_on = models.DateField()  # of which day the oldest counts behind its figures are
    roots = models.PositiveIntegerField(default=1)  # that are rounded apart, of which figures of government are the sum

    def __str__(self) -> str:
        return f"Publication of {self.on}"


class PublishedFigures(models.Model):
    """One organisation with everything below it, for everybody or for one slice: a grade band or a profession. One row
    has no organisation and the path "": it is of all of them together.

    `figures` holds, skill after skill, reports.figures.FIGURES in their order. Each is a multiple of five, or a code
    below zero: HIDDEN_FEW for a figure that may be about few people, HIDDEN_WITH for one from which such a figure
    could be worked out, HIDDEN_NEW where nothing was counted yet. What is not in a publication is not shown anywhere.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="rows")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # null: government
    path = models.CharField(max_length=500, blank=True)  # of the organisation on that day
    parent_path = models.CharField(max_length=500, blank=True)
    slice_kind = models.CharField(max_length=20, blank=True)  # "" everybody, "grade", "profession"
    slice = models.CharField(max_length=80, blank=True)
    people = models.IntegerField()
    figures = ArrayField(models.IntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "path", "slice_kind", "slice"], name="published_figures_once"
            ),
            models.CheckConstraint(
                condition=Q(slice_kind="", slice="") | (~Q(slice_kind="") & ~Q(slice="")),
                name="published_figures_slice_has_kind",
            ),
            models.CheckConstraint(
                condition=Q(organisation=None, path="") | (Q(organisation__isnull=False) & ~Q(path="")),
                name="published_figures_government_has_no_path",
            ),
        ]
        indexes = [
            models.Index(fields=["publication", "parent_path", "slice_kind"], name="published_figures_parts"),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.slice}".strip()


class PublicationBasis(models.Model):
    """What is shown of one root organisation, slice and skill with the counts behind it, so that figures are made of
    new ones only once enough has changed. Read by the nightly publication alone, never shown.
    """

    root = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # null: who is in none shown
    slice_kind = models.CharField(max_length=20, blank=True)
    slice = models.CharField(max_length=80, blank=True)
    skill = models.SlugField(max_length=80)
    counts = models.BinaryField()  # packed rows of 32-bit numbers: an organisation's id, MEASURES of who works there
    figures = models.BinaryField()  # packed too: an organisation's id, its parent's, FIGURES or why they are hidden
    since_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["root", "slice_kind", "slice", "skill"], nulls_distinct=False, name="publication_basis_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.root_id} {self.slice} {self.skill}".strip()


class SavedView(models.Model):
    """A view of figures under a name, to come back to; mailed at intervals if its owner wants that."""

    class Every(models.TextChoices):
        NEVER = ""
        WEEK = "week"
        MONTH = "month"

    public_id = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    query = models.CharField(max_length=500, blank=True)  # the rest of the page's address, after the question mark
    every = models.CharField(max_length=10, choices=Every, blank=True)
    next_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
            models.CheckConstraint(
                condition=Q(every="", next_on=None) | (~Q(every="") & Q(next_on__isnull=False)),
                name="saved_view_mailed_has_day",
            ),
        ]
        indexes = [models.Index(fields=["next_on"], name="saved_view_due")]

    def __str__(self) -> str:
        return self.name
