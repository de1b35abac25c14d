"""What managers see, as files. The same rules as the pages; each download is written down."""

import datetime as dt
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upskill.core.spreadsheets import Sheet, csv_file, xlsx_file
from upskill.reports import exports, rules, services, sights
from upskill.reports.exports import Words
from upskill.reports.team import team as team_of
from upskill.web.allowed import HOUR, allowed
from upskill.web.downloads import attachment
from upskill.web.person import signed_in
from upskill.web.templatetags.words import level as level_name

from .figures import asked
from .figures.places import narrowing, place_of

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
def department(request: HttpRequest, *, form: str, code: str = "") -> HttpResponse:
    """The figures of the page of an organisation, or of all of government, for the people that the address names, with
    what they mean; as XLSX with those of its parts, grade bands and professions. Not found where nothing is published
    of it.
    """
    place, now = place_of(request, code=code), timezone.now()
    seen = place.sight(narrowing(request, place=place).slice)
    if seen is None or seen.whole is None:
        raise Http404
    services.record_figures_export(seen, form=form, by=place.viewer, now=now)
    name = f"skills-{code or 'government'}"
    words = Words(level=level_name, slice=asked.name_of)
    whole, notes = (
        exports.figures_sheet([seen.whole], title=_("Figures"), words=words),
        exports.notes_sheet(seen, words=words),
    )
    if form == "csv":
        return _file([exports.one_table(whole, notes=notes)], name=name, form=form, now=now)
    more = [(_("Parts"), sights.parts(seen)), (_("Grades and professions"), sights.slices(seen))]
    sheets = [exports.figures_sheet(units, title=title, words=words) for title, units in more if units]
    return _file([whole, *sheets, notes], name=name, form=form, now=now)


def _file(sheets: Sequence[Sheet], *, name: str, form: str, now: dt.datetime) -> HttpResponse:
    """The file, with the day in its name. CSV holds one table: the first."""
    content = csv_file(sheets[0]) if form == "csv" else xlsx_file(sheets, now=now)
    dated = f"{name}-{timezone.localdate(now).isoformat()}.{form}"
    return attachment(content, name=dated, type_=CSV if form == "csv" else XLSX)
