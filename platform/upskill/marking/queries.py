"""Reads of marking: what a submission's mark is now, and what waits for a trainer."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from upskill.learning.models import Submission
from upskill.learning.queries import TEXT_OF_EXERCISE
from upskill.people import queries as people
from upskill.people.models import User

from . import points
from .models import CheckMark, Job, Mark, Review, ReviewDecision, Waiting

COURSE = "submission__exercise__item_version__item__course"
COURSE_OF_MARK = f"mark__{COURSE}"
MOST_LISTED = 500  # answers of a course for which nobody waits: twenty pages
# From what waits and from reviews, which are few. What the probe handed in is no trainer's work, here and below.
AHEAD = """
    SELECT sent.id, sent.learner_id, bool_or(found.in_review) AS in_review, bool_or(found.waits) AS waits
    FROM (
        SELECT doubted.submission_id, true AS in_review, false AS waits
        FROM marking_review review JOIN marking_mark doubted ON doubted.id = review.mark_id
        WHERE NOT EXISTS (SELECT FROM marking_reviewdecision decision WHERE decision.review_id = review.id)
        UNION ALL
        SELECT submission_id, false, true FROM marking_waiting
    ) found
        JOIN learning_submission sent ON sent.id = found.submission_id
        JOIN catalogue_exerciseversion exercise ON exercise.id = sent.exercise_id
        JOIN catalogue_itemversion shown ON shown.id = exercise.item_version_id
        JOIN catalogue_item item ON item.id = shown.item_id
    WHERE item.course_id = %(course)s AND sent.learner_id NOT IN (SELECT id FROM people_user WHERE is_probe)
    GROUP BY sent.id
    ORDER BY in_review DESC, waits DESC, sent.submitted_at DESC, sent.id DESC
"""
# Exercise by exercise from the index `submission_newest_of_exercise`.
NEWEST = """
    SELECT newest.id
    FROM catalogue_exerciseversion exercise
        JOIN catalogue_itemversion shown ON shown.id = exercise.item_version_id
        JOIN catalogue_item item ON item.id = shown.item_id
        CROSS JOIN LATERAL (
            SELECT sent.id, sent.submitted_at FROM learning_submission sent
            WHERE sent.exercise_id = exercise.id AND sent.id NOT IN (SELECT unnest(%(ahead)s::bigint[]))
                AND sent.learner_id NOT IN (SELECT id FROM people_user WHERE is_probe)
            ORDER BY sent.submitted_at DESC, sent.id DESC LIMIT %(most)s
        ) newest
    WHERE item.course_id = %(course)s
    ORDER BY newest.submitted_at DESC, newest.id DESC LIMIT %(most)s
"""


class Ahead(NamedTuple):
    """A submission that stands before the others: its learner doubts the mark, or some of it waits for a person."""

    pk: int
    learner_id: int
    in_review: bool
    waits: bool


@dataclass(frozen=True)
class MarkingState:
    """Where a submission is on its way: its newest job, and the mark in effect with its checks, if there is one."""

    job: Job
    marks: list[Mark]

    @property
    def mark(self) -> Mark | None:
        """The mark in effect: each replaces the one before it."""
        return self.marks[0] if self.marks else None

    @property
    def is_over(self) -> bool:
        """True when nothing more will happen by itself."""
        return self.job.state not in {Job.State.QUEUED, Job.State.RUNNING}


def state_of(submission: Submission) -> MarkingState:
    """The submission's state, with every mark as `history` has them. Three queries."""
    job = submission.jobs.filter(rerun_of=None).order_by("-pk").first()
    assert job is not None, "every submission is written with its job"  # noqa: S101
    return MarkingState(job=job, marks=list(history(submission)))


def open_job(public_id: UUID) -> Job | None:
    """The open job that is to mark the submission with this id, with what says whose it is and since when it waits.

    None once that job is over. One query.
    """
    opened = Job.objects.filter(submission__public_id=public_id, rerun_of=None)
    opened = opened.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).select_related("submission")
    return opened.only("lane", "state", "submission__learner", "submission__submitted_at").first()


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
    """The checks of a mark that its tests decided, or held for a person to decide."""
    by_person = _by_person(mark)
    return [check for check in mark.checks.all() if check.slug not in by_person]


def held(tests: list[CheckMark]) -> list[CheckMark]:
    """Of those that `tested` gives, the ones that wait for a person to decide."""
    return [check for check in tests if check.points is None]


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


def listed(ids: Sequence[int]) -> list[Submission]:
    """These submissions in this order, with marks and jobs as `with_marks` gives them. Three queries.

    Of ids that are known: with the conditions that find them it would join more tables than PostgreSQL orders well.
    """
    found = Submission.objects.filter(pk__in=ids).select_related("learner", "exercise__item_version__item")
    by_id = {sent.pk: sent for sent in with_marks(found.defer(TEXT_OF_EXERCISE))}
    return [by_id[each] for each in ids]


def ahead_in(course: str) -> list[Ahead]:
    """The submissions of a course's exercises with an open review, then those that wait for a person, each the newest
    first. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, {"course": course})
        return [Ahead(*row) for row in cursor.fetchall()]


def ids_of_course(course: str, *, ahead: Sequence[Ahead]) -> tuple[list[int], bool]:
    """Ids of submissions of a course's exercises: those ahead, then of the others the newest MOST_LISTED; and whether
    there are more of these. One query, that reads of each version of an exercise no more than so many.
    """
    first = [each.pk for each in ahead]
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"course": course, "ahead": first, "most": MOST_LISTED + 1})
        newest = [pk for [pk] in cursor.fetchall()]
    return first + newest[:MOST_LISTED], len(newest) > MOST_LISTED


def waiting_for(trainer: User, *, ahead: Iterable[Ahead]) -> list[int]:
    """Of these the ids of those that this trainer can mark now: another person's free text without a level, or a test
    that is held.
    """
    return [each.pk for each in ahead if each.waits and each.learner_id != trainer.pk]


def waiting_counts(trainer: User, *, courses: Iterable[str]) -> dict[str, int]:
    """Course id -> how many submissions wait for this trainer. One query."""
    of_people = Waiting.objects.filter(submission__learner__is_probe=False, **{f"{COURSE}__in": courses})
    rows = of_people.exclude(submission__learner=trainer).values(COURSE).annotate(number=Count("pk"))
    return {row[COURSE]: row["number"] for row in rows}


def reviews() -> "QuerySet[Review]":
    """Reviews, each with its decision, the doubted mark, and the submission with everything that rules ask about."""
    answer = "mark__submission"
    return Review.objects.select_related(
        "asked_by",
        "decision__decided_by",
        "decision__new_mark",
        f"{answer}__learner",
        f"{answer}__exercise__item_version__item",
        f"{answer}__exercise__item_version__module__course_version",
    ).defer(f"{answer}__{TEXT_OF_EXERCISE}")


def newest_review(submission: Submission) -> Review | None:
    """The review that the learner asked for last, open or decided. It knows this submission. One query."""
    found = Review.objects.select_related("asked_by", "mark", "decision__decided_by", "decision__new_mark")
    review = found.filter(mark__submission=submission).order_by("-pk").first()
    if review:
        review.mark.submission = submission
    return review


def reviewers_of(mark: Mark) -> "QuerySet[User]":
    """Who may decide a review of this mark: trainers of the course but its learner and whoever gave a mark so far."""
    submission = mark.submission
    marked = Mark.objects.filter(submission=submission, pk__lte=mark.pk, given_by__isnull=False)
    others = people.trainers_of(submission.exercise.item_version.item.course_id).exclude(pk=submission.learner_id)
    return others.exclude(pk__in=marked.values("given_by"))


def reviews_for(trainer: User, *, course: str) -> list[int]:
    """Ids of submissions of a course with an open review that this trainer of it may decide, the longest waiting first.
    One query.
    """
    found = _decidable(trainer).filter(**{COURSE_OF_MARK: course})
    return list(found.order_by("asked_at", "mark__submission").values_list("mark__submission", flat=True))


def review_counts(trainer: User, *, courses: Iterable[str]) -> dict[str, int]:
    """Course id -> how many open reviews this trainer of these courses may decide. One query."""
    decidable = _decidable(trainer).filter(**{f"{COURSE_OF_MARK}__in": courses})
    rows = decidable.values(COURSE_OF_MARK).annotate(number=Count("pk"))
    return {row[COURSE_OF_MARK]: row["number"] for row in rows}


def titles_marked(learner: User, *, since: dt.datetime) -> list[str]:
    """The titles of exercises of which an answer of this learner got a mark after that moment. One query.

    One in which nothing is decided yet, as everything waits for a person, is no news.
    """
    marks = Mark.objects.filter(submission__learner=learner, marked_at__gt=since, max_points__gt=0)
    return _titles(marks, of="submission")


def titles_decided(learner: User, *, since: dt.datetime) -> list[str]:
    """The same of exercises of which a review that they asked for was decided. One query."""
    decisions = ReviewDecision.objects.filter(review__asked_by=learner, decided_at__gt=since)
    return _titles(decisions, of="review__mark__submission")


def newest_rerun(mark: Mark) -> Job | None:
    """The last job that somebody asked for to make this mark again, with its `.rerun` if it has a result. One query.

    Not that of a regrade: what comes of it is a new mark, or, in a dry run, for operators alone.
    """
    return Job.objects.filter(rerun_of=mark, regrade=None).select_related("rerun").order_by("-pk").first()


def _titles(rows: "QuerySet[Mark] | QuerySet[ReviewDecision]", *, of: str) -> list[str]:
    return sorted(set(rows.values_list(f"{of}__exercise__item_version__title", flat=True)))


def _decidable(trainer: User) -> "QuerySet[Review]":
    """As rules.check_decide_review says, of somebody who trains the course."""
    own_marks = Mark.objects.filter(submission=OuterRef("mark__submission"), pk__lte=OuterRef("mark"), given_by=trainer)
    open_ones = Review.objects.filter(decision=None, mark__submission__learner__is_probe=False)
    return open_ones.exclude(mark__submission__learner=trainer).exclude(Exists(own_marks))


def _by_person(mark: Mark) -> set[str]:
    return set(mark.submission.exercise.checks.filter(by_person=True).values_list("slug", flat=True))
