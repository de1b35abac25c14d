"""A manager's own direct reports and their levels, by name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.reports import queries, rules, services
from upskill.reports.queries import Team
from upskill.skills.models import Level
from upskill.web.person import signed_in

from . import heat


@never_cache
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Person by skill, live. Looking is written down about each person."""
    manager, now = signed_in(request), timezone.now()
    rules.check_see_team(manager)
    found = queries.team(manager, on=timezone.localdate(now))
    services.record_team_view([member.person for member in found.members], by=manager, now=now)
    context = {
        "members": found.members,
        "summary": _summary(found),
        "columns": [skill.name for skill in found.skills],
        "rows": [
            (member.person.full_name, "", [heat.level_cell(level) for level in member.levels])
            for member in found.members
        ],
        "key": heat.level_key(),
        "crumbs": [],
    }
    return render(request, "manager/team.html", context)


def _summary(team: Team) -> str:
    people = len(team.members)
    return ngettext(
        "%(reached)d of the %(people)d person who reports to you has reached working level or above in a skill.",
        "%(reached)d of the %(people)d people who report to you have reached working level or above in a skill.",
        people,
    ) % {"reached": team.how_many_reach(Level.WORKING), "people": people}
