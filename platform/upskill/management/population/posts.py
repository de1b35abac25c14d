"""Which profession and grade each post has: as many of each as the statistics say, in the places where they fit."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from upskill.people import demo

from .departments import Place, apportion
from .trees import NOBODY, Ints, Staff

Floats = NDArray[np.float64]
ROUNDS = 40  # of fitting professions to organisations: more changes nothing to the person
TINY = 1e-12  # in place of nothing, which nothing can be divided by
ABOVE_REPORTS = 0.35  # how much higher a manager stands than the highest report
# What a grade is likely to be where a profession works; all others stand at 0. In standard deviations of grades.
STANDING = {"Operational Delivery": -0.8, "Tax": -0.4, "Counter Fraud": -0.4, "Security": -0.4, "Policy": 0.7,
            "Legal": 0.9, "Economics": 0.8, "Digital, Data and Technology": 0.4, "Project Delivery": 0.4,
            "Commercial": 0.4, "Medicine": 0.9, "Statistics": 0.3}  # fmt: skip
# What an organisation has more of than the Civil Service as a whole, by a word of its name.
LEANS: dict[str, dict[str, float]] = {
    "Work and Pensions": {"Operational Delivery": 6, "Counter Fraud": 6, "Psychology": 2},
    "Revenue": {"Tax": 60, "Operational Delivery": 2, "Counter Fraud": 4},
    "Valuation Office": {"Property": 40, "Tax": 3},
    "Prison": {"Operational Delivery": 9, "Psychology": 15, "Property": 2},
    "Home Office": {"Operational Delivery": 4, "Security": 4, "Intelligence Analysis": 5},
    "Courts": {"Operational Delivery": 6, "Legal": 3},
    "Defence": {"Security": 8, "Project Delivery": 4, "Science and Engineering": 6, "Property": 3, "Medicine": 4},
    "Equipment and Support": {"Project Delivery": 12, "Commercial": 20, "Science and Engineering": 8},
    "Prosecution": {"Legal": 60},
    "Legal": {"Legal": 60},
    "Fraud": {"Legal": 20, "Counter Fraud": 30},
    "Justice": {"Policy": 4, "Social Research": 5},
    "Education": {"Policy": 10, "Social Research": 10, "Economics": 4},
    "Standards in Education": {"Inspector of Education and Training": 900},
    "Estyn": {"Inspector of Education and Training": 900},
    "Environment": {"Policy": 8, "Science and Engineering": 5, "Economics": 4},
    "Animal": {"Veterinarian": 200, "Science and Engineering": 20},
    "Veterinary": {"Veterinarian": 200, "Science and Engineering": 20},
    "Statistics": {"Statistics": 90, "Social Research": 10, "Digital, Data and Technology": 4},
    "Health": {"Medicine": 15, "Science and Engineering": 8, "Policy": 4, "Statistics": 3},
    "Medicines": {"Science and Engineering": 20, "Medicine": 20},
    "Met Office": {"Science and Engineering": 60, "Digital, Data and Technology": 6},
    "Science": {"Science and Engineering": 60},
    "Hydrographic": {"Geography": 90, "Science and Engineering": 10},
    "Crime": {"Intelligence Analysis": 60, "Security": 5, "Counter Fraud": 3},
    "Treasury": {"Economics": 30, "Policy": 15, "Finance": 5, "Corporate Finance": 60},
    "Trade": {"International Trade": 200, "Policy": 5, "Economics": 4},
    "Export": {"Corporate Finance": 200, "International Trade": 40},
    "Cabinet Office": {"Policy": 4, "Digital, Data and Technology": 6, "Commercial": 6, "Human Resources": 3},
    "Commercial": {"Commercial": 90},
    "Internal Audit": {"Internal Audit": 900},
    "Planning": {"Planning Inspectors": 900, "Planning": 200},
    "Levelling Up": {"Policy": 10, "Planning": 60, "Economics": 4},
    "Commonwealth": {"Policy": 8, "International Trade": 6},
    "Government": {"Policy": 4, "Economics": 3},
    "Archives": {"Knowledge and Information Management": 90},
    "Property": {"Property": 60},
    "Intellectual Property": {"Science and Engineering": 20, "Legal": 6},
    "Driver": {"Operational Delivery": 5, "Digital, Data and Technology": 4},
}


def professions(staff: Staff, places: Sequence[Place], *, rng: np.random.Generator) -> tuple[list[str], Ints]:
    """The professions, and for each person which of them they have: mostly one profession in a team."""
    shares = _shares("professions_2023.csv")
    names = list(shares)
    wanted = np.array(list(apportion(shares, places=len(staff)).values()))
    people = np.bincount(staff.place, minlength=len(places))
    found = np.empty(len(staff), dtype=np.int64)
    team = np.where(staff.leads | (staff.manager == NOBODY), np.arange(len(staff)), staff.manager)
    lots = rng.random(len(staff))[team]  # a team draws one lot, and stands together
    order = np.lexsort((lots, staff.place))
    fitted = _fit(_leanings(names, places), rows=people, columns=wanted)
    begins = np.concatenate([[0], np.cumsum(people)])
    owed = np.zeros(len(names))  # what rounding has kept from each profession so far
    for place, row in enumerate(fitted):
        if people[place]:
            counts = _whole(row + owed, people[place])
            owed += row - counts
            shuffled = rng.permutation(len(names))
            found[order[begins[place] : begins[place + 1]]] = np.repeat(shuffled, counts[shuffled])
    return names, found


def grades(
    staff: Staff, places: Sequence[Place], *, professions: tuple[list[str], Ints], rng: np.random.Generator
) -> list[str]:
    """A grade for each person: as many of each as the statistics say, and no manager's below that of a report."""
    names, which = professions
    standing = np.array([STANDING.get(name, 0.0) for name in names])[which]
    unit = rng.normal(0, 0.8, len(staff.units))[staff.unit]
    height = standing + unit + rng.normal(0, 0.6, len(staff))
    _lift(height, staff, places=places)
    counts = apportion(_shares("grades_2023.csv"), places=len(staff))  # the highest first
    in_order = [grade for grade, number in counts.items() for _ in range(number)]
    found = np.empty(len(staff), dtype=object)
    found[np.argsort(-height, kind="stable")] = in_order
    return list(found)


def _lift(height: Floats, staff: Staff, *, places: Sequence[Place]) -> None:
    """Each manager above all reports, from the bottom up; heads of agencies report to the head of their department."""
    for depth in range(int(staff.depth.max(initial=0)), 0, -1):
        reports = np.flatnonzero((staff.depth == depth) & (staff.manager != NOBODY))
        np.maximum.at(height, staff.manager[reports], height[reports] + ABOVE_REPORTS)
    heads = {unit.place: unit.head for unit in staff.units if unit.parent == NOBODY and unit.head != NOBODY}
    for at, place in enumerate(places):
        if place.parent is not None and at in heads and place.parent in heads:
            above = heads[place.parent]
            height[above] = max(height[above], height[heads[at]] + ABOVE_REPORTS)


def _leanings(names: list[str], places: Sequence[Place]) -> Floats:
    """How much more likely a profession is in a place than elsewhere."""
    found = np.ones((len(places), len(names)))
    for row, place in enumerate(places):
        for word, leans in LEANS.items():
            if word in place.name:
                for name, times in leans.items():
                    found[row, names.index(name)] *= times
    return found


def _fit(table: Floats, *, rows: Ints, columns: Ints) -> Floats:
    """The table made to add up to these sums, both ways, with its likelihoods kept (iterative proportional fitting)."""
    for _round in range(ROUNDS):
        table = table * (columns / np.maximum(table.sum(axis=0), TINY))
        table = table * (rows / np.maximum(table.sum(axis=1), TINY))[:, np.newaxis]
    return table


def _whole(row: Floats, people: int) -> Ints:
    """Whole numbers near these, none below 0, that add up to so many people."""
    counts = np.floor(np.maximum(row, 0)).astype(np.int64)
    while left := people - int(counts.sum()):
        step = 1 if left > 0 else -1
        order = np.argsort((counts - row) * step, kind="stable")
        chosen = [at for at in order.tolist() if counts[at] + step >= 0][: abs(left)]
        counts[chosen] += step
    return counts


def _shares(filename: str) -> dict[str, int]:
    return {next(iter(row.values())): int(row["headcount_2023"]) for row in demo.lines_of(filename)}
