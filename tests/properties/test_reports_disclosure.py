"""An attacker has every figure of every night, view and slice, the levels of their own reports and the staff records,
and knows the rules. Which small numbers can they work out? And do they find what is planted?
"""

from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upskill.reports.disclosure import NOBODY, SHORT, Tree, added_up, lay_out, rounded, walk_order
from upskill.reports.figures import FIGURES, HIDDEN_NEW, STEP
from upskill.reports.night import Sliced, has_changed_enough

from .attacked_world import Person, World, publish, small_world
from .disclosure_attacker import ATTACKER, Attacker, Program, nights_with_news

SECRETS = st.binary(min_size=4, max_size=4)


@settings(max_examples=40, deadline=None, derandomize=True)  # where all are alike luck could tell: docs/privacy.md
@given(st.integers(0, 10**9), SECRETS, st.sampled_from([1, 1, 1, 2, 5, 30]))
def test_nothing_about_fewer_than_five_people_can_be_worked_out(seed, secret, nights):
    world = small_world(Random(seed), nights=nights)
    publish(world, secret=secret)
    anew = nights_with_news(world)

    pairs: list[list[int]] = [list(pair) for pair in pairwise(anew)]
    for looked_at in pairs[:3] or [anew]:
        attacker = Attacker(world).look(looked_at)
        assert (attacker.found_out(), attacker.unsure) == ([], [])


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), SECRETS)
def test_nothing_can_be_worked_out_from_thirty_nights_together(seed, secret):
    """With everything that any pair of these nights tells, and each change from one night to the next."""
    world = small_world(Random(seed), nights=30)
    publish(world, secret=secret)

    attacker = Attacker(world).look()

    assert (attacker.found_out(), attacker.unsure) == ([], [])


def asked(unit: int, *, short: int, met: int, others: int = 0) -> list[Person]:
    """People of a unit whose role asks for the skill, below it or not, and others."""
    somebody = Person(unit, band=0, trade=NOBODY, role=1, level=0, manager=NOBODY)
    wanted = [somebody] * short + [replace(somebody, level=2)] * met
    return wanted + [replace(somebody, role=0)] * others


def alone(*, nights: tuple[list[Person], ...]) -> World:
    """A department of some staff each night beside three others, in each of which the role asks nine people; nothing
    happens there.
    """
    elsewhere = [person for unit in (2, 3, 4) for person in asked(unit, short=6, met=3)]
    tree = Tree(np.array([NOBODY, 0, 0, 0, 0]), depth=np.array([0, 1, 1, 1, 1]))
    return World([tree] * len(nights), nights=[elsewhere + staff for staff in nights])


@pytest.mark.parametrize("secret", [f"luck {number}".encode() for number in range(10)])
def test_whether_the_only_one_whom_a_role_asks_is_short_cannot_be_worked_out_from_later_nights(secret):
    """The third night tells how many are short there, and so elsewhere. That, taken from the whole of the first night,
    must not leave five for the department in which the role asked one person.
    """
    world = alone(
        nights=(
            asked(1, short=1, met=0, others=39),
            asked(1, short=5, met=15, others=20),
            asked(1, short=7, met=23, others=10),
        )
    )
    publish(world, secret=secret)

    assert Attacker(world).look().found_out() == []


@pytest.mark.parametrize("secret", [f"luck {number}".encode() for number in range(200)])
def test_those_who_are_asked_and_give_nothing_leave_no_room_in_the_whole(secret):
    """All who are asked in two departments are short: 40 of 36 is hidden. The whole may not be compared with nine more
    people, whose department gives it nothing.
    """
    staff = [*asked(1, short=36, met=0), *asked(2, short=36, met=0), *asked(3, short=5, met=4, others=20)]
    tree = Tree(np.array([NOBODY, 0, 0, 0]), depth=np.array([0, 1, 1, 1]))
    world = World([tree], nights=[staff])
    publish(world, secret=secret)

    shown = [one.figures[0, 0, SHORT] for one in world.published[0] if not one.kind]

    assert [short for short in shown if short > 2 * 36] == []


@pytest.mark.parametrize("secret", [f"luck {number}".encode() for number in range(10)])
def test_what_a_unit_that_moves_or_closes_leaves_behind_cannot_be_worked_out(secret):
    """The role asks one person of a unit. It moves below another part of the department; nobody learns anything."""
    staff = [
        *asked(1, short=3, met=4, others=20), *asked(2, short=9, met=8, others=20),
        *asked(3, short=8, met=9, others=20),
        *asked(4, short=1, met=0, others=14), *asked(5, short=11, met=10, others=5),
    ]  # fmt: skip
    before = Tree(np.array([NOBODY, 0, 1, 1, 2, 2]), depth=np.array([0, 1, 2, 2, 3, 3]))
    after = Tree(np.array([NOBODY, 0, 1, 1, 3, 2]), depth=np.array([0, 1, 2, 2, 3, 3]))
    world = World([before, after, before], nights=[staff] * 3)
    publish(world, secret=secret)

    everybody = [_everybody(published) for published in world.published]

    assert [bool(one.anew) for one in everybody] == [True, False, False]
    assert [one.figures.tolist() for one in everybody[2:]] == [everybody[0].figures.tolist()]
    moved = [one.figures[one.layout.units == 4][0, 0].tolist() for one in everybody]
    assert (moved[1], moved[2]) == ([HIDDEN_NEW] * len(FIGURES), moved[0])
    for unit in (1, 2, 3, 5):
        assert len({tuple(one.figures[one.layout.units == unit][0, 0].tolist()) for one in everybody}) == 1


# --- The attacker is able: leaks of each kind are found ---------------------------------------------------------------


def leaky(*groups: tuple[int, int, int, int], parents: tuple[int, ...] = (0, 1, 1), nights: int = 1) -> World:
    """Organisations by their parents, with (unit, level, manager, how many people)."""
    depth = [0]
    for parent in parents:
        depth.append(depth[parent] + 1)
    staff = [
        Person(unit, band=number % 2, trade=NOBODY, role=0, level=level, manager=manager)
        for unit, level, manager, count in groups
        for number in range(count)
    ]
    tree = Tree(np.array([NOBODY, *parents]), depth=np.array(depth))
    return World([tree] * nights, nights=[staff] * nights)


TWO_TEAMS = ((2, 0, 1, 14), (2, 1, 2, 17), (3, 0, 3, 21), (3, 1, 4, 3), (3, 2, 5, 12))


def test_without_a_leak_nothing_of_these_teams_is_found():
    world = leaky(*TWO_TEAMS)
    publish(world, secret=b"calm")

    assert Attacker(world).look().found_out() == []


def learn(attacker: Attacker, *, what: str) -> Attacker:
    """Tell them the true number of each cell whose description has these words."""
    told = [cell for cell in attacker.everything() if what in cell.said]
    assert told
    for cell in told:
        attacker.learn(cell)
    return attacker


@pytest.mark.parametrize(
    ("leak", "what"),
    {
        "sum: totals of organisations are exact": [
            "whole of 1, everybody, measure 1",
            "whole of 2, everybody, measure 1",
        ],
        "level: all others of a row are exact": [f"whole of 3, everybody, measure {level}" for level in (0, 2, 3, 4)],
        "filter: each grade band is counted by itself": [
            "whole of 3, EO, measure 1",
            "whole of 3, SCS, measure 1",
        ],
        "export: one file has the numbers themselves": ["whole of 3, everybody, measure 1"],
    }.items(),
)
def test_planted_leak_of_exact_numbers_is_found(leak, what):
    world = leaky(*TWO_TEAMS)
    publish(world, secret=b"calm")
    attacker = Attacker(world).look()
    for words in what:
        learn(attacker, what=words)

    assert [each for each in attacker.found_out() if each.startswith("whole of 3, everybody, measure 1, ")] != []


def test_planted_leak_of_counts_that_follow_each_change_is_found():
    """Live counts, as they were once: one person learned something between two nights, and the whole is one more."""
    world = leaky(*TWO_TEAMS, nights=2)
    world.nights[1] = [replace(person, level=4) if not n else person for n, person in enumerate(world.nights[0])]
    publish(world, secret=b"calm", each_night=lambda number: b"calm")
    attacker = Attacker(world).look([0, 1])
    found = attacker.found_out()

    learn(attacker, what="whole of 1, everybody, measure 0")

    change = [each for each in attacker.found_out() if ", from night 0" in each]
    assert (found, change) == ([], ["whole of 0, everybody, measure 0, night 1, from night 0: -1"])


def alike_teams(*numbers: int, nights: int) -> World:
    """Teams beside each other: forty people without a level in each, and so many at awareness. Nothing happens."""
    teams = [((2 + team, 0, NOBODY, 40), (2 + team, 1, NOBODY, number)) for team, number in enumerate(numbers)]
    return leaky(*(group for team in teams for group in team), parents=(0, *([1] * len(numbers))), nights=nights)


def test_planted_leak_of_figures_rounded_anew_each_night_is_found():
    """Many roundings of the same counts tell all that are shown, now this one and now that, and so the one that never
    is.
    """
    calm, leaking = (alike_teams(3, 16, 17, 18, nights=6) for _ in range(2))
    publish(calm, secret=b"calm")
    publish(leaking, secret=b"calm", each_night=lambda number: f"night {number}".encode())
    attacker = Attacker(leaking, fresh_each_night=True).look()
    three = [cell for cell in attacker.cells() if cell.said == "whole of 2, everybody, measure 1, night 0"]

    assert Attacker(calm).look().found_out() == []
    assert attacker.found_out(three) == ["whole of 2, everybody, measure 1, night 0: 3"]


def test_attacker_whose_search_ends_too_early_says_of_which_cells_they_are_unsure():
    world = leaky(*TWO_TEAMS)
    publish(world, secret=b"calm")

    attacker = learn(Attacker(world, program=Program(most_nodes=0)).look(), what="whole of 3, everybody, measure 1")

    assert (attacker.found_out(), len(attacker.unsure)) == ([], len(attacker.cells()))


def test_planted_leak_of_an_organisation_that_is_nearly_all_ones_own_team_is_found():
    """Eleven of twelve people report to the attacker: whoever says how many are at a level tells of one person."""
    world = leaky((1, 0, 1, 30), (2, 1, ATTACKER, 11), (2, 1, 2, 1), (3, 0, 3, 12))
    publish(world, secret=b"calm")
    attacker = Attacker(world).look()
    found = attacker.found_out()

    learn(attacker, what="whole of 2, everybody, measure 1")  # less eleven whose levels they know: one

    assert found == []
    assert "whole of 2, everybody, measure 1, night 0: 1" in attacker.found_out()


def test_organisation_that_is_nearly_all_one_team_is_not_shown():
    world = leaky((1, 0, 1, 30), (2, 1, ATTACKER, 11), (2, 1, 2, 9), (3, 0, 3, 10), (3, 0, 4, 11))
    publish(world, secret=b"calm")

    everybody = _everybody(world.published[0])

    assert sorted(everybody.layout.units.tolist()) == [0, 1, 3]


# --- What a figure says ----------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**9), SECRETS)
def test_parts_and_what_is_left_add_up_and_each_figure_is_near_the_truth(seed, secret):
    random = Random(seed)
    parent = np.array([NOBODY, *(random.randint(0, number) for number in range(random.randint(0, 30)))])
    depth = [0]
    for above in parent[1:]:
        depth.append(depth[above] + 1)
    tree = Tree(parent, depth=np.array(depth))
    layout = lay_out(
        tree, np.ones(tree.size, dtype=bool), order=walk_order(tree, lots=np.array([random.random() for _ in parent]))
    )
    counts = np.array([[random.randint(0, 40) for _ in range(3)] for _ in parent])
    starts = np.array([random.randrange(STEP) for _ in range(3)])

    pieces = np.concatenate([rounded(counts[slice(*block)], starts=starts) for block in layout.blocks])
    figures, truth = added_up(pieces, layout), added_up(counts, layout)

    parts = np.zeros_like(figures)
    np.add.at(parts, layout.parent[1:], figures[1:])
    assert (figures == parts + pieces).all()
    assert (figures % STEP == 0).all()
    assert np.abs(figures - truth)[1:].max(initial=0) <= STEP - 1


def test_same_counts_give_the_same_figures_and_little_news_none():
    world = leaky(*TWO_TEAMS, nights=3)
    world.nights[1] = [replace(person, level=3) if n < 4 else person for n, person in enumerate(world.nights[0])]
    world.nights[2] = [replace(person, level=3) if n < 30 else person for n, person in enumerate(world.nights[0])]
    publish(world, secret=b"calm")

    shown = [_everybody(published).figures.tolist() for published in world.published]

    assert (shown[1] == shown[0], shown[2] == shown[0]) == (True, False)
    assert [bool(_everybody(published).anew) for published in world.published] == [True, False, True]


def test_news_of_one_team_alone_are_no_reason_for_new_figures():
    """Eight people changed, and the largest team has eight: its manager could tell what the others are."""
    before = np.array([[20, 0, 0, 0, 0, 0, 0]])

    def after(changed: int) -> np.ndarray:
        return before + np.array([[-changed, changed, 0, 0, 0, 0, 0]])

    assert [has_changed_enough(before, after(changed), team=8) for changed in (8, 12, 13)] == [False, False, True]


def _everybody(published: list[Sliced]) -> Sliced:
    return next(one for one in published if not one.kind)
