"""Each course keeps its promise: who does all of a module, as its author meant it, has the skill on their record.

One course is walked each time, another one with each commit: see tests/content/turns.py. `./test -m long` walks all.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import own_site, test_reflection
from tests.browser.module_walk import UnknownKind, module_of_files, promised, sees_the_skills, walk, way_of
from tests.browser.reader import Reader
from tests.content.library import library
from tests.content.turns import number_of_this_run, one_in
from tests.running import RunningSite
from upskill.skills.models import Level

pytestmark = [pytest.mark.browser, pytest.mark.slow]

site = own_site.site

WALKED = {  # course -> a module of it, and what it promises
    "first-90-days": ("where-ai-meets-your-job", {"ai-literacy": Level.AWARENESS, "privacy": Level.AWARENESS}),
    "ai-foundations": ("learning-from-examples", {"ai-literacy": Level.WORKING}),
    "python-and-data": ("clean-and-join", {"data-handling": Level.WORKING}),
    "ai-ethics-in-practice": ("oversight", {"oversight": Level.WORKING}),
}


def test_a_module_of_every_course_that_ships_is_walked():
    assert {course.id for course in library().courses} == set(WALKED)


@pytest.mark.parametrize("course", one_in(number_of_this_run(), WALKED, turns=len(WALKED)))
def test_learner_who_does_all_of_a_module_has_the_skill_that_it_promises(
    reader: Callable[[], Reader], tmp_path: Path, course: str
):
    slug, promise = WALKED[course]
    module = module_of_files(course, module=slug)
    assert {skill: level for skill, (level, _title) in promised(module).items()} == promise
    leila = reader()
    leila.sign_in("learner")

    walk(leila, course=course, module=slug, folder=tmp_path)

    items = leila.page.locator("ul.govuk-task-list", has=leila.page.locator(f'a[href^="/courses/{course}/{slug}/"]'))
    expect(items.locator(".govuk-task-list__status")).to_have_text(["Done"] * len(module.items))
    sees_the_skills(leila, of=module)


def test_learner_has_the_skill_of_a_reflection_once_a_trainer_has_marked_it(
    reader: Callable[[], Reader], site: RunningSite, tmp_path: Path
):
    course, slug = test_reflection.COURSE, "learn-with-others"
    leila = reader()
    leila.sign_in("learner")

    walk(leila, course=course, module=slug, folder=tmp_path)
    site.until_all_is_marked()
    assert len(site.rows(test_reflection.TRAINS_THE_COURSE, course)) == 1
    test_reflection.mark(reader())

    sees_the_skills(leila, of=module_of_files(course, module=slug))


def test_walk_says_which_kind_of_item_it_does_not_know_and_where_to_add_it():
    lesson = module_of_files("first-90-days", module="where-ai-meets-your-job").items[0]
    known = "exercise, lesson, quiz, reflection, workshop"
    said = f"first-90-days: '{lesson.slug}' is a song, and the walk knows only {known}. Add the way"

    with pytest.raises(UnknownKind, match=re.escape(said)):
        way_of(replace(lesson, kind="song"), course="first-90-days")
