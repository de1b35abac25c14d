"""Which level holds on a day: the level rule, for one person and skill."""

import calendar
import datetime as dt
from dataclasses import dataclass

from .models import Level

Days = tuple[
    dt.date | None, dt.date | None, dt.date | None, dt.date | None
]  # as a LevelTally keeps them, from awareness


@dataclass(frozen=True)
class Standing:
    """Where somebody stands with a skill on a day: the level that holds, the latest day on which evidence of it was
    earned, and the first day on which it no longer holds (None: it holds for good).

    `lapsed` is the best level above it that they once reached and that holds no more, since `lapsed_on`.
    """

    level: Level = Level.NONE
    earned_on: dt.date | None = None
    expires_on: dt.date | None = None
    lapsed: Level = Level.NONE
    lapsed_on: dt.date | None = None


def standing(days: Days, *, valid_months: int | None, on: dt.date) -> Standing:
    """Where these days of evidence leave somebody on a day that is not before any of them."""
    lapsed, lapsed_on = Level.NONE, None
    for level, day in sorted(zip(Level, (None, *days), strict=True), reverse=True, key=lambda each: each[0]):
        if day is None:
            continue
        ends_on = None if valid_months is None else months_after(day, months=valid_months)
        if ends_on is None or ends_on > on:
            return Standing(level, day, ends_on, lapsed, lapsed_on)
        if not lapsed:
            lapsed, lapsed_on = level, ends_on
    return Standing(lapsed=lapsed, lapsed_on=lapsed_on)


def months_after(day: dt.date, *, months: int) -> dt.date:
    """The same day so many months later, earlier where negative; the last of a shorter month, as PostgreSQL counts."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
