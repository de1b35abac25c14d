"""A manager's own direct reports by name: the team's levels, its gaps, and the training that closes them."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.catalogue.offers import offered
from upskill.people.models import User
from upskill.planning.queries import overdue_in_team
from upskill.reports import direct_report as one
from upskill.reports import gaps as reports
from upskill.reports import rules, services
from upskill.reports.below import below
from upskill.reports.team import Show, Team
from upskill.reports.team import team as team_of
from upskill.reports.team_training import training_of, training_of_team
from upskill.web.choices import Choice
from upskill.web.person import signed_in

from . import heat, team_matrix, team_summary


@never_cache
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Person by skill, live. Looking is written down about each person."""
    manager = signed_in(request)
    found = _seen(manager)
    show = _wanted(request.GET.get("skills", ""), team=found)
    shown = found.showing(show)
    context = {
        "members": found.members,
        "summary": team_summary.reach(found),
        "sentences": team_summary.sentences(found, overdue=overdue_in_team(manager, on=found.on)),
        "choices": _choices(show) if found.has_targets else [],
        "shows_all": show == Show.ALL,
        "has_skills": bool(found.skills),
        "columns": [skill.name for skill in shown.skills],
        "rows": team_matrix.rows(shown),
        "key": heat.level_key(),
        "below": [(each.organisation, team_summary.size(each)) for each in below(manager, on=found.on)],
        "crumbs": [],
    }
    return render(request, "manager/team.html", context)


@never_cache
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Each skill that a role of the team asks for: who is short, and what hangs on one person."""
    found = _seen(signed_in(request))
    told = reports.gaps(found)
    context = {
        "members": found.members,
        "gaps": told,
        "alone": reports.single_points(found),
        "missing": [gap for gap in told if gap.is_missing],
        "crumbs": _crumbs(),
    }
    return render(request, "manager/team_gaps.html", context)


@never_cache
@require_safe
def training(request: HttpRequest) -> HttpResponse:
    """The training that closes the team's gaps at the least hours, with the sum."""
    found = _seen(signed_in(request))
    plan = training_of_team(found, modules=offered())
    context = {"members": found.members, "has_targets": found.has_targets, "plan": plan, "crumbs": _crumbs()}
    return render(request, "manager/team_training.html", context)


@never_cache
@require_safe
def direct_report(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """One direct report: levels, targets, what each level rests on, and the training that closes their gaps."""
    manager, now = signed_in(request), timezone.now()
    rules.check_see_team(manager)
    found = team_of(manager, on=timezone.localdate(now))
    member = one.member_of(found, public_id=public_id)
    if member is None:
        raise Http404
    services.record_report_view(member.person, by=manager, now=now)
    context = {
        "person": member.person,
        "role": member.role,
        "lines": [(line, team_matrix.ends(line.cell, on=found.on)) for line in one.lines_of(member, team=found)],
        "short": len(member.needs),
        "asked": sum(bool(cell.target) for cell in member.cells),
        "plan": training_of(member, team=found, modules=offered()),
        "crumbs": _crumbs(),
    }
    return render(request, "manager/direct_report.html", context)


def _seen(manager: User) -> Team:
    """The manager's team, with the look written down about each person."""
    now = timezone.now()
    rules.check_see_team(manager)
    found = team_of(manager, on=timezone.localdate(now))
    services.record_team_view([member.person for member in found.members], by=manager, now=now)
    return found


def _wanted(asked: str, *, team: Team) -> Show:
    if asked in set(Show):
        return Show(asked)
    return Show.TARGETS if team.has_targets else Show.ALL


def _choices(show: Show) -> list[Choice]:
    titles = {
        Show.TARGETS: _("Skills that a role needs"),
        Show.GAPS: _("Skills with a gap"),
        Show.ALL: _("All skills"),
    }
    return [Choice(title, f"?skills={each}", each == show) for each, title in titles.items()]


def _crumbs() -> list[tuple[str, Any]]:
    return [(reverse("manager:team"), _("My team"))]
