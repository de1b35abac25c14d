"""Which figures are hidden, by example. tests/properties/test_reports_disclosure.py attacks the rules."""

import itertools

import pytest

from upskill.reports.disclosure import Branch, Row, shown_rows, shown_totals

EVERY_LEVEL_HIDDEN = (None,) * 5


def part(code: str, *levels: int, parts: tuple[Branch, ...] = ()) -> Branch:
    return Branch(code, tuple(levels) + (0,) * (5 - len(levels)), parts)


def totals(tree: Branch) -> dict[str, int | None]:
    return shown_totals(tree, smallest=5)


def rows(tree: Branch) -> dict:
    return shown_rows(tree, totals=totals(tree), smallest=5)


def top(*parts: Branch, own: Row = (0, 0, 0, 0, 0)) -> Branch:
    return Branch("top", own, parts)


def test_counts_of_a_branch_hold_everything_below():
    tree = top(part("a", 3, 1, parts=(part("b", 2),)), own=(1, 0, 0, 0, 4))

    assert (tree.counts, tree.total) == ((6, 1, 0, 0, 4), 11)
    assert [branch.code for branch in tree.walk()] == ["top", "a", "b"]


# --- totals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (120, 120)])
def test_an_organisation_of_one_to_four_people_is_hidden(people, shown):
    assert totals(part("top", people)) == {"top": shown}


def test_a_small_part_takes_the_next_smallest_with_it():
    tree = top(part("small", 3), part("next", 8), part("large", 40))

    assert totals(tree) == {"top": 51, "small": None, "next": None, "large": 40}


def test_two_small_parts_that_are_enough_together_hide_each_other():
    tree = top(part("small", 3), part("other", 2), part("large", 40))

    assert totals(tree) == {"top": 45, "small": None, "other": None, "large": 40}


def test_people_who_work_for_the_whole_count_as_a_part_of_their_own():
    tree = top(part("large", 40), part("other", 30), own=(2, 0, 0, 0, 0))

    assert totals(tree) == {"top": 72, "large": 40, "other": None}


def test_an_empty_part_is_shown_and_hides_nobody():
    tree = top(part("empty", 0), part("small", 3), part("large", 40))

    assert totals(tree) == {"top": 43, "empty": 0, "small": None, "large": None}


def test_nothing_below_a_hidden_part_is_shown():
    tree = top(part("small", 0, parts=(part("team", 4),)), part("large", 40))

    assert totals(tree) == {"top": 44, "small": None, "team": None, "large": None}


# --- rows ------------------------------------------------------------------------------------------------------------


def test_a_row_of_none_and_enough_is_shown_whole():
    assert rows(part("top", 20, 5, 0, 5, 0)) == {"top": (20, 5, 0, 5, 0)}


def test_a_lone_small_figure_takes_all_after_it_along_and_the_one_before_it():
    assert rows(part("top", 60, 25, 12, 3, 0)) == {"top": (60, 25, None, None, None)}


def test_small_figures_that_are_enough_together_hide_each_other():
    assert rows(part("top", 60, 25, 4, 3, 0)) == {"top": (60, 25, None, None, None)}


@pytest.mark.parametrize("people", range(5, 19))
def test_whoever_knows_the_rule_learns_no_small_figure_of_the_topmost_row(people):
    """Every row of so many people at four levels: behind each page stand rows that differ in each small figure."""
    behind: dict[tuple, list[Row]] = {}
    for row in itertools.product(range(people + 1), repeat=3):
        if sum(row) <= people:
            whole = (*row, people - sum(row))
            behind.setdefault(rows(part("top", *whole))["top"], []).append((*whole, 0))

    possible = [{row[level] for row in found} for found in behind.values() for level in range(4)]

    assert [figures for figures in possible if len(figures) == 1 and figures & {1, 2, 3, 4}] == []


def test_where_fewer_than_five_people_work_every_figure_is_hidden():
    assert rows(part("top", 4)) == {"top": EVERY_LEVEL_HIDDEN}


def test_parts_hide_what_the_whole_hides():
    tree = top(part("a", 30, 10, 6), part("b", 30, 15, 6, 3))

    assert rows(tree) == {
        "top": (60, 25, None, None, None),
        "a": (30, 10, None, None, None),
        "b": (30, 15, None, None, None),
    }


def test_a_part_with_a_small_figure_is_hidden_where_the_rest_can_stay_whole():
    """One odd team among many must not blank them all; but what is left of the whole must not be that team alone."""
    tree = top(part("a", 20, 10), part("b", 30, 10), part("c", 40, 10), part("odd", 18, 2))

    shown = rows(tree)

    assert shown["top"] == (108, 32, 0, 0, 0)
    assert shown["odd"] == EVERY_LEVEL_HIDDEN
    assert [code for code in "abc" if None in shown[code]] == ["a"]


def test_levels_are_hidden_in_all_parts_where_that_shows_more():
    tree = top(part("a", 20, 8, 4), part("b", 20, 9, 3), part("c", 20, 7, 4))

    assert rows(tree) == {
        "top": (60, 24, 11, 0, 0),
        "a": (20, None, None, 0, 0),
        "b": (20, None, None, 0, 0),
        "c": (20, None, None, 0, 0),
    }


def test_one_skill_does_not_decide_about_another():
    quiet, busy = top(part("a", 30), part("b", 30)), top(part("a", 28, 2), part("b", 30))

    assert rows(quiet)["a"] == (30, 0, 0, 0, 0)
    assert rows(busy)["a"] == EVERY_LEVEL_HIDDEN


def test_a_part_whose_total_is_hidden_shows_no_row():
    tree = top(part("small", 3), part("next", 8), part("large", 40))

    assert [code for code, row in rows(tree).items() if row == EVERY_LEVEL_HIDDEN] == ["small", "next"]


def test_a_thousand_parts_are_decided_in_a_moment():
    tree = top(*(part(f"d{n}", 10 + n % 7, n % 9, n % 4, parts=(part(f"t{n}", n % 11, n % 3),)) for n in range(500)))

    shown = rows(tree)

    assert len(shown) == 1001
    assert shown["top"] == tree.counts
