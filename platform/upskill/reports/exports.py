"""What managers see, as tables to download: the same rows as the page, with the same figures hidden."""

from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from upskill.core.spreadsheets import Cell, Sheet
from upskill.skills.models import Level

from .figures import Figure, Hidden
from .queries import Department, Part, Team

HIDDEN = "[c]"
NameOfLevel = Callable[[int], str]


def team_sheet(team: Team, *, name_of_level: NameOfLevel) -> Sheet:
    """Person by skill, each level by number and name."""
    head = [_("Person"), *(skill.name for skill in team.skills)]
    rows = [
        [member.person.full_name, *(f"{int(level)} {name_of_level(level)}" for level in member.levels)]
        for member in team.members
    ]
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


def _people(part: Part) -> list[Cell]:
    return [part.organisation.name, HIDDEN if part.people is None else part.people]


def _figure(figure: Figure) -> Cell:
    return HIDDEN if isinstance(figure, Hidden) else figure
