"""A workshop as its participants meet it: their side alone, done when they say so, and in nobody's way."""

import pytest
from django.contrib.messages import get_messages

from tests.factories.catalogue import CourseVersionFactory, WorkshopFactory
from tests.factories.people import NOON, PersonFactory, trainer_of
from tests.web.learner.pages import finish, learner_of, links, listed, main, taught, words
from upskill.learning import services
from upskill.learning.models import ItemProgress
from upskill.skills.models import Certificate, Evidence

pytestmark = pytest.mark.django_db
SECRET = "<p>Say: okapi.</p>"


def with_workshop():
    """A course of one item of each kind, and its workshop, which comes first."""
    course = taught()
    kit = WorkshopFactory(
        module=course.lesson.module, slug="map", position=0, title="Draw the map", minutes=60, trainer_html=SECRET
    )
    return course, kit


def test_participants_read_their_side_with_people_minutes_and_materials(signed_in):
    course, kit = with_workshop()

    page = signed_in(learner_of(course)).get(course.item_url(kit))

    assert listed(page, css="app-facts") == ["People 4 to 12 people Time 1 hour"]
    assert "What you need Paper. Draw. We have done this" in words(main(page))
    assert (b"okapi" in page.content, "trainer" in main(page)) == (False, False)


def test_trainer_who_takes_the_course_is_led_to_their_side(signed_in):
    course, kit = with_workshop()
    trainer = trainer_of(course.version.course)
    services.enrol(trainer, course=course.version.course, now=NOON)

    page = signed_in(trainer).get(course.item_url(kit))

    assert (f"/trainer/kits/{course.version.course_id}/audits/map/", "See the trainer’s side") in links(page)
    assert b"okapi" not in page.content


def test_done_is_what_participants_say_and_earns_nothing(signed_in):
    course, kit = with_workshop()
    person = learner_of(course)

    sent = signed_in(person).post(course.item_url(kit, "complete/"))

    assert (sent.status_code, sent["Location"]) == (302, course.item_url(course.lesson))
    assert ItemProgress.objects.get(learner=person, completed_at__isnull=False).item == kit.item
    assert Evidence.objects.count() == 0
    assert "We have done this" not in words(signed_in(person).get(course.item_url(kit)))


def test_somebody_who_has_not_started_the_course_is_led_to_it(signed_in):
    course, kit = with_workshop()

    page = signed_in(PersonFactory()).get(course.item_url(kit))

    assert (page.status_code, page["Location"]) == (302, course.url)
    assert [str(said) for said in get_messages(page.wsgi_request)] == ["Start this course to open what is in it."]


def test_course_lists_its_workshop_and_counts_without_it(signed_in):
    course, _kit = with_workshop()
    person = learner_of(course)
    services.complete_item(person, item=course.lesson.item, now=NOON)

    page = signed_in(person).get(course.url)

    said = words(main(page))
    assert "Time 2 hours Parts 4" in said
    assert "Audits 1 of 3 done" in said
    assert "Draw the map Workshop, 1 hour With others" in said
    assert links(page)[0] == (course.item_url(course.quiz), "Continue : Check")


def test_course_is_finished_and_certified_without_its_workshop(signed_in):
    course, kit = with_workshop()
    person = learner_of(course)
    finish(course, person)
    client = signed_in(person)

    home, page = client.get("/"), client.get(course.url)
    made = client.post(f"{course.url}certificate/")

    assert "You have finished what you started" in words(home)
    assert "You have done everything in this course." in words(page)
    assert (made.status_code, Certificate.objects.count()) == (302, 1)
    assert (course.item_url(kit), "Draw the map") in links(page)


def test_home_offers_the_workshop_where_the_learner_left(signed_in):
    course, kit = with_workshop()
    person = learner_of(course)
    services.see_item(person, item=kit.item, now=NOON)

    page = signed_in(person).get("/")

    assert "Continue where you left off Draw the map Workshop, 1 hour Continue" in words(page)


def test_course_of_nothing_but_a_workshop_is_not_finished_by_nobody(signed_in):
    version = CourseVersionFactory()
    WorkshopFactory(module__course_version=version)
    client = signed_in(PersonFactory())

    client.post(f"/courses/{version.course_id}/enrol/")
    made = client.post(f"/courses/{version.course_id}/certificate/")

    assert (made.status_code, Certificate.objects.count()) == (409, 0)


def test_search_leads_to_the_participants_side(signed_in):
    course, kit = with_workshop()
    client = signed_in(learner_of(course))

    found, nothing = client.get("/search/?q=map"), client.get("/search/?q=okapi")

    assert (course.item_url(kit), "Draw the map") in links(found)
    assert "Workshop" in words(main(found))
    assert course.item_url(kit) not in main(nothing)
