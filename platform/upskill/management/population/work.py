"""Who learned what, and when: two years of courses begun, quizzes passed and exercises solved.

Some learn much and some nothing; people of analytical professions solve exercises, most others stay with quizzes;
half of those who begin a course finish it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .offers import Offer, Teaching
from .trees import Ints

DAYS = 730  # that the past reaches back
SECONDS = 86_400
ANALYSTS = {"Digital, Data and Technology", "Statistics", "Economics", "Social Research", "Operational Research",
            "Intelligence Analysis", "Science and Engineering", "Geography"}  # fmt: skip
SOLVES, ANALYST_SOLVES = 0.1, 0.5  # of the exercises in modules that somebody has done
FINISHES = 0.5  # of those who begin a course
LIKELY = 0.97  # how likely it is at most that somebody takes a course
SPARE = 1.15  # times as much as is wanted, before what is too much is left out


@dataclass(frozen=True)
class Work:
    """What was done, in order of time: by whom, which offer, and how many seconds after the past began.

    `begun` and `finished` are courses: person, course, second.
    """

    person: Ints
    offer: Ints
    second: Ints
    begun: tuple[Ints, Ints, Ints]
    finished: tuple[Ints, Ints, Ints]


def worked(professions: Sequence[str], *, teaching: Teaching, evidence: int, rng: np.random.Generator) -> Work:
    """What people of these professions did, so much of it that it comes to about so many rows of evidence."""
    analyst = np.isin(np.array(professions), list(ANALYSTS))
    keen = rng.gamma(1.2, 1 / 1.2, len(professions)) * np.where(rng.random(len(professions)) < 0.12, 0, 1)
    liking = [0.5 * keen * (np.where(analyst, 1.6, 0.9) if _is_for_analysts(number, teaching) else 1.0)
              / (1 + 0.3 * number) for number in range(len(teaching.courses))]  # fmt: skip
    worth = [_worth(number, teaching=teaching, analyst=analyst) for number in range(len(teaching.courses))]
    times = _times_as_likely(liking, worth=worth, wanted=evidence * SPARE)
    parts = [
        _course(number, likely=np.minimum(LIKELY, times * each), analyst=analyst, teaching=teaching, rng=rng)
        for number, each in enumerate(liking)
    ]
    person, offer, second = (np.concatenate([part[0][at] for part in parts]) for at in range(3))
    begun, finished = (
        tuple(np.concatenate([part[which][at] for part in parts]) for at in range(3)) for which in (1, 2)
    )
    kept = _as_much_as_wanted(offer, offers=teaching.offers, wanted=evidence, rng=rng)
    kept = kept[np.argsort(second[kept], kind="stable")]
    return Work(person[kept], offer[kept], second[kept], begun, finished)  # type: ignore[arg-type]


def _is_for_analysts(course: int, teaching: Teaching) -> bool:
    return sum(offer.exercise is not None for offer in teaching.offers if offer.course == course) > 4


def _worth(course: int, *, teaching: Teaching, analyst: NDArray[np.bool_]) -> NDArray[np.float64]:
    """About how many rows of evidence come of each person who begins the course."""
    quizzes, exercises = (
        sum(len(offer.awards) for offer in teaching.offers if offer.course == course and (offer.quiz is None) is solved)
        for solved in (False, True)
    )
    return (FINISHES + (1 - FINISHES) / 2) * (quizzes + exercises * np.where(analyst, ANALYST_SOLVES, SOLVES))


def _times_as_likely(liking: list[NDArray[np.float64]], *, worth: list[NDArray[np.float64]], wanted: float) -> float:
    """By what everybody's liking is to be multiplied so that it comes to so much evidence."""
    low, high = 0.0, 1e4
    for _halving in range(50):
        middle = (low + high) / 2
        comes_to = sum(
            float((np.minimum(LIKELY, middle * each) * gain).sum()) for each, gain in zip(liking, worth, strict=True)
        )
        low, high = (middle, high) if comes_to < wanted else (low, middle)
    return high


Columns = tuple[Ints, Ints, Ints]


def _course(
    number: int,
    *,
    likely: NDArray[np.float64],
    analyst: NDArray[np.bool_],
    teaching: Teaching,
    rng: np.random.Generator,
) -> tuple[Columns, Columns, Columns]:
    """Of one course: what was done in it, who began it, and who finished it."""
    taker = np.flatnonzero(rng.random(len(likely)) < likely)
    modules = teaching.modules[number]
    done = np.where(rng.random(len(taker)) < FINISHES, modules, rng.integers(0, modules, len(taker)))
    begun = (rng.random(len(taker)) ** 0.8 * (DAYS - 1) * SECONDS).astype(np.int64)  # a little more each month
    pace = rng.uniform(1, 14, len(taker)) * SECONDS  # from one module to the next
    persons, offers, seconds = [], [], []
    for place, offer in enumerate(teaching.offers):
        if offer.course == number:
            moment = begun + (pace * (offer.module + rng.uniform(0.1, 0.9, len(taker)))).astype(np.int64)
            passes = (done > offer.module) & (moment < DAYS * SECONDS)
            if offer.exercise is not None:
                passes &= rng.random(len(taker)) < np.where(analyst[taker], ANALYST_SOLVES, SOLVES)
            persons.append(taker[passes])
            offers.append(np.full(int(passes.sum()), place))
            seconds.append(moment[passes])
    last = begun + (pace * modules).astype(np.int64)
    whole = (done == modules) & (last < DAYS * SECONDS)
    began: Columns = (taker, np.full(len(taker), number), begun)
    ended: Columns = (taker[whole], np.full(int(whole.sum()), number), last[whole])
    return (_joined(persons), _joined(offers), _joined(seconds)), began, ended


def _as_much_as_wanted(offer: Ints, *, offers: list[Offer], wanted: int, rng: np.random.Generator) -> Ints:
    """Which pieces of work are kept, drawn by lot."""
    gains = np.array([len(each.awards) for each in offers])
    order = rng.permutation(len(offer))
    return order[: int(np.searchsorted(np.cumsum(gains[offer[order]]), wanted, side="right"))]


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
