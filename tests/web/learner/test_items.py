"""Opening an item: the lesson's page, keeping the place, going on, and downloading an exercise."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import (
    CourseVersionFactory,
    ExerciseFactory,
    ExerciseItemFactory,
    ItemVersionFactory,
    ModuleFactory,
)
from tests.factories.exercises import SCRIPT, real_exercise
from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import crumbs, learner_of, links, listed, main, taught, title, words
from upskill.catalogue.models import ExerciseVersion
from upskill.core import blobs
from upskill.learning import queries, services
from upskill.learning.models import ItemProgress, QuizAttempt, Submission

pytestmark = pytest.mark.django_db


def with_files(course, **files: bytes) -> ExerciseVersion:
    """A second exercise of the course's module, with these files beside its notebook."""
    return ExerciseFactory(
        item_version__module=course.lesson.module,
        item_version__slug="with-data",
        files={name.replace("_", "."): blobs.store(content) for name, content in files.items()},
        release_sha256=blobs.store(b'{"cells": []}'),
        filename="with-data.ipynb",
    )


def test_lesson_shows_its_text_and_what_else_the_module_holds(signed_in):
    course = taught(title="AI ethics")

    page = signed_in(learner_of(course)).get(course.item_url(course.lesson))

    assert title(page) == "Why we audit – AI skills for government"
    assert '<div class="app-prose"><p>Read this.</p></div>' in main(page)
    assert links(page) == [
        (course.item_url(course.quiz), "Next : Check"),
        (course.item_url(course.lesson), "Why we audit"),
        (course.item_url(course.quiz), "Check"),
        (course.exercise_url, "Audit a model"),
    ]
    assert listed(page, css="app-contents__state") == ["Lesson, 10 minutes", "Quiz, 5 minutes", "Exercise, 45 minutes"]
    assert main(page).count('aria-current="page"') == 1


def test_item_page_leads_back_to_the_course(signed_in):
    course = taught(title="AI ethics")

    page = signed_in(learner_of(course)).get(course.item_url(course.lesson))

    assert crumbs(page) == ["Home", "Courses", "AI ethics"]
    assert f'<a class="govuk-breadcrumbs__link" href="{course.url}">' in page.content.decode()


def test_exercise_page_says_its_title_once(signed_in):
    course = taught()
    item = ExerciseItemFactory(module=course.lesson.module, title='Cats & "dogs"')
    real_exercise(item=item, script=f'# %% [markdown]\n# # Cats & "dogs"\n# Count.\n\n{SCRIPT}')

    page = signed_in(learner_of(course)).get(course.item_url(item))

    assert "The task Count." in words(main(page))


def test_items_of_other_modules_are_neighbours_but_not_in_the_contents(signed_in):
    course = taught()
    later = ModuleFactory(course_version=course.version, slug="later", position=9999)
    after = ItemVersionFactory(module=later, slug="after", title="What comes after")

    page = signed_in(learner_of(course)).get(course.exercise_url)

    assert (course.item_url(after), "Next : What comes after") in links(page)
    assert len(listed(page, css="app-contents__state")) == 3


def test_item_page_costs_as_many_queries_in_a_module_of_six_items_as_of_three(signed_in):
    def cost(course):
        client, url = signed_in(learner_of(course)), course.item_url(course.lesson)
        client.get(url)  # the first look keeps the place, which later ones only move
        with CaptureQueriesContext(connection) as made:
            page = client.get(url)
        return len(listed(page, css="app-contents__state")), len(made)

    small, large = taught(), taught()
    for number in range(3):
        ItemVersionFactory(module=large.lesson.module, slug=f"more-{number}")

    assert [cost(small), cost(large)] == [(3, 7), (6, 7)]


def test_contents_are_remembered_by_version_so_that_a_new_one_is_seen_at_once(signed_in):
    old = taught()
    client = signed_in(learner_of(old))
    before = client.get(old.item_url(old.lesson))
    new = CourseVersionFactory(course=old.version.course, version="2.0.0")
    module = ModuleFactory(course_version=new, slug="audits", title="Audits, again")
    for item, position in ((old.lesson, 1), (old.quiz, 2)):
        ItemVersionFactory(module=module, item=item.item, position=position, title=f"New {position}")

    after = client.get(old.item_url(old.lesson))

    assert [len(listed(page, css="app-contents__state")) for page in (before, after)] == [3, 2]


def test_looking_at_an_item_keeps_the_place(signed_in):
    course = taught()
    person = learner_of(course)

    signed_in(person).get(course.item_url(course.quiz))

    assert queries.where_left(person) == course.quiz.item
    assert ItemProgress.objects.get(learner=person).completed_at is None


@pytest.mark.parametrize("item", ["lesson", "quiz", "exercise"])
def test_item_of_a_course_not_started_leads_to_the_course(signed_in, item):
    course, person = taught(), PersonFactory()
    url = course.exercise_url if item == "exercise" else course.item_url(getattr(course, item))

    page = signed_in(person).get(url)

    assert (page.status_code, page["Location"]) == (302, course.url)
    assert [str(message) for message in get_messages(page.wsgi_request)] == ["Start this course to open what is in it."]
    assert not ItemProgress.objects.filter(learner=person).exists()


@pytest.mark.parametrize("more", ["complete/", "answers/", "submit/"])
def test_nothing_can_be_sent_in_a_course_not_started(signed_in, more):
    course, person = taught(), PersonFactory()
    item = {"complete/": course.lesson, "answers/": course.quiz, "submit/": course.exercise.item_version}[more]

    page = signed_in(person).post(course.item_url(item, more), {"one-of-two": "this"})

    assert (page.status_code, page["Location"]) == (302, course.url)
    kept = (ItemProgress, QuizAttempt, Submission)
    assert [model.objects.filter(learner=person).count() for model in kept] == [0, 0, 0]


@pytest.mark.parametrize(
    "path", ["audits/nothing/", "nothing/why/", "audits/why/notebook.ipynb", "audits/check/files/a.csv"]
)
def test_what_is_not_there_is_not_found(signed_in, path):
    course = taught()

    page = signed_in(learner_of(course)).get(f"{course.url}{path}")

    assert (page.status_code, title(page)) == (404, "Page not found – AI skills for government")


@pytest.mark.parametrize(
    ("item", "more"), [("quiz", "complete/"), ("lesson", "answers/"), ("lesson", "submit/"), ("quiz", "submit/")]
)
def test_an_item_takes_only_what_its_kind_is_for(signed_in, item, more):
    course = taught()
    person = learner_of(course)

    page = signed_in(person).post(course.item_url(getattr(course, item), more))

    assert page.status_code == 404
    assert not ItemProgress.objects.filter(learner=person).exists()


def test_complete_marks_the_lesson_read_and_goes_on(signed_in, audit_trail):
    course = taught()
    person = learner_of(course)

    page = signed_in(person).post(course.item_url(course.lesson, "complete/"))

    assert (page.status_code, page["Location"]) == (302, course.item_url(course.quiz))
    assert queries.completed_items(person, courses=[course.version.course_id]) == {course.lesson.item_id}
    assert [(event, by) for event, by, _details in audit_trail()] == [("item.completed", person)]


def test_complete_after_the_last_item_returns_to_the_course(signed_in):
    version = CourseVersionFactory()
    only = ItemVersionFactory(module__course_version=version)
    course = taught()
    person = learner_of(course)
    services.enrol(person, course=version.course, now=NOON)

    page = signed_in(person).post(f"/courses/{version.course_id}/{only.item.key}/complete/")

    assert page["Location"] == f"/courses/{version.course_id}/"


def test_complete_is_not_done_by_looking(signed_in):
    course = taught()

    page = signed_in(learner_of(course)).get(course.item_url(course.lesson, "complete/"))

    assert page.status_code == 405


def test_a_lesson_that_was_read_says_so(signed_in):
    course = taught()
    person = learner_of(course)
    client = signed_in(person)
    before = words(client.get(course.item_url(course.lesson)))
    services.complete_item(person, item=course.lesson.item, now=NOON)

    after = words(client.get(course.item_url(course.lesson)))

    assert ("Mark as read and continue" in before, "Mark as read and continue" in after) == (True, False)
    assert "Why we audit Lesson, 10 minutes. Done" in after


def test_a_published_change_keeps_what_was_done(signed_in):
    course = taught()
    person = learner_of(course)
    services.complete_item(person, item=course.lesson.item, now=NOON)
    newer = CourseVersionFactory(course=course.version.course, version="1.1.0")
    module = ModuleFactory(course_version=newer, slug="audits")
    ItemVersionFactory(module=module, slug="why", title="Why we still audit")

    page = signed_in(person).get(course.item_url(course.lesson))

    assert "Why we still audit Lesson, 10 minutes. Done" in words(page)


def test_notebook_is_the_release_and_never_the_source(signed_in):
    course = taught()
    exercise = with_files(course)

    page = signed_in(learner_of(course)).get(course.item_url(exercise.item_version, "notebook.ipynb"))

    assert (page["Content-Type"], page["Content-Disposition"]) == (
        "application/x-ipynb+json",
        'attachment; filename="with-data.ipynb"',
    )
    assert page.content == b'{"cells": []}'


def test_data_file_comes_as_a_download_byte_for_byte(signed_in):
    course = taught()
    exercise = with_files(course, referrals_csv=b"a,b\r\n1,2\r\n")

    page = signed_in(learner_of(course)).get(course.item_url(exercise.item_version, "files/referrals.csv"))

    assert (page["Content-Type"], page["Content-Disposition"]) == (
        "application/octet-stream",
        'attachment; filename="referrals.csv"',
    )
    assert page.content == b"a,b\r\n1,2\r\n"


def test_data_files_are_only_those_of_the_exercise(signed_in):
    course = taught()
    exercise = with_files(course, referrals_csv=b"a")
    client = signed_in(learner_of(course))

    codes = [
        client.get(course.item_url(exercise.item_version, f"files/{name}")).status_code
        for name in ("referrals.csv", "other.csv", exercise.source_sha256, "..%2Fsettings.py")
    ]

    assert codes == [200, 404, 404, 404]


def test_exercise_page_offers_the_notebook_and_each_data_file(signed_in):
    course = taught()
    exercise = with_files(course, a_csv=b"1", b_csv=b"2")
    url = course.item_url(exercise.item_version)

    page = signed_in(learner_of(course)).get(url)

    assert [link for link in links(page) if "ownload" in link[1]] == [
        (f"{url}notebook.ipynb", "Download the notebook"),
        (f"{url}files/a.csv", "Download a.csv"),
        (f"{url}files/b.csv", "Download b.csv"),
    ]
