"""The courses that somebody trains, and what was handed in there."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upskill.catalogue import queries as catalogue
from upskill.learning.models import Submission
from upskill.marking import queries as marking
from upskill.marking.queries import SubmissionsOfCourse
from upskill.people import queries, rules
from upskill.people.models import User
from upskill.web.person import signed_in

from .lines import CourseLine, submission_lines

PAGE_SIZE = 25


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """The trainer's courses with what waits in each; straight to it where there is only one."""
    trainer = signed_in(request)
    rules.check_train_any(trainer)
    trained = sorted(queries.roles_of(trainer).courses)
    if len(trained) == 1:
        return redirect("trainer:submissions", trained[0])
    waiting = marking.waiting_counts(trainer, courses=trained)
    titles = catalogue.titles_of(trained)
    reviews = marking.review_counts(trainer, courses=trained)
    lines = [
        CourseLine(
            id=course,
            title=titles.get(course, course),
            waiting=waiting.get(course, 0),
            reviews=reviews.get(course, 0),
        )
        for course in trained
    ]
    return render(request, "trainer/courses.html", {"lines": lines, "crumbs": []})


@require_safe
def submissions(request: HttpRequest, *, course: str) -> HttpResponse:
    """What was handed in for a course, what waits for a person first. `?show=` leaves only what waits for this trainer:
    `reviews` to decide, or free text and held tests (`waiting`).

    Learners stand there under pseudonyms until this trainer has opened an answer of theirs.
    """
    trainer = signed_in(request)
    rules.check_train(trainer, course=course)
    show = request.GET.get("show", "")
    shown = _shown(trainer, course=course, show=show)
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))  # type: ignore[arg-type]  # it cuts by slices
    decidable = marking.decidable(trainer, course=course)
    context = {
        "course": course,
        "title": catalogue.titles_of([course]).get(course, course),
        "page": page,
        "query": f"show={show}&" if show in {"waiting", "reviews"} else "",
        "lines": submission_lines(page, trainer=trainer, course=course, decidable=decidable),
        "show": show,
        "reviews": len(decidable),
        "waiting": marking.waiting_counts(trainer, courses=[course]).get(course, 0),
        "crumbs": [(reverse("trainer:courses"), _("Marking"))] if len(queries.roles_of(trainer).courses) > 1 else [],
    }
    return render(request, "trainer/submissions.html", context)


def _shown(trainer: User, *, course: str, show: str) -> "QuerySet[Submission] | SubmissionsOfCourse":
    if show == "reviews":
        return marking.reviews_for(trainer, course=course)
    if show == "waiting":
        return marking.waiting_for(trainer, course=course)
    return SubmissionsOfCourse(course)
