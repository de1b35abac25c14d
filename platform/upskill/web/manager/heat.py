"""What one cell of a heatmap shows: always a figure or words, with a shade beside it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from upskill.reports.figures import Figure, Hidden
from upskill.skills.models import Level
from upskill.web.templatetags.words import level_with_number


@dataclass(frozen=True)
class Cell:
    """A cell. `level` is its shade, 0 to 4 or "hidden"; `said` is read out in place of `text` where it is given."""

    text: str
    level: int | str
    said: str = ""


Key = list[tuple[int | str, str]]  # shade, what it means


def level_key() -> Key:
    """What the shades of levels mean."""
    return [(int(level), level_with_number(level)) for level in Level]


def count_cell(count: Figure, *, people: int | None) -> Cell:
    """How many of these people, or that it is hidden; shaded by their share."""
    if isinstance(count, Hidden) or people is None:
        return Cell(text="[c]", level="hidden", said=_("hidden"))
    return Cell(text=str(count), level=min(4, -(-4 * count // people)) if people else 0)


def count_key() -> Key:
    """What the shades of counts mean."""
    return [
        (0, _("Nobody")),
        (1, _("Up to a quarter of the people")),
        (2, _("Up to half")),
        (3, _("Up to three quarters")),
        (4, _("More than three quarters")),
        ("hidden", _("[c] Hidden")),
    ]
