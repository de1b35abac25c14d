"""Learning paths: the list above the courses, the page of one, following it, and its card on the home page."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upskill.catalogue import paths as catalogue
from upskill.catalogue import queries as catalogue_queries
from upskill.catalogue.models import LearningPath
from upskill.catalogue.queries import Outline
from upskill.learning import diagnostics
from upskill.learning import paths as learning
from upskill.learning import queries as learning_queries
from upskill.learning.diagnostics import Said
from upskill.people.models import User
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in
from upskill.web.templatetags.words import audience

from .lines import ItemLine, item_line

MOST_FOLLOWED = 60  # in an hour, of one person


@dataclass(frozen=True)
class PathEntry:
    """A path in the list above the courses."""

    url: str
    title: str
    minutes: int
    audience: list[str]
    is_followed: bool


@dataclass(frozen=True)
class StepLine:
    """One step of a path: a course or a module of one ("" in `course`: the course itself), and how far the learner is.

    `next` is the first item that is not done, and `next_url` the way there, by the course's page where the learner has
    not started it. None and "" once all is done. Workshops are not counted: they take other people.
    """

    number: int
    url: str
    title: str
    course: str
    minutes: int
    why: str
    done: int
    total: int
    next: ItemLine | None
    next_url: str

    @property
    def is_done(self) -> bool:
        """True once everything is done that it takes."""
        return self.done == self.total


@dataclass(frozen=True)
class PathLines:
    """A path with its steps, of those whose course is published. `begin`: the place of the one that a diagnostic
    suggests to the learner, 0 where none does.
    """

    path: LearningPath
    steps: list[StepLine]
    begin: int = 0

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("learner:path", args=[self.path.pk])

    @property
    def minutes(self) -> int:
        """How long all of it takes."""
        return sum(step.minutes for step in self.steps)

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    @property
    def percent(self) -> int:
        """Steps done, in whole per cent, rounded down."""
        return self.done * 100 // self.total if self.total else 0

    @property
    def next(self) -> StepLine | None:
        """The first step that is not done, from where a diagnostic suggests to begin."""
        steps = self.steps[self.begin :] + self.steps[: self.begin]
        return next((step for step in steps if not step.is_done), None)


def entries(learner: User) -> list[PathEntry]:
    """The paths that are offered, in their order. Three queries; one where there is none."""
    offered = catalogue.offered()
    if not offered:
        return []
    minutes = catalogue.minutes_of_parts({course for path in offered for course in path.courses})
    mine = learning.followed(learner)
    return [
        PathEntry(
            url=reverse("learner:path", args=[path.pk]),
            title=path.title,
            minutes=sum(_minutes_of(step, minutes=minutes) for step in path.steps),
            audience=[audience(word) for word in path.audience],
            is_followed=path == mine,
        )
        for path in offered
    ]


def card(
    path: LearningPath, *, learner: User, taken: Collection[str], outlines: dict[str, Outline], done: set[int]
) -> PathLines:
    """The path that the learner follows, who takes these courses, for the home page, which has read what is in the
    path's courses and what they have done. One query.
    """
    start = diagnostics.start_in(path.pk, learner=learner)
    steps: list[StepLine] = []
    begin = 0
    for step in path.steps:
        outline, first = outlines.get(step["course"]), _first_of(step, start=start)
        number = len(steps) + 1
        line = _step(step, outline=outline, number=number, first=first, done=done, taken=taken) if outline else None
        begin = len(steps) if line and first is not None else begin
        steps += [line] if line else []
    return PathLines(path, steps, begin)


@require_safe
def page(request: HttpRequest, *, path: str) -> HttpResponse:
    """The steps of a path in order, with what is done. One that is offered no more is there for whoever follows it."""
    learner = signed_in(request)
    found, mine = _path_or_404(path), learning.followed(learner)
    if not found.is_offered and found != mine:
        raise Http404
    context = {
        "lines": _lines(found, learner=learner, taken=_taken(learner)),
        "audience": [audience(word) for word in found.audience],
        "is_followed": found == mine,
        "other": mine if mine and mine != found else None,
        "crumbs": [(reverse("learner:catalogue"), _("Courses"))],
    }
    return render(request, "learner/path.html", context)


@require_POST
@allowed("follow path", most=MOST_FOLLOWED, seconds=HOUR)
def follow(request: HttpRequest, *, path: str) -> HttpResponse:
    """Follow a path instead of the one that was followed, if any."""
    found = _path_or_404(path)
    if not found.is_offered:
        raise Http404
    learning.follow(signed_in(request), path=found, now=timezone.now())
    messages.success(request, _("You follow this path now. Your home page shows its next step."))
    return redirect("learner:path", found.pk)


@require_POST
@allowed("follow path", most=MOST_FOLLOWED, seconds=HOUR)
def stop(request: HttpRequest, *, path: str) -> HttpResponse:
    """Follow it no more. What was done of it stays."""
    found = _path_or_404(path)
    if learning.stop_following(signed_in(request), path=found, now=timezone.now()):
        messages.success(request, _("You no longer follow this path. What you have done stays in your record."))
    return redirect("learner:path", found.pk) if found.is_offered else redirect("learner:catalogue")


def _path_or_404(name: str) -> LearningPath:
    found = catalogue.path(name)
    if found is None:
        raise Http404
    return found


def _taken(learner: User) -> set[str]:
    return {enrolment.course_id for enrolment in learning_queries.enrolments(learner)}


def _lines(path: LearningPath, *, learner: User, taken: Collection[str]) -> PathLines:
    """The path as this learner sees it, who takes these courses. Five queries."""
    outlines = catalogue_queries.outlines_of(path.courses)
    done = learning_queries.completed_items(learner, courses=path.courses)
    return card(path, learner=learner, taken=taken, outlines=outlines, done=done)


def _first_of(step: dict[str, str], *, start: Said | None) -> str | None:
    """The module with which the start falls into this step, "" for all of it; None where it is elsewhere."""
    if start and step["course"] == start.course and step["module"] in ("", start.module):
        return start.module
    return None


def _step(
    step: dict[str, str], *, outline: Outline, number: int, first: str | None, done: set[int], taken: Collection[str]
) -> StepLine | None:
    """The line of a step; None for a module that its course no longer has. `first`: the module to begin it with."""
    modules = [module for module in outline.modules if step["module"] in ("", module.slug)]
    at = next((place for place, module in enumerate(modules) if module.slug == first), 0)
    in_order = modules[at:] + modules[:at]
    items = [item_line(item, done=done) for module in in_order for item in module.items.all()]
    if not items:
        return None
    required = [item for item in items if item.is_required]
    course = reverse("learner:course", args=[step["course"]])
    following = next((item for item in required if not item.is_done), None)
    return StepLine(
        number=number,
        url=f"{course}#{step['module']}" if step["module"] else course,
        title=modules[0].title if step["module"] else outline.version.title,
        course=outline.version.title if step["module"] else "",
        minutes=sum(item.minutes for item in items),
        why=step["why"],
        done=sum(item.is_done for item in required),
        total=len(required),
        next=following,
        next_url=(following.url if step["course"] in taken else course) if following else "",
    )


def _minutes_of(step: dict[str, str], *, minutes: dict[catalogue.Part, int]) -> int:
    ours = {module: each for (course, module), each in minutes.items() if course == step["course"]}
    return sum(each for module, each in ours.items() if step["module"] in ("", module))
