"""The arithmetic of a mark: pure functions, exact to the hundredth of a point."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from .models import CheckMark

HUNDREDTH = Decimal("0.01")
TOP_LEVEL = 4  # a rubric's levels run from 0 to 4
PASSING_LEVEL = 2  # of every criterion: the curriculum's rule for working level


class MarkOutOfRange(Exception):
    """The points or levels given are outside what the check offers."""


def in_figures(points: Decimal | int) -> str:
    """Points as people write them: 4, 1.5 and 10, never 4.00 or 1E+1."""
    return f"{Decimal(points).normalize():f}"


def give(check: CheckMark, *, points: Decimal) -> None:
    """Decide a check: its points, and the status that follows from them. Raises MarkOutOfRange."""
    if not 0 <= points <= check.max_points or points != points.quantize(HUNDREDTH):
        raise MarkOutOfRange(
            _("Enter points from 0 to %(most)s for “%(title)s”, with at most 2 decimal places.")
            % {"title": check.title, "most": in_figures(check.max_points)}
        )
    check.points = points
    full, none = points == check.max_points, points == 0
    check.status = CheckMark.Status.PASSED if full else CheckMark.Status.FAILED if none else CheckMark.Status.PARTIAL


def change_points(check: CheckMark, *, points: Decimal) -> None:
    """A trainer's points for a check with the sentence that says so. Raises MarkOutOfRange."""
    before = check.points
    give(check, points=points)
    check.hidden = False
    new = in_figures(points)
    if before is None:
        check.message = _("A trainer looked at this and gave %(new)s points.") % {"new": new}
    else:
        check.message = _("A trainer changed this from %(old)s to %(new)s points.") % {
            "old": in_figures(before),
            "new": new,
        }


def rubric_points(rubric: list[dict[str, Any]], *, levels: dict[str, int]) -> Decimal:
    """The points that these levels give: each criterion's share of its own, so level 3 of 4 of 2 points gives 1.5.

    Raises MarkOutOfRange for a criterion without a level, a level outside 0 to 4, or one of another rubric's criteria.
    """
    if levels.keys() - {criterion["id"] for criterion in rubric}:
        raise MarkOutOfRange(_("This rubric has changed. Load the page again and choose the levels anew."))
    total = Decimal(0)
    for criterion in rubric:
        level = levels.get(criterion["id"])
        if level is None or not 0 <= level <= TOP_LEVEL:
            raise MarkOutOfRange(_("Choose a level for “%(title)s”.") % {"title": criterion["title"]})
        total += Decimal(str(criterion["points"])) * level / TOP_LEVEL
    return total.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def sums(checks: Iterable[CheckMark]) -> tuple[Decimal, Decimal, Decimal]:
    """(points given, most that the decided checks offer, most that the waiting checks offer)."""
    points = most = waiting = Decimal(0)
    for check in checks:
        if check.points is None:
            waiting += check.max_points
        else:
            points, most = points + check.points, most + check.max_points
    return points, most, waiting


def lowest_level(checks: Iterable[CheckMark], *, by_person: set[str]) -> int | None:
    """The lowest level that a person gave on any criterion; None while free text waits, or if there is none."""
    judged = [check for check in checks if check.slug in by_person]
    levels = [level for check in judged for level in check.rubric_levels.values()]
    return min(levels) if levels and all(check.rubric_levels for check in judged) else None


def passes(checks: list[CheckMark], *, by_person: set[str], pass_share: Decimal) -> bool:
    """True if the tests give the share of their points that passes, or a person level 2 or more on every criterion.

    Either is enough: docs/decisions/0010-what-passes-and-what-it-earns.md. Points never make up for each other. A test
    that is held for a person has given nothing yet.
    """
    tested = [check for check in checks if check.slug not in by_person]
    points, decided, held = sums(tested)
    by_tests = bool(tested) and points >= pass_share * (decided + held)
    level = lowest_level(checks, by_person=by_person)
    return by_tests or (level is not None and level >= PASSING_LEVEL)
