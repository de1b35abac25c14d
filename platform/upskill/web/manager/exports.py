"""What managers see, as files. The same rules as the pages; each download is written down."""

import datetime as dt
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from upskill.core.spreadsheets import Sheet, csv_file, xlsx_file
from upskill.reports import exports, queries, rules, services
from upskill.reports.team import team as team_of
from upskill.web.allowed import HOUR, allowed
from upskill.web.downloads import attachment
from upskill.web.person import signed_in
from upskill.web.templatetags.words import level as level_name

MOST_EXPORTS = 60  # in an hour, of one person
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@allowed("export", most=MOST_EXPORTS, seconds=HOUR, reading=True)
def team(request: HttpRequest, *, form: str) -> HttpResponse:
    """The table of the team page with every skill; where a role needs one, with the level it needs and the gap."""
    manager, now = signed_in(request), timezone.now()
    rules.check_see_team(manager)
    found = team_of(manager, on=timezone.localdate(now))
    services.record_team_export([member.person for member in found.members], form=form, by=manager, now=now)
    return _file([exports.team_sheet(found, name_of_level=level_name)], name="team-levels", form=form, now=now)


@require_safe
@allowed("export", most=MOST_EXPORTS, seconds=HOUR, reading=True)
def department(request: HttpRequest, *, code: str, form: str) -> HttpResponse:
    """The figures of an organisation's page; as XLSX with those of its parts, and what they mean."""
    viewer, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    organisation = queries.organisation_in_force(code, on=today)
    if organisation is None:
        raise Http404
    rules.check_see_department(viewer, organisation=organisation)
    found = queries.department(organisation, viewer=viewer, on=today)
    services.record_figures_export(organisation, form=form, by=viewer, now=now)
    sheets = [
        exports.department_sheet(found, name_of_level=level_name),
        exports.people_sheet(found),
        exports.notes_sheet(found),
    ]
    return _file(sheets, name=f"skills-{code}", form=form, now=now)


def _file(sheets: Sequence[Sheet], *, name: str, form: str, now: dt.datetime) -> HttpResponse:
    """The file, with the day in its name. CSV holds one table: the first."""
    content = csv_file(sheets[0]) if form == "csv" else xlsx_file(sheets, now=now)
    dated = f"{name}-{timezone.localdate(now).isoformat()}.{form}"
    return attachment(content, name=dated, type_=CSV if form == "csv" else XLSX)
