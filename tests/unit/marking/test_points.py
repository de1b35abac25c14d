"""The arithmetic of a mark, by example. tests/properties/test_marks.py says what always holds."""

from decimal import Decimal

import pytest

from upskill.marking.models import CheckMark
from upskill.marking.points import (
    MarkOutOfRange,
    give,
    in_figures,
    lowest_level,
    passes,
    rubric_points,
    sums,
)

RUBRIC = [{"id": "finding", "title": "The finding", "points": 2}, {"id": "limit", "title": "The limit", "points": 1}]


def check(slug="test", *, points: str | None = "0", most="4", levels=None) -> CheckMark:
    decided = None if points is None else Decimal(points)
    return CheckMark(
        slug=slug, title=slug.title(), points=decided, max_points=Decimal(most), rubric_levels=levels or {}
    )


@pytest.mark.parametrize(
    ("points", "figures"),
    [("4.00", "4"), ("1.50", "1.5"), ("0.25", "0.25"), ("10", "10"), ("100.00", "100"), ("0", "0"), ("0.00", "0")],
)
def test_points_are_written_as_people_write_them(points, figures):
    assert in_figures(Decimal(points)) == figures


@pytest.mark.parametrize(
    ("points", "status"),
    [("4", "passed"), ("0", "failed"), ("0.01", "partial"), ("3.99", "partial"), ("4.00", "passed")],
)
def test_the_status_of_a_decided_check_follows_from_its_points(points, status):
    decided = check(points=None)

    give(decided, points=Decimal(points))

    assert (decided.points, decided.status) == (Decimal(points), status)


@pytest.mark.parametrize("points", ["-0.01", "4.01", "10", "0.001"])
def test_points_outside_what_the_check_offers_are_refused_in_words(points):
    decided = check(points="1")

    with pytest.raises(MarkOutOfRange) as refusal:
        give(decided, points=Decimal(points))

    assert str(refusal.value) == "Enter points from 0 to 4 for “Test”, with at most 2 decimal places."
    assert decided.points == 1


@pytest.mark.parametrize(
    ("finding", "limit", "points"),
    [(0, 0, "0"), (4, 4, "3"), (3, 0, "1.5"), (1, 1, "0.75"), (2, 3, "1.75"), (0, 1, "0.25")],
)
def test_a_criterion_gives_its_share_of_the_level(finding, limit, points):
    assert rubric_points(RUBRIC, levels={"finding": finding, "limit": limit}) == Decimal(points)


def test_points_of_a_rubric_are_rounded_up_at_half_a_hundredth():
    rubric = [{"id": "only", "title": "Only", "points": 0.1}]

    assert rubric_points(rubric, levels={"only": 1}) == Decimal("0.03")


@pytest.mark.parametrize("levels", [{}, {"finding": 2}, {"finding": 2, "limit": 5}, {"finding": -1, "limit": 0}])
def test_a_rubric_with_a_gap_or_an_unknown_level_is_refused(levels):
    with pytest.raises(MarkOutOfRange, match="Choose a level for"):
        rubric_points(RUBRIC, levels=levels)


def test_levels_of_another_rubric_are_refused():
    with pytest.raises(MarkOutOfRange, match="This rubric has changed"):
        rubric_points(RUBRIC, levels={"finding": 2, "limit": 2, "tone": 4})


def test_sums_tell_what_is_decided_from_what_waits():
    checks = [check(points="3"), check(points="0.5", most="2"), check(points=None, most="6")]

    assert sums(checks) == (Decimal("3.5"), Decimal(6), Decimal(6))


def test_a_mark_without_checks_is_all_zero_and_does_not_pass():
    assert sums([]) == (0, 0, 0)
    assert not passes([], by_person=set(), pass_share=Decimal("0.8"))


@pytest.mark.parametrize(("points", "passed"), [("3.2", True), ("3.19", False), ("4", True), ("0", False)])
def test_the_share_of_the_tests_that_passes_is_reached_exactly(points, passed):
    assert passes([check(points=points)], by_person=set(), pass_share=Decimal("0.8")) is passed


def test_points_given_by_a_person_do_not_make_up_for_failed_tests():
    checks = [check(points="0"), check("why", points="6", most="6")]

    assert not passes(checks, by_person={"why"}, pass_share=Decimal("0.5"))


def test_free_text_that_waits_neither_helps_nor_harms():
    waiting = check("why", points=None, most="6")

    assert passes([check(points="4"), waiting], by_person={"why"}, pass_share=Decimal("0.8"))
    assert not passes([check(points="0"), waiting], by_person={"why"}, pass_share=Decimal("0.8"))


def test_a_test_that_is_held_for_a_person_has_given_nothing_yet():
    held = check("held", points=None, most="4")

    assert not passes([check(points="4"), held], by_person=set(), pass_share=Decimal("0.8"))
    assert passes([check(points="4"), held], by_person=set(), pass_share=Decimal("0.5"))


@pytest.mark.parametrize(("levels", "passed"), [([2, 2], True), ([4, 1], False), ([2, 4], True), ([0, 0], False)])
def test_level_two_on_every_criterion_passes_by_itself(levels, passed):
    judged = check("why", points="1", most="6", levels=dict(zip("ab", levels, strict=True)))

    assert passes([check(points="0"), judged], by_person={"why"}, pass_share=Decimal("0.8")) is passed
    assert passes([judged], by_person={"why"}, pass_share=Decimal("0.8")) is passed


def test_the_lowest_level_counts_over_all_free_text():
    checks = [
        check(),
        check("why", levels={"a": 3, "b": 4}),
        check("how", levels={"a": 1}),
    ]

    assert lowest_level(checks, by_person={"why", "how"}) == 1


def test_there_is_no_lowest_level_while_free_text_waits_or_where_there_is_none():
    judged, waiting = check("why", levels={"a": 4}), check("how", points=None)

    assert lowest_level([judged, waiting], by_person={"why", "how"}) is None
    assert lowest_level([check()], by_person=set()) is None
