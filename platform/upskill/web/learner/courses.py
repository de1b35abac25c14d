"""The learner's way to a lesson: home, the courses, one course, and what they take."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upskill.catalogue import queries as catalogue_queries
from upskill.catalogue.queries import Outline
from upskill.learning import paths as learning_paths
from upskill.learning import queries as learning_queries
from upskill.learning import rules as learning_rules
from upskill.learning import services as learning_services
from upskill.people.models import User
from upskill.skills import awards, certificates
from upskill.skills import queries as skills_queries
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

from . import asked, lines, paths, recall, role_cards
from .prerequisites import prerequisites_of


@dataclass(frozen=True)
class Read:
    """What a learner takes; by course id what is in these courses and in others; ids of the items that are done."""

    taken: list[lines.CourseLine]
    outlines: dict[str, Outline]
    done: set[int]


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For visitors what this is; for learners where they left and their courses, with a card for each other role."""
    if not isinstance(request.user, User):
        return render(request, "learner/welcome.html")
    learner, now, path = request.user, timezone.now(), learning_paths.followed(request.user)
    read = _read(learner, also=path.courses if path else [])
    going_on = [line for line in read.taken if line.next]
    context = {
        "resume": _resume(learner, outlines=read.outlines) or (going_on[0].next if going_on else None),
        "going_on": going_on,
        "has_courses": bool(read.taken),
        "asked": asked.card(learner),
        "path": paths.card(
            path, learner=learner, taken={line.id for line in read.taken}, outlines=read.outlines, done=read.done
        )
        if path
        else None,
        "recall": recall.card(learner),
        "cards": list(role_cards.cards(learner, now=now, on=timezone.localdate(now))),
        "records": skills_queries.reached_by(learner, on=timezone.localdate(now)),
    }
    return render(request, "learner/home.html", context)


@require_safe
def course(request: HttpRequest, *, course: str) -> HttpResponse:
    """What a course is about, what is in it, and the way in."""
    outline, learner = _outline_or_404(course), signed_in(request)
    done = _done(learner, courses=[course])
    helping = prerequisites_of(outline, learner=learner, on=timezone.localdate())
    context = {
        "version": outline.version,
        "outline": outline,
        "line": lines.course_line(outline, done=done),
        "modules": lines.module_lines(outline, done=done, prerequisites=helping),
        "awards": awards.named(outline.version.skills),
        "is_enrolled": learning_rules.can_open_course(learner, course=course),
        "crumbs": [(reverse("learner:catalogue"), _("Courses"))],
    }
    return render(request, "learner/course.html", context)


@require_POST
@allowed("start course", most=60, seconds=HOUR)
def enrol(request: HttpRequest, *, course: str) -> HttpResponse:
    """Take a course, and begin with what is not done yet."""
    outline = _outline_or_404(course)
    learning_services.enrol(signed_in(request), course=outline.version.course, now=timezone.now())
    line = lines.course_line(outline, done=_done(signed_in(request), courses=[course]))
    messages.success(request, _("You have started this course. Your place is kept for you."))
    return redirect(line.next.url if line.next else line.url)


@require_safe
def learning(request: HttpRequest) -> HttpResponse:
    """What the learner takes, what they have finished, and what they handed in."""
    taken = _read(signed_in(request)).taken
    context = {
        "going_on": [line for line in taken if line.next],
        "finished": [line for line in taken if not line.next],
        "certificates": certificates.certificates_of(signed_in(request)),
        "attempts": lines.recent_attempts(signed_in(request), most=20),
        "crumbs": [],
    }
    return render(request, "learner/learning.html", context)


def _outline_or_404(course: str) -> Outline:
    outline = catalogue_queries.outline(course)
    if outline is None:
        raise Http404
    return outline


def _done(learner: User, *, courses: list[str]) -> set[int]:
    return learning_queries.completed_items(learner, courses=courses)


def _read(learner: User, *, also: Iterable[str] = ()) -> Read:
    """The published courses that the learner takes, newest first, with what is in these and in others. Five queries."""
    ids = [enrolment.course_id for enrolment in learning_queries.enrolments(learner)]
    wanted = list(dict.fromkeys([*ids, *also]))
    outlines, done = catalogue_queries.outlines_of(wanted), _done(learner, courses=wanted)
    return Read([lines.course_line(outlines[each], done=done) for each in ids if each in outlines], outlines, done)


def _resume(learner: User, *, outlines: dict[str, Outline]) -> lines.ItemLine | None:
    """The item where the learner left, if it is still published. One query."""
    left = learning_queries.where_left(learner)
    outline = outlines.get(left.course_id) if left else None
    version = next((each for each in outline.items if each.item == left), None) if outline else None
    return lines.item_line(version, done=set()) if version else None
