"""Bars that lie: one for each name, with its figure behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .drawing import MOST_BARS, Box, Chart, Drawing, Path, Text, points, wrapped

WIDE, NARROW = 760, 340
NAMES = 260  # of the wide one: room for names on the left
LETTERS_WIDE, LETTERS_NARROW = 32, 42  # that fit on one line of a name
END_WIDE, END_NARROW = 150, 130  # room for the figure behind a bar
THICK, LINE = 22, 18  # of a bar; from one line of words to the next
TOP = 24  # where a mark has its words


@dataclass(frozen=True)
class Bar:
    """A bar. `length` and `part` are shares of the longest that there can be, from 0 to 1; None: the figure is hidden.

    `part` is drawn dark at the beginning of the bar. `said` stands behind it.
    """

    name: str
    length: float | None
    said: str
    part: float | None = None


@dataclass(frozen=True)
class Mark:
    """A line across all bars, to compare them with."""

    at: float  # as Bar.length
    said: str


def bars(
    id_: str, *, title: str, about: str, among: Sequence[Bar], head: Sequence[str], rows: Sequence[Sequence[str]],
    mark: Mark | None = None,
) -> Chart:  # fmt: skip
    """A chart of the first MOST_BARS bars, which says so where there are more. `head` and `rows`: the table behind it,
    with all of them.
    """
    shown = among[:MOST_BARS]
    if len(shown) < len(among):
        about = f"{about} " + _("The first %(n)d are drawn; the table has all.") % {"n": len(shown)}
    return Chart(id_, title, about, (_wide(shown, mark=mark), _narrow(shown, mark=mark)), head, rows)


def _wide(shown: Sequence[Bar], *, mark: Mark | None) -> Drawing:
    """Names on the left."""
    room = WIDE - NAMES - END_WIDE
    boxes: list[Box] = []
    texts: list[Text] = []
    y = TOP if mark else 0
    for bar in shown:
        lines = wrapped(bar.name, width=LETTERS_WIDE, most=2)
        height = max(THICK, LINE * len(lines)) + 10
        first = y + height // 2 + 5 - LINE * (len(lines) - 1) // 2
        texts += [Text(NAMES - 10, first + LINE * n, line, anchor="end") for n, line in enumerate(lines)]
        boxes += _boxes(bar, x=NAMES, y=y + (height - THICK) // 2, room=room)
        texts.append(_behind(bar, x=NAMES, y=y + height // 2 + 5, room=room))
        y += height
    paths, more = _marked(mark, x=NAMES, room=room, bottom=y)
    return Drawing("wide", WIDE, y + 4, boxes, paths, [*texts, *more])


def _narrow(shown: Sequence[Bar], *, mark: Mark | None) -> Drawing:
    """Names above."""
    room = NARROW - END_NARROW
    boxes: list[Box] = []
    texts: list[Text] = []
    y = TOP if mark else 0
    for bar in shown:
        lines = wrapped(bar.name, width=LETTERS_NARROW, most=2)
        texts += [Text(0, y + LINE * (n + 1) - 3, line) for n, line in enumerate(lines)]
        y += LINE * len(lines) + 2
        boxes += _boxes(bar, x=0, y=y, room=room)
        texts.append(_behind(bar, x=0, y=y + THICK - 6, room=room))
        y += THICK + 12
    paths, more = _marked(mark, x=0, room=room, bottom=y)
    return Drawing("narrow", NARROW, y + 4, boxes, paths, [*texts, *more])


def _boxes(bar: Bar, *, x: int, y: int, room: int) -> list[Box]:
    if bar.length is None:
        return []
    whole = Box(x, y, max(1, round(bar.length * room)), THICK, "bar" if bar.part is None else "whole")
    if not bar.part:
        return [whole]
    return [whole, Box(x, y, max(1, round(bar.part * room)), THICK, "part")]


def _behind(bar: Bar, *, x: int, y: int, room: int) -> Text:
    return Text(x + round((bar.length or 0) * room) + (8 if bar.length is not None else 0), y, bar.said, look="figure")


def _marked(mark: Mark | None, *, x: int, room: int, bottom: int) -> tuple[list[Path], list[Text]]:
    """Its words stand above, on the side where there is more room."""
    if mark is None:
        return [], []
    at = x + round(mark.at * room)
    anchor = "start" if mark.at < 0.5 else "end"
    beside = 6 if anchor == "start" else -6
    return [Path(points([(at, 4), (at, bottom)]), "mark")], [Text(at + beside, 15, mark.said, "figure", anchor)]
