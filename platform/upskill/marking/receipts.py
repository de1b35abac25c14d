"""What is on the receipt of a mark: everything that decided it, so that it can be explained and made again."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from grading.checks import hidden_lines
from upskill.catalogue.models import Check, ExerciseVersion
from upskill.core import blobs
from upskill.learning.models import Submission

from . import queries, versions
from .models import CheckMark, Job, Mark

MOST_MARKS = 10_000  # of one submission: nobody gives as many, and PostgreSQL counts no further than a bigint


@dataclass(frozen=True)
class Tested:
    """What one check of a mark looked at. `source` is of the released notebook: learners have it in their hands."""

    check: CheckMark
    source: str
    has_hidden: bool
    levels: list[tuple[str, int]]  # title of a criterion, and the level that a person gave


@dataclass(frozen=True)
class Receipt:
    """One mark of a submission, by its number from 1; with the marks before and after, where there are any."""

    number: int
    total: int
    mark: Mark
    job: Job | None  # that ran the tests: of this mark, or of the automatic one that a person's rests on
    tested: list[Tested]

    @property
    def before(self) -> int | None:
        """The number of the mark that this one replaced."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The number of the mark that replaced this one."""
        return self.number + 1 if self.number < self.total else None


def receipt(submission: Submission, *, number: int) -> Receipt | None:
    """The receipt of the mark with this number, None if there is none. Four queries and two reads of blobs; one query
    more where a regrade used the tests of another version than was answered.
    """
    marks = list(queries.history(submission))[::-1]
    if not 0 < number <= len(marks):
        return None
    mark = marks[number - 1]
    mark.submission = submission
    automatic = sum(each.given_by_id is None for each in marks[:number])
    return Receipt(
        number=number,
        total=len(marks),
        mark=mark,
        job=_job(submission, place=automatic),
        tested=_tested(mark, exercise=versions.tests_of(mark)),
    )


def mark_by_number(submission: Submission, *, number: int) -> Mark | None:
    """The mark with this number, from 1. One query."""
    marks = Mark.objects.filter(submission=submission).select_related("submission").order_by("pk")
    return marks[number - 1 : number].first() if 0 < number < MOST_MARKS else None


def _job(submission: Submission, *, place: int) -> Job | None:
    """The job of the automatic mark at this place: such jobs have made one each, in the order in which they ended."""
    of_regrade = Q(regrade__is_dry_run=False, rerun__is_same=False)
    done = Job.objects.filter(Q(rerun_of=None) | of_regrade, submission=submission, state=Job.State.DONE)
    return done.order_by("ended_at", "pk")[place - 1 : place].first() if place else None


def _tested(mark: Mark, *, exercise: ExerciseVersion) -> list[Tested]:
    specs = {spec.slug: spec for spec in mark.submission.exercise.checks.all()}
    shown = _cells(exercise.release_sha256)
    full = _cells(exercise.source_sha256)
    return [_one_tested(check, spec=specs.get(check.slug), shown=shown, full=full) for check in mark.checks.all()]


def _one_tested(check: CheckMark, *, spec: Check | None, shown: dict[str, str], full: dict[str, str]) -> Tested:
    by_person = spec is None or spec.by_person
    rubric: list[dict[str, Any]] = spec.rubric if spec else []
    given: dict[str, int] = check.rubric_levels
    return Tested(
        check=check,
        source="" if by_person else shown.get(check.slug, "").strip(),
        has_hidden=not by_person and bool(hidden_lines(full.get(check.slug, ""))),
        levels=[(each["title"], given[each["id"]]) for each in rubric if each["id"] in given],
    )


def _cells(sha256: str) -> dict[str, str]:
    """Name -> source, for each cell of a published notebook that the author named. It was checked when published."""
    cells = json.loads(blobs.read(sha256))["cells"]
    named = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), "".join(cell["source"])) for cell in cells)
    return {name: source for name, source in named if name}
