"""A course's table of contents follows the author's order, reads no content, and knows what passes an exercise."""

from decimal import Decimal

import pytest

from tests.factories.catalogue import (
    CourseVersionFactory,
    ExerciseFactory,
    ItemVersionFactory,
    ModuleFactory,
)
from upskill.catalogue import queries

pytestmark = pytest.mark.django_db


def two_modules(**version):
    """A course with a module of two lessons, and before it one of a single lesson."""
    course = CourseVersionFactory(**version)
    second = ModuleFactory(course_version=course, slug="second", position=2)
    first = ModuleFactory(course_version=course, slug="first", position=1)
    late = ItemVersionFactory(module=second, slug="late", position=2, minutes=20)
    early = ItemVersionFactory(module=second, slug="early", position=1, minutes=5)
    opening = ItemVersionFactory(module=first, slug="opening", position=1, minutes=3)
    return course, [opening, early, late]


def test_outline_is_in_the_order_of_teaching():
    course, items = two_modules()

    outline = queries.outline(course.course_id)

    assert outline is not None
    assert [module.slug for module in outline.modules] == ["first", "second"]
    assert (outline.items, outline.minutes) == (items, 28)


@pytest.mark.parametrize("courses", [1, 3])
def test_outlines_cost_three_queries_and_read_no_content(courses, django_assert_num_queries):
    for _ in range(courses):
        two_modules()

    with django_assert_num_queries(3):
        items = [item for outline in queries.outlines() for item in outline.items]

    assert {"content" in item.get_deferred_fields() for item in items} == {True}


def test_titles_of_courses_cost_one_query_and_leave_out_what_is_not_published(django_assert_num_queries):
    first, second = two_modules()[0], two_modules()[0]
    ids = [first.course_id, second.course_id, "not-published"]

    with django_assert_num_queries(1):
        titles = queries.titles_of(ids)

    assert titles == {first.course_id: first.title, second.course_id: second.title}


def test_points_to_pass_are_a_share_of_what_tests_give():
    exercise = ExerciseFactory(pass_share=Decimal("0.80"))  # 4 points by tests, 6 by a person

    assert queries.points_to_pass(exercise) == (Decimal("3.2"), Decimal(4))
