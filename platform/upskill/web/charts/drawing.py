"""What a chart is made of. The template components/chart.html frames it; the style sheet has its colours.

Its some hundred pieces are written here: by a template they take half of the time of a page.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

BOX = '<rect x="{}" y="{}" width="{}" height="{}" class="app-chart__{}"/>'
PATH = '<polyline points="{}" class="app-chart__{}"/>'
TEXT = '<text x="{}" y="{}" class="app-chart__text app-chart__{}" text-anchor="{}">{}</text>'
NAME = '<th scope="row" class="govuk-table__header">{}</th>'
ROW = '<tr class="govuk-table__row">{}{}</tr>'
FIGURE = '<td class="govuk-table__cell govuk-table__cell--numeric">{}</td>'

MOST_LINES = 4  # of a chart of lines: more cannot be told apart
MOST_BARS = 15  # the table behind has the others


@dataclass(frozen=True)
class Text:
    """Words. `x`, `y`: the beginning, middle or end of their baseline. `look` and `anchor` are never a visitor's words:
    they are not escaped.
    """

    x: int
    y: int
    words: str
    look: str = "label"
    anchor: str = "start"


@dataclass(frozen=True)
class Box:
    """A bar, or a dot. `look` is ours, as in Text."""

    x: int
    y: int
    width: int
    height: int
    look: str


@dataclass(frozen=True)
class Path:
    """A line through points, or a straight one. `look` is ours, as in Text."""

    points: str  # "x,y x,y", as SVG has them
    look: str


@dataclass(frozen=True)
class Drawing:
    """A chart in one width. What comes first lies below."""

    size: str  # "wide" or "narrow"
    width: int
    height: int
    boxes: Sequence[Box] = ()
    paths: Sequence[Path] = ()
    texts: Sequence[Text] = ()

    def svg(self) -> SafeString:
        """Everything that is drawn."""
        boxes = [BOX.format(each.x, each.y, each.width, each.height, each.look) for each in self.boxes]
        paths = [PATH.format(each.points, each.look) for each in self.paths]
        texts = [TEXT.format(each.x, each.y, each.look, each.anchor, escape(each.words)) for each in self.texts]
        return mark_safe("".join([*boxes, *paths, *texts]))  # noqa: S308 - words are escaped # nosec B308 B703


@dataclass(frozen=True)
class Chart:
    """A chart with its title, which says what is to be seen, and the table of everything that it shows.

    `id` is unique on its page. `about` says what is drawn, for everybody. Each cell of the table is text.
    """

    id: str
    title: str
    about: str
    drawings: tuple[Drawing, Drawing]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def body(self) -> SafeString:
        """The lines of the table: a name, then figures."""
        lines = [
            ROW.format(NAME.format(escape(name)), "".join([FIGURE.format(escape(each)) for each in figures]))
            for name, *figures in self.rows
        ]
        return mark_safe("".join(lines))  # noqa: S308 - each cell is escaped # nosec B308 B703


def wrapped(words: str, *, width: int, most: int) -> list[str]:
    """The words in at most `most` lines of `width` letters; what is left over is cut off with an ellipsis."""
    return textwrap.wrap(words, width, max_lines=most, placeholder="…") or [""]


def points(places: Sequence[tuple[int, int]]) -> str:
    """Places as SVG has them."""
    return " ".join(f"{x},{y}" for x, y in places)
