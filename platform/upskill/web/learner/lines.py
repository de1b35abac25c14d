"""What one line of a learner's page shows: an item of a course, a course on the way, an attempt."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from upskill.catalogue.models import ItemVersion
from upskill.catalogue.queries import Outline
from upskill.learning import queries as learning
from upskill.learning.models import Submission
from upskill.marking import queries as marking
from upskill.marking.models import Job, Mark
from upskill.people.models import User

from .prerequisites import Prerequisite


@dataclass(frozen=True)
class ItemLine:
    """One item in a table of contents, and whether this learner has done it."""

    id: str
    url: str
    title: str
    kind: str
    minutes: int
    is_done: bool
    is_required: bool
    is_current: bool = False


@dataclass(frozen=True)
class ModuleLines:
    """A module with its items. `objectives` say what somebody can do afterwards."""

    slug: str
    title: str
    summary: str
    objectives: list[str]
    items: list[ItemLine]
    prerequisites: list[Prerequisite]

    @property
    def required(self) -> list[ItemLine]:
        """Those of its items that finishing the course takes."""
        return [item for item in self.items if item.is_required]

    @property
    def done(self) -> int:
        """How many of those the learner has done."""
        return sum(item.is_done for item in self.required)


@dataclass(frozen=True)
class CourseLine:
    """A course that a learner takes: how far they are, and what comes next (None when all that it takes is done).

    Workshops are not counted: they take other people.
    """

    id: str
    url: str
    title: str
    summary: str
    minutes: int
    done: int
    total: int
    next: ItemLine | None

    @property
    def percent(self) -> int:
        """Items done, in whole per cent, rounded down."""
        return self.done * 100 // self.total if self.total else 0


@dataclass(frozen=True)
class AttemptLine:
    """One submission, and what has become of it: `state` is a Job.State."""

    url: str
    title: str
    attempt: int
    submission: Submission
    state: str
    mark: Mark | None


def item_url(item: ItemVersion, *, name: str = "item", **more: str) -> str:
    """The address of an item's page, or of one of the things that can be done there."""
    module, slug = item.item.key.split("/", 1)
    course = item.item.course_id
    return reverse(f"learner:{name}", kwargs={"course": course, "module": module, "item": slug, **more})


def way_to_course(item: ItemVersion) -> list[tuple[str, str]]:
    """The crumbs of an item's page: (url, label)."""
    course = item.module.course_version
    return [
        (reverse("learner:catalogue"), _("Courses")),
        (reverse("learner:course", args=[course.course_id]), course.title),
    ]


def way_to_exercise(sent: Submission) -> list[tuple[str, str]]:
    """The crumbs of the page of a learner's own answer."""
    item = sent.exercise.item_version
    return [*way_to_course(item), (item_url(item), item.title)]


def way_to_answer(sent: Submission) -> list[tuple[str, str]]:
    """The crumbs of a page below the one of a learner's own answer."""
    answer = reverse("learner:submission", args=[sent.public_id])
    return [*way_to_exercise(sent), (answer, _("Attempt %(n)d") % {"n": sent.attempt})]


def item_line(item: ItemVersion, *, done: set[int], current: ItemVersion | None = None) -> ItemLine:
    """The line of one item; `done` holds the ids of completed items."""
    return ItemLine(
        id=f"item-{item.pk}",
        url=item_url(item),
        title=item.title,
        kind=item.item.kind,
        minutes=item.minutes,
        is_done=item.item_id in done,
        is_required=item.item.is_required,
        is_current=item == current,
    )


def module_lines(
    outline: Outline, *, done: set[int], prerequisites: dict[str, list[Prerequisite]]
) -> list[ModuleLines]:
    """The table of contents of a course; `prerequisites` by the slug of their module."""
    return [
        ModuleLines(
            slug=module.slug,
            title=module.title,
            summary=module.summary,
            objectives=module.objectives,
            items=[item_line(item, done=done) for item in module.items.all()],
            prerequisites=prerequisites.get(module.slug, []),
        )
        for module in outline.modules
    ]


def course_line(outline: Outline, *, done: set[int]) -> CourseLine:
    """The line of a course that somebody takes."""
    lines = [item_line(item, done=done) for item in outline.required]
    return CourseLine(
        id=outline.version.course_id,
        url=reverse("learner:course", args=[outline.version.course_id]),
        title=outline.version.title,
        summary=outline.version.summary,
        minutes=outline.minutes,
        done=sum(line.is_done for line in lines),
        total=len(lines),
        next=next((line for line in lines if not line.is_done), None),
    )


def attempt_lines(learner: User, *, item: ItemVersion) -> list[AttemptLine]:
    """The learner's attempts at an exercise, newest first. Three queries."""
    return [_attempt(sent) for sent in marking.with_marks(learning.submissions_of(learner, item=item.item))]


def recent_attempts(learner: User, *, most: int) -> list[AttemptLine]:
    """What the learner handed in last, in any course. Three queries."""
    return [_attempt(sent) for sent in marking.with_marks(learning.newest_submissions(learner)[:most])]


def _attempt(submission: Submission) -> AttemptLine:
    marks, jobs = submission.current_marks, submission.newest_jobs  # type: ignore[attr-defined]  # set by with_marks
    return AttemptLine(
        url=reverse("learner:submission", args=[submission.public_id]),
        title=submission.exercise.item_version.title,
        attempt=submission.attempt,
        submission=submission,
        state=jobs[0].state if jobs else Job.State.QUEUED,
        mark=marks[0] if marks else None,
    )
