"""Which courses fit what somebody chose."""

import pytest

from upskill.catalogue.choosing import Choice, Length, Published
from upskill.catalogue.models import CourseVersion


def course(*, audience=("manager",), skills=((("fairness"), 2),), minutes=60) -> Published:
    listed = [{"skill": skill, "level": level} for skill, level in skills]
    return Published(CourseVersion(audience=list(audience), skills=listed), minutes)


@pytest.mark.parametrize(
    ("minutes", "lengths"),
    [
        (60, [Length.HOUR, Length.THREE_HOURS]),
        (61, [Length.THREE_HOURS]),
        (180, [Length.THREE_HOURS]),
        (181, [Length.LONGER]),
    ],
)
def test_length_ends_on_the_minute(minutes, lengths):
    assert [each for each in Length if each.holds(minutes)] == lengths


@pytest.mark.parametrize(
    ("choice", "fits"),
    [
        (Choice(), True),
        (Choice(audience=frozenset({"manager", "analyst"})), True),
        (Choice(audience=frozenset({"analyst"})), False),
        (Choice(levels=frozenset({2})), True),
        (Choice(levels=frozenset({1, 3})), False),
        (Choice(skills=frozenset({"fairness"})), True),
        (Choice(skills=frozenset({"privacy"})), False),
        (Choice(lengths=frozenset({Length.HOUR})), True),
        (Choice(lengths=frozenset({Length.LONGER})), False),
        (Choice(audience=frozenset({"manager"}), lengths=frozenset({Length.LONGER})), False),
    ],
)
def test_each_kind_must_fit_and_of_each_one_is_enough(choice, fits):
    assert choice.fits(course()) == fits


def test_level_and_skill_must_be_of_one_and_the_same_skill():
    both = course(skills=[("fairness", 1), ("privacy", 2)])

    fits = {level: Choice(skills=frozenset({"fairness"}), levels=frozenset({level})).fits(both) for level in (1, 2)}

    assert fits == {1: True, 2: False}
