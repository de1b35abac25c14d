"""Lines over days: shares from nothing to everybody, or to a rounder end below it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from .drawing import MOST_LINES, Box, Chart, Drawing, Path, Text, points, wrapped

DOT, LINE, SAMPLE = 6, 17, 30
ENDS = (10, 20, 50, 100)  # of the scale, in per cent


@dataclass(frozen=True)
class Line:
    """A name, and its share on each of the chart's days, in per cent; None: hidden on that day."""

    name: str
    shares: Sequence[int | None]


@dataclass(frozen=True)
class _Frame:
    """Where days and shares lie."""

    size: str
    width: int
    left: int
    right: int
    top: int
    bottom: int
    days: Sequence[dt.date]
    end: int

    def x(self, day: dt.date) -> int:
        whole = (self.days[-1] - self.days[0]).days or 1
        return self.left + (self.right - self.left) * (day - self.days[0]).days // whole

    def y(self, share: int) -> int:
        return self.bottom - (self.bottom - self.top) * share // self.end


def lines(
    id_: str, *, title: str, about: str, days: Sequence[dt.date], among: Sequence[Line], head: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> Chart:  # fmt: skip
    """A chart of at most MOST_LINES lines over two days or more, the oldest first."""
    shown = among[:MOST_LINES]
    most = max((share for line in shown for share in line.shares if share is not None), default=0)
    end = next(each for each in ENDS if each >= min(most, 100))
    frames = (
        _Frame("wide", 760, 44, 540, 14, 270, days, end),
        _Frame("narrow", 340, 40, 332, 14, 240, days, end),
    )
    return Chart(id_, title, about, (_drawn(frames[0], shown), _drawn(frames[1], shown)), head, rows)


def _drawn(frame: _Frame, shown: Sequence[Line]) -> Drawing:
    grid, texts = _scale(frame)
    boxes: list[Box] = []
    paths = grid
    for number, line in enumerate(shown, 1):
        for stretch in _stretches(frame, line):
            paths.append(Path(points(stretch), f"line-{number}"))
        boxes += [
            Box(x - DOT // 2, y - DOT // 2, DOT, DOT, f"dot-{number}")
            for stretch in _stretches(frame, line) for x, y in (stretch if len(stretch) == 1 else stretch[-1:])
        ]  # fmt: skip
    samples, names = (_named_at_ends if frame.size == "wide" else _named_below)(frame, shown)
    texts += names
    below = max([frame.bottom + 30, *(text.y + 8 for text in texts)])
    return Drawing(frame.size, frame.width, below, boxes, [*paths, *samples], texts)


def _scale(frame: _Frame) -> tuple[list[Path], list[Text]]:
    """Lines at nothing, the middle and the end of the scale; the first day and the last."""
    shares = (0, frame.end // 2, frame.end)
    grid = [Path(points([(frame.left, frame.y(each)), (frame.right, frame.y(each))]), "grid") for each in shares]
    texts = [Text(frame.left - 6, frame.y(each) + 5, f"{each}%", "scale", "end") for each in shares]
    first, last = (date_format(day, "j M Y") for day in (frame.days[0], frame.days[-1]))
    return grid, [
        *texts,
        Text(frame.left, frame.bottom + 20, first, "scale"),
        Text(frame.right, frame.bottom + 20, last, "scale", "end"),
    ]


def _stretches(frame: _Frame, line: Line) -> list[list[tuple[int, int]]]:
    """The line in pieces: nothing is drawn over days on which it is hidden."""
    pieces: list[list[tuple[int, int]]] = [[]]
    for day, share in zip(frame.days, line.shares, strict=True):
        if share is None:
            pieces.append([])
        else:
            pieces[-1].append((frame.x(day), frame.y(share)))
    return [piece for piece in pieces if piece]


def _ends(frame: _Frame, shown: Sequence[Line]) -> list[tuple[int, int, int, str]]:
    """From the top: where each line ends (y, x), its number, and its name with the last share."""
    ends = []
    for number, line in enumerate(shown, 1):
        if stretches := _stretches(frame, line):
            x, y = stretches[-1][-1]
            last = next(share for share in reversed(line.shares) if share is not None)
            ends.append((y, x, number, f"{line.name} {last}%"))
    return sorted(ends)


def _named_at_ends(frame: _Frame, shown: Sequence[Line]) -> tuple[list[Path], list[Text]]:
    """Names beside the ends of the lines, pushed apart where they would lie on each other."""
    texts: list[Text] = []
    free = 0
    for wanted, x, number, words in _ends(frame, shown):
        y = max(wanted + 5, free)
        for each in wrapped(words, width=26, most=2):
            texts.append(Text(x + 10, y, each, f"name-{number}"))
            y += LINE
        free = y + 3
    return [], texts


def _named_below(frame: _Frame, shown: Sequence[Line]) -> tuple[list[Path], list[Text]]:
    """Names below, each with a piece of its line, where there is no room beside the ends."""
    y, paths, texts = frame.bottom + 46, [], []
    for _end, _x, number, words in _ends(frame, shown):
        paths.append(Path(points([(0, y - 5), (SAMPLE, y - 5)]), f"line-{number}"))
        for each in wrapped(words, width=32, most=2):
            texts.append(Text(SAMPLE + 8, y, each, f"name-{number}"))
            y += LINE
        y += 4
    return paths, texts
