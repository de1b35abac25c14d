"""What always holds of the arithmetic of marks, whatever a trainer or an author enters."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from upskill.marking.models import CheckMark
from upskill.marking.points import (
    PASSING_LEVEL,
    MarkOutOfRange,
    give,
    in_figures,
    lowest_level,
    passes,
    rubric_points,
    sums,
)

amounts = st.decimals(min_value=0, max_value=999, places=2)
most_points = st.decimals(min_value="0.01", max_value=999, places=2)
anything = st.decimals(min_value=-2000, max_value=2000, places=3)
shares = st.decimals(min_value="0.01", max_value=1, places=2)
levels = st.integers(0, 4)


@st.composite
def checks(draw: st.DrawFn, *, by_person: bool = False) -> CheckMark:
    most = draw(most_points)
    points = draw(st.none() if by_person and draw(st.booleans()) else st.decimals(0, most, places=2))
    given_levels = {"a": draw(levels), "b": draw(levels)} if by_person and points is not None else {}
    slug = draw(st.sampled_from(["why", "how"] if by_person else ["one", "two", "three"]))
    return CheckMark(slug=slug, title=slug, points=points, max_points=most, rubric_levels=given_levels)


marks = st.lists(st.one_of(checks(), checks(by_person=True)), max_size=6)


@given(marks)
def test_what_is_decided_and_what_waits_is_all_there_is(mark):
    points, most, waiting = sums(mark)

    assert most + waiting == sum(check.max_points for check in mark)
    assert 0 <= points <= most


@given(most_points, anything)
def test_points_are_within_the_check_or_refused_and_then_nothing_changes(most, points):
    check = CheckMark(slug="one", title="One", status="waiting", points=None, max_points=most)

    try:
        give(check, points=points)
    except MarkOutOfRange:
        assert (check.points, check.status) == (None, "waiting")
        assert points < 0 or points > most or points != round(points, 2)
    else:
        assert check.points == points
        assert 0 <= points <= most
        assert (check.status == "passed", check.status == "failed") == (points == most, points == 0)


@given(st.lists(st.tuples(st.decimals("0.25", 20, places=2), levels), min_size=1, max_size=6))
def test_points_of_a_rubric_never_leave_its_range(criteria):
    rubric = [{"id": str(n), "title": str(n), "points": float(points)} for n, (points, _level) in enumerate(criteria)]
    given_levels = {str(n): level for n, (_points, level) in enumerate(criteria)}

    points = rubric_points(rubric, levels=given_levels)

    most = sum((each for each, _level in criteria), Decimal(0))
    assert 0 <= points <= most
    assert (points == most) == all(level == 4 for _points, level in criteria)


@given(st.lists(st.tuples(st.decimals("0.25", 20, places=2), levels, levels), min_size=1, max_size=6))
def test_a_higher_level_never_gives_fewer_points(criteria):
    rubric = [{"id": str(n), "title": str(n), "points": float(each)} for n, (each, _one, _two) in enumerate(criteria)]
    low = {str(n): min(one, two) for n, (_points, one, two) in enumerate(criteria)}
    high = {str(n): max(one, two) for n, (_points, one, two) in enumerate(criteria)}

    assert rubric_points(rubric, levels=low) <= rubric_points(rubric, levels=high)


@given(st.lists(checks(), max_size=5), shares)
def test_more_points_of_a_test_never_turn_a_pass_into_a_fail(tested, share):
    before = passes(tested, by_person=set(), pass_share=share)

    for check in tested:
        check.points = check.max_points

    assert passes(tested, by_person=set(), pass_share=share) >= before
    assert passes(tested, by_person=set(), pass_share=share) is bool(tested)


@given(st.lists(checks(), max_size=4), checks(by_person=True), shares)
def test_free_text_decides_only_by_its_lowest_level(tested, judged, share):
    by_tests = passes(tested, by_person=set(), pass_share=share)

    both = passes([*tested, judged], by_person={judged.slug}, pass_share=share)

    level = lowest_level([judged], by_person={judged.slug})
    assert both == (by_tests or (level is not None and level >= PASSING_LEVEL))


@given(amounts)
def test_points_as_people_write_them_are_the_same_number_without_needless_zeros(points):
    written = in_figures(points)

    assert Decimal(written) == points
    assert "E" not in written
    assert not ("." in written and written.endswith("0"))
