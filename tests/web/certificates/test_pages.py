"""A learner's certificate: getting one, giving its address away, and taking it back."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import CourseVersionFactory, ItemVersionFactory, ModuleFactory
from tests.factories.marking import CertificateFactory
from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import finish, learner_of, links, main, taught, title, words
from upskill import pipeline
from upskill.people.models import User
from upskill.skills.models import Certificate
from upskill.web.certificates.views import MOST_LOOKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return taught(title="AI ethics")


@pytest.fixture
def learner(course):
    return learner_of(course, full_name="Alice Adams")


@pytest.fixture
def finished(course, learner):
    """The mark of the exercise of a course that the learner has finished."""
    return finish(course, learner)


@pytest.fixture
def certificate(signed_in, course, learner, finished) -> Certificate:
    signed_in(learner).post(f"{course.url}certificate/")
    return Certificate.objects.get()


def address(certificate: Certificate, more: str = "") -> str:
    return f"/certificates/{certificate.public_id}/{more}"


def read(url: str) -> Any:
    """What somebody sees who is not signed in."""
    return Client().get(url)


SAYS = (
    "Name Alice Adams Course AI ethics Version 1.0.0 Finished on 23 November 2026 Time that it takes 1 hour "
    "Skills that the evidence shows Fairness: level Working "
    "How it was marked 2 attempts marked automatically 0 attempts marked by people"
)


# --- Getting one -----------------------------------------------------------------------------------------------------


def test_unfinished_course_says_what_is_missing(signed_in, course, learner):
    page = signed_in(learner).get(f"{course.url}certificate/")

    assert title(page) == "Certificate: AI ethics – AI skills for government"
    assert "Still missing for version 1.0.0" in words(page)
    assert links(page) == [
        (course.item_url(course.lesson), "Why we audit"),
        (course.item_url(course.quiz), "Check"),
        (course.exercise_url, "Audit a model"),
    ]
    assert "<form" not in main(page)


def test_unfinished_course_gives_none_to_somebody_who_sends_the_form(signed_in, course, learner):
    answer = signed_in(learner).post(f"{course.url}certificate/")

    assert (answer.status_code, Certificate.objects.count()) == (409, 0)
    assert "You get a certificate when every part of the course is done and passed." in words(answer)


def test_finished_course_shows_what_the_certificate_will_say_before_it_is_made(signed_in, course, learner, finished):
    page = signed_in(learner).get(f"{course.url}certificate/")

    assert f"What your certificate would say {SAYS} Making it gives it an address" in words(page)
    assert Certificate.objects.count() == 0


def test_certificate_is_made_and_offered_with_its_address_and_its_pdf(signed_in, course, learner, finished):
    client = signed_in(learner)

    page = client.post(f"{course.url}certificate/", follow=True)

    certificate = Certificate.objects.get()
    assert "Nobody has its address until you give it to them." in words(page)
    assert links(page) == [
        (address(certificate), f"http://testserver{address(certificate)}"),
        (address(certificate, "certificate.pdf"), "Download as a PDF : version 1.0.0"),
        (address(certificate, "withdraw/"), "Withdraw it : version 1.0.0"),
    ]
    assert (client.get("/learning/").content.decode().count(f"{course.url}certificate/")) == 2


def test_page_with_certificates_of_one_and_of_three_versions_costs_the_same(signed_in, course, learner, certificate):
    client = signed_in(learner)
    page = f"{course.url}certificate/"

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    add_version(course, learner)
    two = cost()
    add_version(course, learner)

    assert (cost(), two) == (17, 17)


def add_version(course, learner) -> None:
    """A newer version of the course of the same lesson alone, with a certificate."""
    count = course.version.course.versions.count()
    newer = CourseVersionFactory(course=course.version.course, version=f"1.{count}.0")
    ItemVersionFactory(module=ModuleFactory(course_version=newer, slug="audits"), slug="why")
    CertificateFactory(learner=learner, course_version=newer)


def test_course_that_is_not_published_is_not_found(signed_in):
    client = signed_in(PersonFactory())

    assert [getattr(client, method)("/courses/nothing/certificate/").status_code for method in ("get", "post")] == [
        404
    ] * 2


# --- Reading one -----------------------------------------------------------------------------------------------------


def test_anybody_with_the_address_reads_that_it_is_genuine_and_what_it_says(certificate):
    page = read(address(certificate))

    assert title(page) == "Genuine certificate: Alice Adams, AI ethics – AI skills for government"
    assert f"Alice Adams has finished the course AI ethics. {SAYS} It was made on" in words(page)
    assert links(page) == [("/how-marking-works/", "How marking works")]


def test_certificate_tells_nothing_else_about_its_person(certificate, learner):
    User.objects.filter(pk=learner.pk).update(full_name="Alice Brown")

    text = read(address(certificate)).content.decode()

    hidden = [learner.email, "Alice Brown", str(learner.public_id), "Audit a model", "/submissions/"]
    assert [each for each in hidden if each in text] == []


def test_certificate_is_kept_out_of_search_engines_and_caches_and_feedback(certificate):
    page = read(address(certificate))

    assert page["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "no-store" in page["Cache-Control"]
    assert str(certificate.public_id) not in main(page)
    assert 'href="/feedback/"' in page.content.decode()


def test_certificate_says_that_the_course_has_changed_since(certificate, course):
    CourseVersionFactory(course=course.version.course, version="2.0.0")

    assert "its newest version is 2.0.0." in words(read(address(certificate)))


def test_address_that_leads_to_none_says_so_and_not_why(certificate, finished, course):
    never = read(f"/certificates/{uuid.uuid4()}/")
    points = {"test_one": Decimal(0)}
    pipeline.override_mark(finished, points=points, reason="It was copied.", by=PersonFactory(), now=NOON)
    lost = read(address(certificate))

    assert [(page.status_code, title(page)) for page in (never, lost)] == [
        (404, "No certificate – AI skills for government")
    ] * 2
    assert words(never) == words(lost)
    assert lost["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_own_page_says_that_a_certificate_does_not_hold(signed_in, certificate, finished, course, learner):
    points = {"test_one": Decimal(0)}
    pipeline.override_mark(finished, points=points, reason="It was copied.", by=PersonFactory(), now=NOON)
    client = signed_in(learner)

    page = client.get(f"{course.url}certificate/")

    assert "It does not hold at present: a mark that it rests on has changed." in words(page)
    assert "Still missing for version 1.0.0" in words(page)
    assert client.get(address(certificate, "certificate.pdf")).status_code == 409


def test_looking_is_limited_for_each_network(certificate):
    client = Client()
    statuses = [client.get(f"/certificates/{uuid.UUID(int=number)}/").status_code for number in range(MOST_LOOKS)]

    assert (set(statuses), client.get(address(certificate)).status_code) == ({404}, 429)


# --- Taking it back --------------------------------------------------------------------------------------------------


def test_withdrawing_asks_first_and_then_the_address_leads_nowhere(signed_in, certificate, course, learner):
    client = signed_in(learner)
    asked = client.get(address(certificate, "withdraw/"))
    still = read(address(certificate))

    done = client.post(address(certificate, "withdraw/"), follow=True)

    assert "Do you want to withdraw your certificate of “AI ethics”, version 1.0.0?" in words(asked)
    assert still.status_code == 200
    assert "Your certificate is withdrawn." in words(done)
    assert read(address(certificate)).status_code == 404
    assert client.post(address(certificate, "withdraw/")).status_code == 404


@pytest.mark.parametrize("more", ["withdraw/", "certificate.pdf"])
def test_others_neither_withdraw_nor_download_it(signed_in, certificate, more):
    client = signed_in(PersonFactory())

    assert (client.get(address(certificate, more)).status_code, Certificate.objects.count()) == (404, 1)
    if more == "withdraw/":
        assert (client.post(address(certificate, more)).status_code, Certificate.objects.count()) == (404, 1)


def test_trail_says_what_was_done_with_certificates(signed_in, certificate, learner):
    client = signed_in(learner)
    client.post(address(certificate, "withdraw/"))

    text = words(client.get("/account/trail/?show=everything"))

    assert "You made a certificate of “AI ethics”." in text
    assert "You withdrew a certificate of “AI ethics”." in text


def test_name_of_before_is_pointed_out_to_its_person(signed_in, certificate, course, learner):
    User.objects.filter(pk=learner.pk).update(full_name="Alice Brown")

    page = signed_in(User.objects.get(pk=learner.pk)).get(f"{course.url}certificate/")

    assert "It says Alice Adams, your name at that time." in words(page)
