"""Lessons in Welsh: of the English that ships, and with all of its parts."""

import re

import pytest

from tests.content.library import library

LESSONS = [it for each in library().courses for module in each.modules for it in module.items if "cy" in it.page]


def parts_of(html: str) -> list[str]:
    """The headings, lists, tables and named parts of a page, in their order."""
    return re.findall(r'<(?:h\d|li|tr|section class="[^"]*"|details class="[^"]*")', html)


def test_a_lesson_ships_in_welsh():
    assert [it.slug for it in LESSONS] == ["red-lines"]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_welsh_is_of_the_english_that_ships_and_has_all_its_parts(lesson):
    assert "is_stale" not in lesson.page["cy"]
    assert parts_of(lesson.page["cy"]["html"]) == parts_of(lesson.page["html"])
