"""What a manager's team was asked to learn, by name: who has done it, for whom it is due or overdue, who is exempt."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.planning import queries, services
from upskill.planning.dues import State
from upskill.reports.rules import check_see_team
from upskill.web.person import signed_in

from . import lines


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every assignment with the people of the team whom it means, live. Looking is written down about each person."""
    manager, now = signed_in(request), timezone.now()
    check_see_team(manager)
    today = timezone.localdate(now)
    found = queries.assignments_of_team(manager, on=today)
    roles = lines.role_names([each.assignment for each in found])
    people = {due.person.pk: due.person for each in found for due in each.dues}
    services.record_team_view(list(people.values()), by=manager, now=now)
    context = {
        "summary": _summary(sum(each.number(State.OVERDUE) for each in found)),
        "assignments": [
            {
                "line": lines.assignment_line(each.assignment, roles=roles),
                "counts": lines.counts(each),
                "people": [lines.due_line(due, reader=manager) for due in each.dues],
                "is_own": each.assignment.team_of_id == manager.pk,
            }
            for each in found
        ],
        "finished": queries.done_this_month(manager, on=today, team=found),
        "crumbs": crumbs(),
    }
    return render(request, "planning/team.html", context)


def crumbs() -> list[tuple[str, str]]:
    """The way back up from here."""
    return [(reverse("manager:team"), _("My team"))]


def _summary(overdue: int) -> str:
    if not overdue:
        return _("Nothing is overdue in your team.")
    return ngettext(
        "%(n)d piece of learning is overdue in your team.",
        "%(n)d pieces of learning are overdue in your team.",
        overdue,
    ) % {"n": overdue}
