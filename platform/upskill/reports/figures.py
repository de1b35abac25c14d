"""What a publication holds of an organisation: which figures, in which order, and what stands for hidden ones."""

from dataclasses import dataclass
from enum import Enum

from upskill.skills.models import Level

MEASURES = ("none", "at1", "at2", "at3", "at4", "needs", "short")  # of one skill, in the order of their figures
FIGURES = (*MEASURES, "people")  # what is kept of one skill: with how many people that was
STEP = 5  # figures are multiples of it
FARTHEST = STEP - 1  # from the count behind it
FARTHEST_OF_NONE = 5 * FARTHEST  # of none yet, which is worked out from five others
FEW_BELOW = 2 * STEP  # a figure that could be about fewer than five people: up to 5, which may stand for 1 to 9
FEW_BELOW_OF_NONE = STEP + FARTHEST_OF_NONE
LEAST_STAFF = 10  # people in what is shown, beside the largest team of one manager
HIDDEN_FEW, HIDDEN_WITH, HIDDEN_NEW = -1, -2, -4  # in place of a figure


class Hidden(Enum):
    """Why a figure is not shown: [c]."""

    FEW = HIDDEN_FEW  # about fewer than ten people, perhaps nobody
    WITH = HIDDEN_WITH  # a figure about few people could be worked out from it
    OWN_TEAM = -3  # less their own reports it would be about few people
    NEW = HIDDEN_NEW  # not counted here since the organisation is shown or stands where it does

    __hash__ = object.__hash__  # each is there once: no need to take its name for that, thousands of times for a page


Figure = int | Hidden
REASONS = {each.value: each for each in Hidden}  # read often: asking the enumeration takes five times as long


@dataclass(frozen=True)
class Row:
    """The figures of one skill. `levels`: how many people are at each level, none yet first."""

    skill: str
    levels: tuple[Figure, ...]
    needs: Figure  # how many have a role that asks for the skill
    short: Figure  # how many of these are below what it asks for
    people: int | None = None  # how many were counted; None: as many as work there

    def at(self, level: Level) -> Figure:
        """How many people are at this level exactly."""
        return self.levels[level]


def row_of(skill: str, stored: list[int]) -> Row:
    """The row of a skill, from its figures as they are stored: FIGURES in their order, once without the last."""
    *levels, needs, short = map(figure_of, stored[: len(MEASURES)])
    people = stored[-1] if len(stored) == len(FIGURES) and stored[-1] >= 0 else None
    return Row(skill, levels=tuple(levels), needs=needs, short=short, people=people)


def figure_of(stored: int) -> Figure:
    """A figure as it is stored, or why it is hidden."""
    return stored if stored >= 0 else REASONS[stored]


def less_own_team(figure: Figure, *, reports: int, farthest: int = FARTHEST) -> Figure:
    """The figure for somebody who knows the levels of so many people in it, because they report or reported to them.

    A figure says that the truth is at most `farthest` away: at least five others must be in it whatever the truth is.
    """
    if isinstance(figure, Hidden) or not reports or figure - farthest - reports >= STEP:
        return figure
    return Hidden.OWN_TEAM
