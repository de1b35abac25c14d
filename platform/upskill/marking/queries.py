"""Reads of marking: what a submission's mark is now, and what waits for a trainer."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from upskill.learning.models import Submission
from upskill.learning.queries import TEXT_OF_EXERCISE
from upskill.people.models import User

from . import points
from .models import CheckMark, Job, Mark


@dataclass(frozen=True)
class MarkingState:
    """Where a submission is on its way: its newest job, and the mark in effect with its checks, if there is one."""

    job: Job
    mark: Mark | None

    @property
    def is_over(self) -> bool:
        """True when nothing more will happen by itself."""
        return self.job.state not in {Job.State.QUEUED, Job.State.RUNNING}


def state_of(submission: Submission) -> MarkingState:
    """The submission's state. Three queries."""
    job = submission.jobs.filter(rerun_of=None).order_by("-pk").first()
    assert job is not None, "every submission is written with its job"  # noqa: S101
    mark = current_marks().filter(submission=submission).first()
    if mark is not None:
        mark.submission = submission  # so that nobody asks for it again
    return MarkingState(job=job, mark=mark)


def current_marks() -> "QuerySet[Mark]":
    """Marks that nothing replaces, with their checks and who gave them."""
    marks = Mark.objects.filter(replaced_by=None).select_related("given_by")
    return marks.prefetch_related("checks")


def history(submission: Submission) -> "QuerySet[Mark]":
    """Every mark of a submission, newest first, with its checks, who gave it, and this submission."""
    marks = submission.marks.select_related("given_by")  # by this way each mark knows its submission without asking
    return marks.prefetch_related("checks").order_by("-pk")


def free_text(mark: Mark) -> list[CheckMark]:
    """The checks of a mark that a person judges with a rubric, whether they still wait or not."""
    by_person = _by_person(mark)
    return [check for check in mark.checks.all() if check.slug in by_person]


def tested(mark: Mark) -> list[CheckMark]:
    """The checks of a mark that its tests decided."""
    by_person = _by_person(mark)
    return [check for check in mark.checks.all() if check.slug not in by_person]


def lowest_rubric_level(mark: Mark) -> int | None:
    """The lowest level on any criterion of the mark's free text; None while some of it waits, or if there is none."""
    return points.lowest_level(mark.checks.all(), by_person=_by_person(mark))


def with_marks(submissions: "QuerySet[Submission]") -> "QuerySet[Submission]":
    """The same submissions, each with `.current_marks` (a list of at most one) and `.newest_jobs` (at most one)."""
    newest_job = Job.objects.filter(rerun_of=None).order_by("submission_id", "-pk").distinct("submission_id")
    return submissions.prefetch_related(
        Prefetch("marks", queryset=Mark.objects.filter(replaced_by=None), to_attr="current_marks"),
        Prefetch("jobs", queryset=newest_job, to_attr="newest_jobs"),
    )


def submissions_of_course(course: str) -> "QuerySet[Submission]":
    """Submissions of a course's exercises, those that wait for a person first, then the newest; each has `.waits`."""
    submissions = (
        Submission.objects.filter(exercise__item_version__item__course=course)
        .select_related("learner", "exercise__item_version__item")
        .defer(TEXT_OF_EXERCISE)
        .annotate(waits=Exists(_waiting_checks()))
        .order_by("-waits", "-submitted_at", "-pk")
    )
    return with_marks(submissions)


def waiting_for(trainer: User, *, course: str) -> "QuerySet[Submission]":
    """Of those, the ones that this trainer can mark now: another person's free text without a level."""
    return submissions_of_course(course).filter(Exists(_waiting_checks())).exclude(learner=trainer)


def waiting_counts(trainer: User, *, courses: Iterable[str]) -> dict[str, int]:
    """Course id -> how many submissions wait for this trainer. One query."""
    rows = (
        Submission.objects.filter(Exists(_waiting_checks()), exercise__item_version__item__course__in=courses)
        .exclude(learner=trainer)
        .values("exercise__item_version__item__course")
        .annotate(number=Count("pk"))
    )
    return {row["exercise__item_version__item__course"]: row["number"] for row in rows}


def _by_person(mark: Mark) -> set[str]:
    return set(mark.submission.exercise.checks.filter(by_person=True).values_list("slug", flat=True))


def _waiting_checks() -> "QuerySet[CheckMark]":
    in_effect = CheckMark.objects.filter(mark__submission=OuterRef("pk"), mark__replaced_by=None)
    return in_effect.filter(status=CheckMark.Status.WAITING)
