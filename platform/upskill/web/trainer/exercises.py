"""The exercises of a course, and what was tried of each before it could be handed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from upskill.catalogue import queries as catalogue
from upskill.marking import engines
from upskill.people import rules
from upskill.web.exercise_checks import checked_exercises
from upskill.web.person import signed_in


@require_safe
def exercises(request: HttpRequest, *, course: str) -> HttpResponse:
    """Whether each exercise is checked, by which engine, and the table of what was tried. Four queries."""
    rules.check_train(signed_in(request), course=course)
    title = catalogue.titles_of([course]).get(course, course)
    context = {
        "title": title,
        "lines": checked_exercises(catalogue.checked_exercises(course=course), versions=engines.state().versions),
        "crumbs": [(reverse("trainer:submissions", args=[course]), title)],
    }
    return render(request, "trainer/exercises.html", context)
