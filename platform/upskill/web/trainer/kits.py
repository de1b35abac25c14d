"""Workshop kits with their trainer's side, for trainers of the course alone."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Item, ItemVersion
from upskill.people import queries, rules
from upskill.web.person import signed_in


@dataclass(frozen=True)
class KitLine:
    """One kit in a list."""

    url: str
    title: str
    module: str
    minutes: int
    people: str


@dataclass(frozen=True)
class CourseKits:
    """A course that somebody trains, with whom it is written for, and its kits in the order of teaching."""

    title: str
    profiles: list[dict[str, str]]
    kits: list[KitLine]


@require_safe
def kits(request: HttpRequest) -> HttpResponse:
    """The kits of every course that the trainer trains."""
    trainer = signed_in(request)
    rules.check_train_any(trainer)
    trained = queries.roles_of(trainer).courses
    listed = catalogue.kits_of(trained)
    courses = [
        CourseKits(
            version.title, version.profiles, [_line(kit) for kit in listed if kit.item.course_id == version.course_id]
        )
        for version in catalogue.versions_of(trained)
    ]
    return render(request, "trainer/kits.html", {"courses": courses, "crumbs": _way()})


@require_safe
def kit(request: HttpRequest, *, course: str, module: str, item: str) -> HttpResponse:
    """All of one kit, made to be printed."""
    rules.check_train(signed_in(request), course=course)
    found = catalogue.item(course, module=module, slug=item)
    if found is None or found.item.kind != Item.Kind.WORKSHOP:
        raise Http404
    context = {
        "item": found,
        "version": found.module.course_version,
        "html": found.kit.trainer_html,
        "crumbs": [*_way(), (reverse("trainer:kits"), _("Workshop kits"))],
    }
    return render(request, "trainer/kit.html", context)


def _way() -> list[tuple[str, str]]:
    return [(reverse("trainer:courses"), _("Marking"))]


def _line(kit: ItemVersion) -> KitLine:
    module, slug = kit.item.key.split("/", 1)
    return KitLine(
        url=reverse("trainer:kit", args=[kit.item.course_id, module, slug]),
        title=kit.title,
        module=kit.module.title,
        minutes=kit.minutes,
        people=kit.content["people"],
    )
