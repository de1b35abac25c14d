"""What one cell of a heatmap shows: always a figure or words, with a shade beside it."""

from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from upskill.skills.models import Level
from upskill.web.templatetags.words import level_with_number

SAID = '<span aria-hidden="true">%s</span><span class="govuk-visually-hidden">%s</span>'
WAY = '<a class="app-heat__link" href="%s">%s</a>'
CELL = '<td class="govuk-table__cell app-heat__cell--%s">%s</td>'


@dataclass(frozen=True)
class Cell:
    """A cell. `level` is its shade, 0 to 4, "hidden" or "plain"; `said` is read out in place of `text` where it is
    given; `url` leads to what the figure counts.
    """

    text: str
    level: int | str
    said: str = ""
    url: str = ""

    def html(self) -> SafeString:
        """The cell of the table. A page has some hundred: in a template's own words they take half of its time."""
        text = escape(self.text)
        words = SAID % (text, escape(self.said)) if self.said else text
        inside = WAY % (escape(self.url), words) if self.url else words
        return mark_safe(CELL % (escape(str(self.level)), inside))  # noqa: S308 - each piece is escaped # nosec B308 B703


Key = list[tuple[int | str, str]]  # shade, what it means


def level_key() -> Key:
    """What the shades of levels mean."""
    return [(int(level), level_with_number(level)) for level in Level]


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
