"""The training that takes the least time: which parts of published courses raise skills to the levels asked for.

Pure functions over what the catalogue offers. A choice is a set of items to pass. It takes the minutes of these items
and, once for each module, those of the lessons of the module. A skill is closed by an item that earns the level asked
for, or a higher one. That is a set cover with weights: each module gives one option for every set of skills that its
items can close together, and branch and bound looks for the cheapest options that close everything.

The search is exact unless it takes more than MOST_STEPS. What it has found by then comes with a figure below which no
choice lies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import ceil

from upskill.catalogue.models import Item
from upskill.catalogue.offers import Offer, OfferedModule
from upskill.skills.models import Level

MOST_STEPS = 2000  # of one search: some 0.2 seconds; the catalogue and the roles of today need a few dozen
ROUNDING = 1e-6  # of minutes: sums of shares are not exact
SEARCHES_REMEMBERED = 4096  # people with the same gaps need the same training

Needs = tuple[tuple[str, int], ...]  # (skill, level asked for), each skill once


@dataclass(frozen=True)
class Step:
    """A module to take: what to pass there, and the minutes of that with the module's lessons."""

    module: OfferedModule
    offers: tuple[Offer, ...]

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return self.module.reading + sum(offer.minutes for offer in self.offers)


@dataclass(frozen=True)
class Training:
    """The steps that close every gap that courses can close.

    `remains`: the gaps that no course closes, each with the highest level that one leads to. `is_least`: nothing
    shorter does the same; otherwise nothing shorter than `at_least` minutes does.
    """

    steps: tuple[Step, ...]
    remains: tuple[tuple[str, Level], ...]
    is_least: bool
    at_least: int

    @property
    def minutes(self) -> int:
        """How long all of it takes."""
        return sum(step.minutes for step in self.steps)


@dataclass(frozen=True)
class _Option:
    """What a module can close, as bits of the needs, and the least minutes in which it does."""

    closes: int
    minutes: int
    place: int  # of the module in the catalogue
    offers: tuple[int, ...]  # places of the items in the module


def earns(offer: Offer) -> dict[str, Level]:
    """Skill -> the highest level that passing the item can prove: awareness by a quiz, working by tests, practitioner
    by a person with a rubric. What skills.services gives for it can be less, never more.
    """
    by_person = offer.by_person or offer.kind == Item.Kind.REFLECTION
    top = Level.PRACTITIONER if by_person else Level.WORKING
    if offer.kind == Item.Kind.QUIZ:
        return {skill: Level.AWARENESS for skill, _level in offer.skills}
    return {skill: Level(min(level, top)) for skill, level in offer.skills}


@lru_cache(maxsize=SEARCHES_REMEMBERED)
def least_training(needs: Needs, *, modules: tuple[OfferedModule, ...]) -> Training:
    """The training that closes these gaps in the least time."""
    highest = highest_levels(modules)
    closable = [(skill, level) for skill, level in needs if highest.get(skill, Level.NONE) >= level]
    remains = tuple((skill, highest.get(skill, Level.NONE)) for skill, level in needs if (skill, level) not in closable)
    search = _Search(_without_dominated(_options(closable, modules=modules)), everything=2 ** len(closable) - 1)
    search.run()
    steps = _steps(search.best, modules=modules)
    minutes = sum(step.minutes for step in steps)
    is_least = not search.is_cut_short
    at_least = minutes if is_least else min(minutes, search.at_least)
    return Training(steps=steps, remains=remains, is_least=is_least, at_least=at_least)


def highest_levels(modules: Iterable[OfferedModule]) -> dict[str, Level]:
    """Skill -> the highest level to which a course leads now."""
    highest: dict[str, Level] = {}
    for module in modules:
        for offer in module.offers:
            for skill, level in earns(offer).items():
                highest[skill] = max(level, highest.get(skill, Level.NONE))
    return highest


def _options(needs: list[tuple[str, int]], *, modules: tuple[OfferedModule, ...]) -> list[_Option]:
    """For each module and each set of needs that its items can close together the cheapest way to do it."""
    options = []
    for place, module in enumerate(modules):
        cheapest: dict[int, _Option] = {0: _Option(0, module.reading, place, ())}
        for number, offer in enumerate(module.offers):
            earned = earns(offer)
            closes = sum(1 << bit for bit, (skill, level) in enumerate(needs) if earned.get(skill, 0) >= level)
            for option in list(cheapest.values()) if closes else []:
                more = _Option(option.closes | closes, option.minutes + offer.minutes, place, (*option.offers, number))
                known = cheapest.get(more.closes)
                if known is None or more.minutes < known.minutes:
                    cheapest[more.closes] = more
        options += [option for option in cheapest.values() if option.closes]
    return options


def _without_dominated(options: list[_Option]) -> list[_Option]:
    """Those that no other replaces: none closes as much or more in as little time or less. First come first kept."""
    kept: list[_Option] = []
    for option in sorted(options, key=lambda each: (each.minutes, -each.closes.bit_count(), each.place)):
        if not any(option.closes | each.closes == each.closes for each in kept):
            kept.append(option)
    return kept


class _Search:
    """Branch and bound. It begins with what is cheapest for what it closes, one after the other, and then tries for the
    need with the fewest options each of them, where the bound says that it can still be shorter.
    """

    def __init__(self, options: list[_Option], *, everything: int) -> None:
        self.options, self.everything = options, everything
        self.best = self._greedy()
        self.minutes = sum(option.minutes for option in self.best)
        self.at_least = self._bound(0)
        self.steps_left = MOST_STEPS

    @property
    def is_cut_short(self) -> bool:
        """Whether something shorter may have been missed."""
        return self.steps_left <= 0

    def run(self) -> None:
        """Look until nothing shorter can be found, or for MOST_STEPS."""
        self._look(0, chosen=[], minutes=0)

    def _look(self, closed: int, *, chosen: list[_Option], minutes: int) -> None:
        if closed == self.everything:
            if minutes < self.minutes:
                self.best, self.minutes = list(chosen), minutes
            return
        if minutes + self._bound(closed) >= self.minutes:
            return
        for option in self._branches(closed):
            self.steps_left -= 1
            if self.is_cut_short:
                return
            self._look(closed | option.closes, chosen=[*chosen, option], minutes=minutes + option.minutes)

    def _branches(self, closed: int) -> list[_Option]:
        """The options for the open need that has the fewest."""
        by_need: dict[int, list[_Option]] = {}
        for option in self.options:
            for bit in _bits(option.closes & ~closed):
                by_need.setdefault(bit, []).append(option)
        return min(by_need.values(), key=len)

    def _bound(self, closed: int) -> int:
        """Minutes that closing the rest takes at least: each need at its smallest share of an option."""
        shares: dict[int, float] = {}
        for option in self.options:
            fresh = option.closes & ~closed
            share = option.minutes / fresh.bit_count() if fresh else 0.0
            for bit in _bits(fresh):
                shares[bit] = min(share, shares.get(bit, share))
        return ceil(sum(shares.values()) - ROUNDING)

    def _greedy(self) -> list[_Option]:
        closed, chosen = 0, []
        while closed != self.everything:
            fresh = [option for option in self.options if option.closes & ~closed]
            best = min(fresh, key=lambda each: (each.minutes / (each.closes & ~closed).bit_count(), each.place))
            chosen.append(best)
            closed |= best.closes
        return chosen


def _bits(number: int) -> Iterable[int]:
    while number:
        low = number & -number
        yield low
        number ^= low


def _steps(chosen: list[_Option], *, modules: tuple[OfferedModule, ...]) -> tuple[Step, ...]:
    """In the order of the catalogue; a module that two options name is taken once."""
    places = sorted((option.place, offer) for option in chosen for offer in option.offers)
    return tuple(
        Step(modules[place], tuple(modules[place].offers[number] for number in sorted({n for _place, n in found})))
        for place, found in groupby(places, key=lambda pair: pair[0])
    )
