"""The team's table as words: each cell a level by number and name, with what the role asks for and when it ends."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upskill.reports.team import Cell, Team
from upskill.skills.models import Level
from upskill.web.templatetags.words import level_with_number, on_day

CELL = '<td class="govuk-table__cell app-heat__cell--{}{}">{}{}</td>'


@dataclass(frozen=True)
class Shown:
    """A cell of the table: the level, and notes below it. `shade`: 0 to 4. A gap says so in its first note."""

    text: str
    shade: int
    notes: tuple[str, ...]
    is_gap: bool

    def html(self) -> SafeString:
        """The cell of the table. A large team has some hundred, few of which differ."""
        return _html(self)


@dataclass(frozen=True)
class Row:
    """A line of the table: who, the name of their role, the address of their page, and a cell for each skill."""

    name: str
    role: str
    url: str
    cells: list[Shown]


def rows(team: Team) -> list[Row]:
    """A line for each direct report."""
    names = {each: level_with_number(each) for each in Level}
    return [
        Row(
            name=member.person.full_name,
            role=member.role,
            url=reverse("manager:direct_report", args=[member.person.public_id]),
            cells=[_shown(cell, on=team.on, names=names) for cell in member.cells],
        )
        for member in team.members
    ]


def _shown(cell: Cell, *, on: dt.date, names: dict[Level, str]) -> Shown:
    """One cell in words."""
    notes = []
    if cell.is_short:
        notes.append(_("gap: needs %(level)s") % {"level": names[cell.target]})
    elif cell.target:
        notes.append(_("target met"))
    return Shown(
        text=names[cell.level],
        shade=int(cell.level),
        notes=(*notes, *ends(cell, on=on)),
        is_gap=cell.is_short,
    )


@lru_cache(maxsize=1000)
def _html(cell: Shown) -> SafeString:
    notes = format_html_join("", ' <span class="app-heat__note">{}</span>', ((note,) for note in cell.notes))
    return format_html(CELL, cell.shade, " app-heat__gap" if cell.is_gap else "", cell.text, notes)


def ends(cell: Cell, *, on: dt.date) -> list[str]:
    """That the level ends soon, or that a higher one has ended."""
    standing, said = cell.standing, []
    if standing.expires_on and cell.ends_soon(on=on):
        said.append(_("ends %(day)s") % {"day": on_day(standing.expires_on)})
    if standing.lapsed and standing.lapsed_on:
        what = {"level": level_with_number(standing.lapsed), "day": on_day(standing.lapsed_on)}
        said.append(_("%(level)s ended %(day)s") % what)
    return said
