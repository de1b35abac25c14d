"""The courses that somebody trains, and what was handed in there."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upskill.catalogue import queries as catalogue
from upskill.marking import queries as marking
from upskill.marking.queries import MOST_LISTED
from upskill.people import queries, rules
from upskill.web.choices import Choice
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
    ahead = marking.ahead_in(course)
    reviews, waiting = marking.reviews_for(trainer, course=course), marking.waiting_for(trainer, ahead=ahead)
    shown = {"reviews": reviews, "waiting": waiting}.get(show)
    found, is_cut = marking.ids_of_course(course, ahead=ahead) if shown is None else (shown, False)
    may_decide = {each.pk: False for each in ahead if each.in_review} | dict.fromkeys(reviews, True)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "course": course,
        "title": catalogue.titles_of([course]).get(course, course),
        "page": page,
        "query": f"show={show}&" if shown is not None else "",
        "lines": submission_lines(marking.listed([*page]), trainer=trainer, course=course, may_decide=may_decide),
        "most": f"{MOST_LISTED:,}" if is_cut else "",
        "show": show,
        "choices": _choices(show, reviews=len(reviews), waiting=len(waiting)),
        "reviews": len(reviews),
        "waiting": len(waiting),
        "crumbs": [(reverse("trainer:courses"), _("Marking"))] if len(queries.roles_of(trainer).courses) > 1 else [],
    }
    return render(request, "trainer/submissions.html", context)


def _choices(show: str, *, reviews: int, waiting: int) -> list[Choice]:
    parts = [
        Choice(_("Reviews for you (%(n)d)") % {"n": reviews}, "?show=reviews", show == "reviews"),
        Choice(_("Waiting for you (%(n)d)") % {"n": waiting}, "?show=waiting", show == "waiting"),
    ]
    return [Choice(_("All answers"), "?", not any(each.is_current for each in parts)), *parts]
