"""What one cell of a heatmap shows: always a figure or words, with a shade beside it."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from upskill.skills.models import Level
from upskill.web.templatetags.words import level_with_number

SAID = '<span aria-hidden="true">{}</span><span class="govuk-visually-hidden">{}</span>'
WAY = '<a class="app-heat__link" href="{}">{}</a>'


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
        """The cell of the table. A page has some five hundred: in a template's own words they take half of its time."""
        words = format_html(SAID, self.text, self.said) if self.said else self.text
        inside = format_html(WAY, self.url, words) if self.url else words
        return format_html('<td class="govuk-table__cell app-heat__cell--{}">{}</td>', self.level, inside)


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
