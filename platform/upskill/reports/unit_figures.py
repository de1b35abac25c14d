"""What the published figures of an organisation say, for pages, charts, files, mail and the API alike: counts, and what
is worked out of them. Nothing here tells more than the publication: whoever has its figures can work out the same.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from .figures import FARTHEST, STEP, Figure, Hidden, less_own_team

KINDS = ("grade", "profession")
LONGEST_WORD = 120
WORKING = 2  # the level from which somebody can do the work


class Slice(NamedTuple):
    """Everybody, or the people of a grade band or a profession."""

    kind: str = ""  # "grade" or "profession"; "": everybody
    value: str = ""

    @property
    def word(self) -> str:
        """What it is called in addresses and in the API; "" for everybody."""
        return f"{self.kind}:{self.value}" if self.kind else ""


EVERYBODY = Slice()


@dataclass(frozen=True)
class SkillCounts:
    """How many people stand where in one skill. `levels`: with none yet, then at each of the four levels."""

    slug: str
    name: str
    people: int
    levels: tuple[Figure, ...]
    needs: Figure  # whose role asks for the skill
    short: Figure  # of these, who are below the level that it asks for
    farthest: int = FARTHEST  # that a figure can be from the count behind it
    reports: int = 0  # how many of the people the viewer knows

    @property
    def counted(self) -> Figure:
        """How many people there are; hidden while nobody was counted yet."""
        return Hidden.NEW if Hidden.NEW in self.levels else self.people

    @cached_property
    def working(self) -> Figure:
        """How many have reached working level or above, where that can be worked out. Pages ask again and again."""
        return reaching(self, level=WORKING)

    @property
    def share(self) -> int | None:
        """Of 100 people, how many have reached working level or above; None: hidden."""
        return share(self.working, of=self.people)

    @property
    def is_told(self) -> bool:
        """Whether any figure of it is shown beside those who have no level yet."""
        return any(isinstance(each, int) and each for each in (*self.levels[1:], self.working, self.needs, self.short))


@dataclass(frozen=True)
class UnitCounts:
    """An organisation with everything below it, for everybody or a slice. `code` "": all of government."""

    code: str
    name: str
    slice: Slice
    people: int
    skills: tuple[SkillCounts, ...]

    def skill(self, slug: str) -> SkillCounts | None:
        """Its counts of this skill."""
        return next((each for each in self.skills if each.slug == slug), None)


@dataclass(frozen=True)
class Night:
    """An organisation on one day of the trend."""

    on: dt.date
    unit: UnitCounts
    others: tuple[str, ...] = ()  # whose figures these are, or are too: organisations whose work it took over later


def slice_of(word: str) -> Slice | None:
    """The slice that a word names, such as grade:EO; None for another word."""
    kind, _colon, value = word[:LONGEST_WORD].partition(":")
    return Slice(kind, value) if kind in KINDS and value else None


def reaching(counts: SkillCounts, *, level: int) -> Figure:
    """How many have reached this level or a higher one: their sum, or everybody less those below."""
    above, below = counts.levels[level:], counts.levels[:level]
    if Hidden.OWN_TEAM in counts.levels:
        return Hidden.OWN_TEAM
    if all_shown(above):
        return total(above)
    if not all_shown(below):
        return next(each for each in above if isinstance(each, Hidden))
    found, away = counts.people - total(below), counts.farthest * len(above)  # each of those above is rounded
    return less_own_team(found, reports=counts.reports, farthest=away) if found - away >= STEP else Hidden.FEW


def together(units: Sequence[UnitCounts]) -> UnitCounts:
    """Several organisations as one, in the skills that all of them have. A figure is hidden where it is in one."""
    first, *others = units
    skills = []
    for counts in first.skills:
        same = [counts, *(found for unit in others if (found := unit.skill(counts.slug)))]
        if len(same) == len(units):
            skills.append(_summed(same))
    return replace(first, people=sum(unit.people for unit in units), skills=tuple(skills))


def _summed(same: Sequence[SkillCounts]) -> SkillCounts:
    return replace(
        same[0],
        people=sum(each.people for each in same),
        levels=tuple(sum_of(figures) for figures in zip(*(each.levels for each in same), strict=True)),
        needs=sum_of([each.needs for each in same]),
        short=sum_of([each.short for each in same]),
    )


def sum_of(figures: Sequence[Figure]) -> Figure:
    """What they come to together; hidden where one of them is."""
    return next((each for each in figures if isinstance(each, Hidden)), total(figures))


def share(figure: Figure, *, of: Figure) -> int | None:
    """A figure out of another one, in whole per cent and never more than all; None where one is hidden or nobody is
    there.
    """
    if isinstance(figure, Hidden) or isinstance(of, Hidden) or of <= 0:
        return None
    return min(100, round(100 * figure / of))


def rest(whole: Figure, *, parts: Sequence[Figure], away: int = FARTHEST, reports: int = 0) -> Figure:
    """What is left of a figure without these parts; hidden where one of them is, or where few others may be left.
    `away`: how far it can be from the truth.
    """
    if isinstance(whole, Hidden):
        return whole
    if hidden := next((each for each in parts if isinstance(each, Hidden)), None):
        return hidden
    left = whole - total(parts)
    if left and left - away < STEP:
        return Hidden.FEW
    return left and less_own_team(left, reports=reports, farthest=away)


def all_shown(figures: Iterable[Figure]) -> bool:
    """Whether none of them is hidden."""
    return Hidden not in map(type, figures)


def total(figures: Iterable[Figure]) -> int:
    """The sum of figures that are shown."""
    return sum(each for each in figures if isinstance(each, int))
