"""What managers see, as tables to download: the same rows as the page, with the same figures hidden."""

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from upskill.core.spreadsheets import Cell, Sheet
from upskill.skills.models import Level

from .figures import Figure, Hidden
from .queries import Department, Part
from .team import Cell as TeamCell
from .team import Team

HIDDEN = "[c]"
NameOfLevel = Callable[[int], str]


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


def department_sheet(department: Department, *, name_of_level: NameOfLevel) -> Sheet:
    """How many people are at each level of each skill."""
    head = [_("Skill"), *(name_of_level(level) for level in Level)]
    rows = [[row.skill.name, *map(_figure, row.counts)] for row in department.rows]
    return Sheet(_("People at each level"), [head, *rows])


def people_sheet(department: Department) -> Sheet:
    """How many people work in the organisation and in each of its parts."""
    head = [_("Organisation"), _("People")]
    return Sheet(_("People"), [head, _people(department.whole), *map(_people, department.parts)])


def notes_sheet(department: Department) -> Sheet:
    """What the figures are, for whoever gets the file from somebody else."""
    notes: list[list[Cell]] = [
        [_("About these figures"), ""],
        [_("Organisation"), department.whole.organisation.name],
        [
            _("Day"),
            date_format(department.publication.on, "j F Y")
            if department.publication
            else _("Nothing is published yet."),
        ],
        [_("Figures"), _("Multiples of five. Each is at most four away from the true number.")],
        [_("People"), _("Everybody who works in the organisation or below it on that day.")],
        [_("Levels"), _("Each person counts once for each skill, at the highest level that they have reached.")],
        [
            HIDDEN,
            _("Hidden: the figure, or one that follows from it, could be about fewer than ten people, or nobody."),
        ],
    ]
    return Sheet(_("Notes"), notes)


def _needed(cell: TeamCell, *, name_of_level: NameOfLevel) -> list[Cell]:
    """The level that the role needs and how many levels short the person is; nothing where it needs none."""
    if not cell.target:
        return ["", ""]
    return [_level(cell.target, name_of_level=name_of_level), max(cell.target - cell.level, 0)]


def _level(level: Level, *, name_of_level: NameOfLevel) -> str:
    return f"{int(level)} {name_of_level(level)}"


def _people(part: Part) -> list[Cell]:
    return [part.organisation.name, HIDDEN if part.people is None else part.people]


def _figure(figure: Figure) -> Cell:
    return HIDDEN if isinstance(figure, Hidden) else figure
