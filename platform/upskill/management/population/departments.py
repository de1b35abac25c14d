"""The organisations of the Civil Service, with as many people in each as its share of a population demands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from upskill.people import demo
from upskill.people.models import Organisation

UMBRELLA = 0  # people of a department that stands only for its agencies
NO_INITIALS = {"of", "and", "for", "the", "in", "to"}


@dataclass(frozen=True)
class Place:
    """An organisation from which a tree of staff hangs: how many people to invent below it."""

    name: str
    code: str
    kind: str
    parent: int | None  # its place in the list
    people: int
    id: int | None = None  # of the organisation, where it is there already
    head: int | None = None  # of the person who leads it already


def civil_service(people: int) -> list[Place]:
    """Every organisation of the statistics that gets somebody, each below its department, departments first.

    Those that are there already, under the same name, are gone on with.
    """
    rows = list(demo.lines_of("organisations_2023.csv"))
    shares = {row["organisation"]: int(row["headcount_2023"]) for row in rows}
    counts = apportion(shares, places=people)
    above = {row["organisation"]: row["parent_department"] for row in rows}
    agencies = [name for name, department in above.items() if name != department and counts[name]]
    tops = dict.fromkeys(above[name] for name in above if counts[name] or above[name] == name)
    there = {each.name: each for each in Organisation.objects.filter(name__in=[*tops, *agencies], valid_to=None)}
    codes = _codes([*tops, *agencies], taken={each.code for each in there.values()})
    placed: dict[str, int] = {}
    places: list[Place] = []
    for name in [*tops, *agencies]:
        known = there.get(name)
        kind = Organisation.Kind.DEPARTMENT if name in tops else Organisation.Kind.AGENCY
        parent = None if name in tops else placed[above[name]]
        code = known.code if known else codes[name]
        placed[name] = len(places)
        ids = (known.pk, known.head_id) if known else (None, None)
        places.append(Place(name, code, str(kind), parent, counts.get(name, UMBRELLA), *ids))
    return places


def apportion(shares: dict[str, int], *, places: int) -> dict[str, int]:
    """How many of `places` each gets by its share: whole numbers that add up, by largest remainders."""
    whole = sum(shares.values())
    counts = {name: share * places // whole for name, share in shares.items()}
    by_remainder = sorted(shares, key=lambda name: (-(shares[name] * places % whole), name))
    for name in by_remainder[: places - sum(counts.values())]:
        counts[name] += 1
    return counts


def _codes(names: Iterable[str], *, taken: set[str]) -> dict[str, str]:
    """Name -> its initials, with a number where others have the same: hmrc, ho, dt."""
    taken, codes = set(taken), {}
    for name in names:
        words = [word for word in re.findall(r"[A-Za-z]+", name.replace("'", "")) if word.lower() not in NO_INITIALS]
        initials = "".join(word.lower() if word.isupper() else word[0].lower() for word in words)[:20]
        code, number = initials, 1
        while code in taken:
            number += 1
            code = f"{initials}{number}"
        taken.add(code)
        codes[name] = code
    return codes
