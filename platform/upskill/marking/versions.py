"""Whose tests decide a mark: those of the version that was answered, unless a newer one's were used that fit: in a
regrade, or when a job that they had stopped was released.
"""

from dataclasses import asdict
from typing import Any

from django.db.models import Q

from grading.protocol import Verdict
from upskill.catalogue.models import ExerciseVersion, Item
from upskill.learning.models import Submission

from .answers import asked_cells
from .models import Mark, Regrade


def tests_of(mark: Mark) -> ExerciseVersion:
    """The version whose tests gave the automatic results of this mark, as its provenance says. At most one query."""
    number = mark.provenance.get("exercise_version")
    if number is None:
        return mark.submission.exercise
    return ExerciseVersion.objects.get(pk=number)


def tests_for(mark: Mark, *, regrade: Regrade | None) -> ExerciseVersion:
    """The version whose tests make this mark again. At most three queries.

    A regrade takes the newest version's where they fit what was answered; otherwise, as without a regrade, the tests
    are those that gave the mark. Two reads of blobs besides.
    """
    if regrade and fit(regrade.newest, answered=mark.submission.exercise):
        return regrade.newest
    return tests_of(mark)


def newest_that_fit(answered: ExerciseVersion) -> ExerciseVersion | None:
    """The newest of the later versions of the exercise that is open and whose tests fit; None where none is, of twenty.

    One query, and for each version that is looked at two queries and a read of a blob.
    """
    item = answered.item_version.item_id
    later = ExerciseVersion.objects.filter(item_version__item=item, item_version_id__gt=answered.item_version_id)
    open_ones = later.filter(~Q(clearance=None) | ~Q(item_version__item__kind=Item.Kind.EXERCISE))
    return next((each for each in open_ones.order_by("-item_version_id")[:20] if fit(each, answered=answered)), None)


def fit(tests: ExerciseVersion, *, answered: ExerciseVersion) -> bool:
    """Whether the tests of one version can judge an answer to another.

    It asks for work in the same cells, has the files that the answer may read, and decides the same checks for the same
    points. At most two queries and two reads of blobs.
    """
    if tests == answered:
        return True
    same_work = asked_cells(tests) == asked_cells(answered) and answered.files.keys() <= tests.files.keys()
    return same_work and _checks(tests) == _checks(answered)


def provenance(verdict: Verdict, *, submission: Submission, tests: ExerciseVersion) -> dict[str, Any]:
    """What decided a verdict by these tests, as a mark keeps it; with their version where another was answered."""
    found = {**asdict(verdict.provenance), "outcome": verdict.outcome}
    if tests.pk != submission.exercise_id:
        course = tests.item_version.module.course_version
        found |= {"exercise_version": tests.pk, "course_version": course.version}
    return found


def _checks(exercise: ExerciseVersion) -> set[tuple[Any, ...]]:
    return set(exercise.checks.values_list("slug", "max_points", "by_person"))
