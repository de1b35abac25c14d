"""An organisation's people at each level of each skill, in counts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from upskill.people import queries as people_queries
from upskill.people.models import Organisation, User
from upskill.reports import queries, rules
from upskill.skills.models import Level
from upskill.web.person import signed_in
from upskill.web.templatetags.words import level as level_name

from . import heat


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """The organisations whose counts somebody may see; straight to it where there is only one."""
    viewer = signed_in(request)
    rules.check_see_departments(viewer)
    organisations = queries.organisations_viewed_by(viewer, on=timezone.localdate())
    if len(organisations) == 1:
        return redirect("manager:department", organisations[0].code)
    return render(request, "manager/departments.html", {"organisations": organisations, "crumbs": []})


@never_cache
@require_safe
def department(request: HttpRequest, *, code: str) -> HttpResponse:
    """How many people are at each level of each skill, in an organisation and everything below it."""
    viewer, today = signed_in(request), timezone.localdate()
    organisation = queries.organisation_in_force(code, on=today)
    if organisation is None:
        raise Http404
    rules.check_see_department(viewer, organisation=organisation)
    found = queries.department(organisation, viewer=viewer, on=today)
    context = {
        "department": found,
        "columns": [level_name(level) for level in Level],
        "rows": [
            (row.skill.name, "", [heat.count_cell(count, people=found.whole.people) for count in row.counts])
            for row in found.rows
        ],
        "key": heat.count_key(),
        "crumbs": _crumbs(organisation, viewer=viewer),
    }
    return render(request, "manager/department.html", context)


def _crumbs(organisation: Organisation, *, viewer: User) -> list[tuple[str, str]]:
    scopes = people_queries.roles_of(viewer).organisations
    above = [
        (reverse("manager:department", args=[each.code]), each.name)
        for each in queries.above(organisation)
        if any(each.path.startswith(scope.path) for scope in scopes)
    ]
    several = [(reverse("manager:departments"), _("Departments"))] if len(scopes) > 1 else []
    return several + above
