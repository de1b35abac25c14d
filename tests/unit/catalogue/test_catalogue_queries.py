"""Reading what is published: order, neighbours, and as many queries for three courses as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOON
from tests.factories.catalogue import CourseFactory, CourseVersionFactory, ItemVersionFactory, ModuleFactory
from tests.unit.catalogue.small_course import BASICS, COURSE, FILES, write_library
from upskill.catalogue import queries, sync
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.models import Course

pytestmark = pytest.mark.django_db


def publish(root, *courses: str, version: str = "1.0.0") -> None:
    """Publish the small course under each of these ids; the title begins with the id."""
    files: dict[str, str] = {}
    for course in courses:
        files |= {name.replace(COURSE, course): text.replace(COURSE, course) for name, text in FILES.items()}
        outline = files[f"{course}/course.yml"].replace("title: Tea", f"title: {course} tea")
        files[f"{course}/course.yml"] = outline.replace("1.0.0", version)
    report = sync.load(read_library([write_library(root, files=files)]), by=None, now=NOON)
    assert report.mistakes == ()


def queries_of(read) -> int:
    """How many queries this read costs."""
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


def test_outlines_are_in_the_order_of_titles_with_all_modules_and_items(tmp_path):
    publish(tmp_path, "white", "black", "green")

    outlines = queries.outlines()

    assert [outline.version.title for outline in outlines] == [
        "black tea for teams",
        "green tea for teams",
        "white tea for teams",
    ]
    for outline in outlines:
        assert [module.slug for module in outline.modules] == ["basics"]
        assert [item.item.key for item in outline.items] == ["basics/sharing", "basics/check", "basics/double"]
        assert outline.minutes == 23


def test_published_says_how_long_each_course_takes_by_title_in_one_query(tmp_path, django_assert_num_queries):
    publish(tmp_path, "white", "black")
    CourseVersionFactory(title="green tea, empty")
    CourseFactory()

    with django_assert_num_queries(1):
        found = queries.published()

    assert [(course.version.title, course.minutes) for course in found] == [
        ("black tea for teams", 23),
        ("green tea, empty", 0),
        ("white tea for teams", 23),
    ]


def test_outlines_cost_as_many_queries_for_three_courses_as_for_one(tmp_path):
    def read_all() -> None:
        for outline in queries.outlines():
            [(module.title, item.item.kind) for module in outline.modules for item in module.items.all()]

    publish(tmp_path / "one", "black")
    for_one = queries_of(read_all)
    publish(tmp_path / "more", "green", "white")

    assert (queries_of(read_all), for_one) == (3, 3)


def test_outline_around_an_item_is_that_of_its_own_version_also_when_a_newer_one_is_published(tmp_path):
    publish(tmp_path / "old", "black")
    before = queries.outline("black")
    assert before is not None
    publish(tmp_path / "new", "black", version="1.1.0")

    around = queries.outline_around(before.items[1])

    assert (around.version, around.items) == (before.version, before.items)
    assert around.neighbours(before.items[1]) == (before.items[0], before.items[2])


def test_outline_shows_the_current_version_only(tmp_path):
    publish(tmp_path / "old", "black")
    publish(tmp_path / "new", "black", version="1.1.0")

    outline = queries.outline("black")

    assert outline is not None
    assert outline.version.version == "1.1.0"
    assert len(outline.items) == 3


def test_course_that_is_not_published_has_no_outline(tmp_path):
    Course.objects.create(pk="draft")

    assert queries.outline("draft") is None
    assert queries.outline("unheard-of") is None
    assert queries.outlines() == []


def test_outlines_of_some_courses_are_found_by_id(tmp_path):
    publish(tmp_path, "black", "green", "white")

    found = queries.outlines_of(["white", "black", "unheard-of"])

    assert {course: outline.version.course_id for course, outline in found.items()} == {
        "white": "white",
        "black": "black",
    }


def test_item_has_its_neighbours_and_none_at_the_ends(tmp_path):
    publish(tmp_path, "black")
    outline = queries.outline("black")
    assert outline is not None
    lesson, quiz, exercise = outline.items

    assert outline.neighbours(lesson) == (None, quiz)
    assert outline.neighbours(quiz) == (lesson, exercise)
    assert outline.neighbours(exercise) == (quiz, None)


def test_item_is_found_by_its_path_in_the_current_version_with_one_query(tmp_path):
    publish(tmp_path / "old", "black")
    publish(tmp_path / "new", "black", version="1.1.0")

    with CaptureQueriesContext(connection) as captured:
        item = queries.item("black", module="basics", slug="double")

    assert item is not None
    assert len(captured) == 1
    assert (item.title, item.module.course_version.version) == ("Double the pots", "1.1.0")
    assert item.exercise.filename == "double.ipynb"


@pytest.mark.parametrize(
    ("course", "module", "slug"),
    [("green", "basics", "double"), ("black", "advanced", "double"), ("black", "basics", "gone")],
)
def test_item_that_is_not_published_is_not_found(tmp_path, course, module, slug):
    publish(tmp_path, "black")

    assert queries.item(course, module=module, slug=slug) is None


def test_item_that_left_the_course_is_not_found(tmp_path):
    publish(tmp_path / "old", COURSE)
    fewer = {name: text for name, text in FILES.items() if not name.endswith("check.quiz.md")}
    fewer[f"{BASICS}/module.yml"] = fewer[f"{BASICS}/module.yml"].replace("sharing, check, double", "sharing, double")
    fewer[f"{COURSE}/course.yml"] = fewer[f"{COURSE}/course.yml"].replace("1.0.0", "2.0.0")

    sync.load(read_library([write_library(tmp_path / "new", files=fewer)]), by=None, now=NOON)

    assert queries.item(COURSE, module="basics", slug="check") is None
    assert queries.item(COURSE, module="basics", slug="sharing") is not None


def test_titles_are_those_of_published_courses_alone(django_assert_num_queries):
    old = CourseVersionFactory(title="Old", course__id="ethics", version="1.0.0")
    CourseVersionFactory(title="New", course=old.course, version="2.0.0")
    CourseFactory(id="not-published")

    with django_assert_num_queries(1):
        titles = queries.titles_of(["ethics", "not-published", "nowhere"])

    assert titles == {"ethics": "New"}


def test_title_of_an_item_is_that_of_its_newest_version(django_assert_num_queries):
    old = CourseVersionFactory(course__id="ethics", version="1.0.0")
    first = ItemVersionFactory(module=ModuleFactory(course_version=old, slug="m"), slug="why", title="Why")
    new = CourseVersionFactory(course=old.course, version="2.0.0")
    ItemVersionFactory(module=ModuleFactory(course_version=new, slug="m"), slug="why", title="Why we audit")

    with django_assert_num_queries(1):
        titles = queries.titles_of_items([first.item_id, 0])

    assert titles == {first.item_id: "Why we audit"}
