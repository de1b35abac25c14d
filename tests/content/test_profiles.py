"""Learner profiles: each course is written for somebody, and they are people and not personas."""

import re

import pytest

from tests.content.library import library

PROFILES = [(each.id, profile) for each in library().courses for profile in each.profiles]
EMPTY = r"tech.?savvy|passionate|journey|empower|busy professional|digital native|upskill|wears many hats|fast.paced"


def test_every_course_is_written_for_somebody():
    assert {course for course, _profile in PROFILES} == {each.id for each in library().courses}


@pytest.mark.parametrize(("course", "profile"), PROFILES, ids=[course for course, _profile in PROFILES])
def test_profile_says_what_they_want_fear_and_work_with(course, profile):
    said = profile.body

    assert 60 <= len(re.findall(r"\w+", said)) <= 200
    assert (bool(re.search(r"\bwants\b", said)), bool(re.search(r"\bafraid\b", said))) == (True, True)
    assert re.search(r"\b(laptop|computer)\b", said)
    assert re.search(EMPTY, said, re.IGNORECASE) is None
