"""Workshop kits on the trainer's side: all of them, for trainers of the course alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import CourseVersionFactory, ItemVersionFactory, ModuleFactory, WorkshopFactory
from tests.factories.people import PersonFactory, trainer_of
from tests.web.learner.pages import crumbs, links, listed, main, title, words

pytestmark = pytest.mark.django_db
SECRET = '<section class="prose-trainer"><h2>For the trainer</h2><p>Say: okapi.</p></section>'


def course_with(*titles: str, **version):
    """A published course with these workshops; the first says okapi to its trainer."""
    course = CourseVersionFactory(**version)
    module = ModuleFactory(course_version=course, slug="harms", title="Harms")
    for position, name in enumerate(titles):
        WorkshopFactory(module=module, slug=f"kit-{position}", position=position, title=name, trainer_html=SECRET)
    ItemVersionFactory(module=module, position=9)
    return course


def queries_of(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_kits_are_listed_by_course_for_who_trains_it(signed_in):
    ethics = course_with("Draw the map", "Approve, change or stop?", title="Ethics")
    trainer = trainer_of(ethics.course)
    trainer_of(course_with(title="A course without one").course, person=trainer)
    course_with("Of another", title="Python")

    page = signed_in(trainer).get("/trainer/kits/")

    assert title(page) == "Workshop kits – AI skills for government"
    assert listed(page, css="app-card") == [
        "Draw the map Harms. 4 to 12 people, 10 minutes",
        "Approve, change or stop? Harms. 4 to 12 people, 10 minutes",
    ]
    assert main(page).count("This course has no workshop yet.") == 1
    assert links(page) == [
        (f"/trainer/kits/{ethics.course_id}/harms/kit-0/", "Draw the map"),
        (f"/trainer/kits/{ethics.course_id}/harms/kit-1/", "Approve, change or stop?"),
    ]
    assert b"Of another" not in page.content


def test_kit_shows_its_trainer_everything(signed_in):
    ethics = course_with("Draw the map", title="Ethics")

    page = signed_in(trainer_of(ethics.course)).get(f"/trainer/kits/{ethics.course_id}/harms/kit-0/")

    assert title(page) == "For trainers: Draw the map – AI skills for government"
    assert crumbs(page) == ["Home", "Marking", "Workshop kits"]
    assert listed(page, css="app-facts") == ["People 4 to 12 people Time 10 minutes Part of Harms"]
    assert f'<div class="app-prose app-kit">{SECRET}</div>' in main(page)
    assert "What you need Paper." in words(main(page))


def test_kit_is_not_there_for_anybody_else(signed_in):
    ethics, other = course_with("Draw the map"), course_with()
    url = f"/trainer/kits/{ethics.course_id}/harms/kit-0/"

    answers = [signed_in(person).get(url) for person in (PersonFactory(), trainer_of(other.course))]

    assert [(answer.status_code, b"okapi" in answer.content) for answer in answers] == [(404, False)] * 2


def test_lesson_is_no_kit(signed_in):
    ethics = course_with("Draw the map")
    ItemVersionFactory(module__course_version=ethics, module__slug="more", slug="why")

    page = signed_in(trainer_of(ethics.course)).get(f"/trainer/kits/{ethics.course_id}/more/why/")

    assert page.status_code == 404


def test_list_is_for_trainers(signed_in):
    page = signed_in(PersonFactory()).get("/trainer/kits/")

    assert (page.status_code, "This page is for trainers" in words(page)) == (403, True)


def test_trainer_reads_for_whom_the_course_is_written(signed_in):
    ada = {"name": "Ada Olin", "role": "Makes the tea", "html": "<p>She pours slowly.</p>"}
    trainer = trainer_of(course_with("A", profiles=[ada]).course)

    page = signed_in(trainer).get("/trainer/kits/")

    said = "Written for people like … Ada Olin . Makes the tea She pours slowly. This person is invented."
    assert said in words(main(page))


def test_kits_cost_the_same_for_one_and_for_three(signed_in):
    one, three = course_with("A"), course_with("A", "B", "C")

    costs = [queries_of(signed_in(trainer_of(course.course)), "/trainer/kits/") for course in (one, three)]

    assert costs == [5, 5]


def test_answers_of_a_course_lead_to_the_kits(signed_in):
    ethics = course_with("Draw the map")
    client = signed_in(trainer_of(ethics.course))

    page = client.get(f"/trainer/{ethics.course_id}/")

    assert ("/trainer/kits/", "Workshop kits of your courses") in links(page)
