"""What managers see, as tables to download: the same rows as the page, with the same figures hidden."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from upskill.core.spreadsheets import Cell, Sheet
from upskill.skills.models import Level

from .figures import Figure, Hidden
from .sights import Sight
from .team import Cell as TeamCell
from .team import Team
from .unit_figures import SkillCounts, Slice, UnitCounts

HIDDEN = "[c]"
MOST_ROWS = 20_000  # of one sheet; the API has all of them in pages
NameOfLevel = Callable[[int], str]


@dataclass(frozen=True)
class Words:
    """What levels and slices are called on pages."""

    level: NameOfLevel
    slice: Callable[[Slice], str]


def team_sheet(team: Team, *, name_of_level: NameOfLevel) -> Sheet:
    """Person by skill, each level by number and name. A skill that a role needs has two columns more: the level that
    the person's role needs, and how many levels short they are.
    """
    needed = {place for member in team.members for place, cell in enumerate(member.cells) if cell.target}
    head: list[Cell] = [_("Person")]
    for place, skill in enumerate(team.skills):
        more = [_("%(skill)s: needed"), _("%(skill)s: levels short")] if place in needed else []
        head += [skill.name, *(title % {"skill": skill.name} for title in more)]
    rows: list[list[Cell]] = []
    for member in team.members:
        row: list[Cell] = [member.person.full_name]
        for place, cell in enumerate(member.cells):
            row.append(_level(cell.level, name_of_level=name_of_level))
            row += _needed(cell, name_of_level=name_of_level) if place in needed else []
        rows.append(row)
    return Sheet(_("Levels reached"), [head, *rows])


def figures_sheet(units: Sequence[UnitCounts], *, title: str, words: Words) -> Sheet:
    """Organisation by skill: how many people are at each level, whose role asks for it, and who is below that. At most
    MOST_ROWS lines.
    """
    lines = (_line(unit, counts=counts, words=words) for unit in units for counts in unit.skills)
    head = [
        _("Organisation"), _("People shown"), _("Skill"), _("People"), *map(words.level, Level),
        _("Working or above"), _("Role asks for it"), _("Below that"),
    ]  # fmt: skip
    return Sheet(title, [head, *islice(lines, MOST_ROWS)])


def notes_sheet(seen: Sight, *, words: Words) -> Sheet:
    """What the figures are, for whoever gets the file from somebody else."""
    notes: list[list[Cell]] = [
        [_("About these figures"), ""],
        [_("Organisation"), seen.organisation.name if seen.organisation else _("All of government")],
        [_("People shown"), words.slice(seen.slice)],
        [_("Day"), date_format(seen.publication.on, "j F Y")],
        [_("Method"), _("Version %(number)d, the same for everybody.") % {"number": seen.publication.method}],
        [_("People"), _("Everybody whose main post is in the organisation or below it on that day.")],
        [_("Levels"), _("Each person counts once for each skill, at the highest level that they have reached.")],
        [_("Rounding"), _("Figures are multiples of five. A level's is at most four away from what was counted.")],
        [
            _("Counted"),
            _("They move once enough people's levels have changed. The oldest were counted on %(day)s.")
            % {"day": date_format(seen.publication.oldest_on, "j F Y")},
        ],
        [
            HIDDEN,
            _("Hidden: it, or one that follows from it, would be about few people, or nothing is counted there yet."),
        ],
    ]
    return Sheet(_("Notes"), notes)


def one_table(table: Sheet, *, notes: Sheet) -> Sheet:
    """Both as one, for a file that holds one table: the notes stand below."""
    return Sheet(table.title, [*table.rows, [], *notes.rows])


def _needed(cell: TeamCell, *, name_of_level: NameOfLevel) -> list[Cell]:
    """The level that the role needs and how many levels short the person is; nothing where it needs none."""
    if not cell.target:
        return ["", ""]
    return [_level(cell.target, name_of_level=name_of_level), max(cell.target - cell.level, 0)]


def _level(level: Level, *, name_of_level: NameOfLevel) -> str:
    return f"{int(level)} {name_of_level(level)}"


def _line(unit: UnitCounts, *, counts: SkillCounts, words: Words) -> list[Cell]:
    told = (counts.counted, *counts.levels, counts.working, counts.needs, counts.short)
    return [unit.name, words.slice(unit.slice), counts.name, *map(_figure, told)]


def _figure(figure: Figure) -> Cell:
    return HIDDEN if isinstance(figure, Hidden) else figure
