"""Whose tests decide a mark: those of the version that was answered, unless a regrade used a newer one's."""

from dataclasses import asdict
from typing import Any

from grading.protocol import Verdict
from upskill.catalogue.models import ExerciseVersion
from upskill.learning.models import Submission

from .models import Mark, Regrade


def tests_of(mark: Mark) -> ExerciseVersion:
    """The version whose tests gave the automatic results of this mark, as its provenance says. At most one query."""
    number = mark.provenance.get("exercise_version")
    if number is None:
        return mark.submission.exercise
    return ExerciseVersion.objects.get(pk=number)


def tests_for(mark: Mark, *, regrade: Regrade | None) -> ExerciseVersion:
    """The version whose tests make this mark again. At most three queries.

    A regrade takes the newest version's where they decide the same checks for the same points as those that were
    answered; otherwise, as without a regrade, the tests are those that gave the mark.
    """
    if regrade and _checks(regrade.newest) == _checks(mark.submission.exercise):
        return regrade.newest
    return tests_of(mark)


def provenance(verdict: Verdict, *, submission: Submission, tests: ExerciseVersion) -> dict[str, Any]:
    """What decided a verdict by these tests, as a mark keeps it; with their version where another was answered."""
    found = {**asdict(verdict.provenance), "outcome": verdict.outcome}
    if tests.pk != submission.exercise_id:
        course = tests.item_version.module.course_version
        found |= {"exercise_version": tests.pk, "course_version": course.version}
    return found


def _checks(exercise: ExerciseVersion) -> set[tuple[Any, ...]]:
    return set(exercise.checks.values_list("slug", "max_points", "by_person"))
