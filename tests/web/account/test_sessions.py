"""Being signed in: for how long, what ends it, and what people read when it has ended."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories.catalogue import CourseVersionFactory
from tests.factories.people import PersonFactory
from tests.web.learner.pages import learner_of, listed, taught, words
from upskill.learning.models import Enrolment
from upskill.people import services
from upskill.people.sessions import ENTERED, SEEN

pytestmark = pytest.mark.django_db
IDLE = "You were signed out because you did nothing here for 2 hours. Sign in to go on where you were."
LONG = "You were signed out because you signed in more than 12 hours ago. Sign in to go on where you were."
LOST = "What you sent was not saved, because you are not signed in. Sign in and send it again."


def age(client: Client, *, entered: dt.timedelta = dt.timedelta(0), seen: dt.timedelta = dt.timedelta(0)) -> None:
    """The session of this client began, and was last used, this long ago."""
    session, now = client.session, timezone.now()
    session[ENTERED], session[SEEN] = int((now - entered).timestamp()), int((now - seen).timestamp())
    session.save()


def hours(number: float) -> dt.timedelta:
    return dt.timedelta(hours=number)


def said(page) -> list[str]:
    """What the notices of a page say."""
    return [text.removeprefix("Important ") for text in listed(page, css="govuk-notification-banner__heading")]


# --- Signing in and out ---


def test_session_cookie_is_for_this_site_alone_and_no_script(signed_in):
    client = signed_in(PersonFactory())
    age(client, seen=hours(0.2))

    cookie = client.get("/skills/").cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_signed_out_session_is_dead_for_whoever_kept_its_cookie(signed_in):
    client = signed_in(PersonFactory())
    kept = client.cookies["sessionid"].value
    client.post("/sign-out/")

    thief = Client()
    thief.cookies["sessionid"] = kept

    assert (thief.get("/skills/").status_code, Session.objects.count()) == (302, 0)


def test_suspended_and_reinstated_person_must_sign_in_again(signed_in):
    alice, bob = PersonFactory(), PersonFactory()
    client = signed_in(alice)
    services.suspend(alice, by=bob, now=timezone.now())
    services.reinstate(alice, by=bob, now=timezone.now())

    assert client.get("/skills/").headers.get("Location") == "/sign-in/?next=/skills/"


# --- The limits ---


@pytest.mark.parametrize(
    ("entered", "seen", "sentence"),
    [(hours(3), hours(2.1), IDLE), (hours(12.1), hours(0), LONG), (hours(30), hours(30), LONG)],
)
def test_session_that_ran_out_is_told_in_words_and_leads_back(signed_in, entered, seen, sentence):
    client = signed_in(PersonFactory())
    age(client, entered=entered, seen=seen)

    answer = client.get("/courses/?page=1")
    page = client.get(answer.headers["Location"])

    assert answer.headers["Location"] == "/sign-in/?next=/courses/%3Fpage%3D1"
    assert said(page) == [sentence]
    assert 'name="next" value="/courses/?page=1"' in page.content.decode()
    assert Session.objects.count() == 0


def test_page_that_is_open_to_all_is_shown_with_the_reason(signed_in):
    client = signed_in(PersonFactory(full_name="Alice Adams"))
    age(client, seen=hours(3))

    page = client.get("/privacy/")

    assert (page.status_code, said(page), "Alice Adams" in words(page)) == (200, [IDLE], False)
    assert said(client.get("/privacy/")) == []


def test_form_that_was_sent_too_late_leads_back_to_its_page_and_says_that_nothing_was_saved(signed_in):
    course = CourseVersionFactory()
    client = signed_in(PersonFactory())
    age(client, seen=hours(3))

    came_from = f"http://testserver/courses/{course.course_id}/"
    answer = client.post(f"/courses/{course.course_id}/enrol/", headers={"referer": came_from})

    assert answer.headers["Location"] == f"/sign-in/?next=/courses/{course.course_id}/"
    assert said(client.get(answer.headers["Location"])) == [IDLE, LOST]
    assert Enrolment.objects.count() == 0


@pytest.mark.parametrize("referer", ["", "https://evil.example/courses/", "http://testserver/sign-out/", "//x", "x\\y"])
def test_form_from_elsewhere_leads_to_the_home_page(client, referer):
    answer = client.post("/courses/ethics/enrol/", headers={"referer": referer})

    assert answer.headers["Location"] == "/sign-in/?next=/"


def test_api_answers_in_its_own_way(signed_in):
    client = signed_in(PersonFactory())
    age(client, seen=hours(3))

    answer = client.get("/api/v1/me/")

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert said(client.get("/privacy/")) == []


def test_session_lasts_as_long_as_somebody_works(signed_in):
    client = signed_in(PersonFactory())
    age(client, entered=hours(11.9), seen=hours(1.9))

    statuses = [client.get("/skills/").status_code for _ in range(2)]

    assert statuses == [200, 200]
    assert timezone.now().timestamp() - client.session[SEEN] < 60


def test_looking_writes_nothing_for_five_minutes_and_then_once(signed_in):
    client = signed_in(PersonFactory())
    client.get("/privacy/")

    before = client.session[SEEN]
    client.get("/privacy/")
    assert client.session[SEEN] == before

    age(client, seen=dt.timedelta(minutes=6))
    answers = [client.get("/privacy/") for _ in range(2)]

    assert ["sessionid" in answer.cookies for answer in answers] == [True, False]


def test_page_that_polls_by_itself_keeps_nobody_signed_in(signed_in):
    client = signed_in(PersonFactory())
    age(client, seen=hours(1.9))
    before = client.session[SEEN]

    client.get("/skills/", headers={"sec-fetch-dest": "empty"})

    assert client.session[SEEN] == before


def test_draft_that_is_saved_while_somebody_types_keeps_them_signed_in(signed_in):
    course = taught()
    client = signed_in(learner_of(course))
    age(client, seen=hours(1.9))
    item = course.exercise.item_version.item

    answer = client.put(
        f"/api/v1/exercises/{item.course_id}/{item.key}/draft/",
        {"revision": 0, "cells": {}},
        content_type="application/json",
        headers={"sec-fetch-dest": "empty"},
    )

    assert answer.status_code == 200
    assert timezone.now().timestamp() - client.session[SEEN] < 60


def test_report_that_a_browser_sends_by_itself_keeps_nobody_signed_in(signed_in):
    client = signed_in(PersonFactory())
    age(client, seen=hours(1.9))
    before = client.session[SEEN]

    client.post("/csp-report/", "{}", content_type="application/csp-report", headers={"sec-fetch-dest": "report"})

    assert client.session[SEEN] == before


def test_operator_can_choose_shorter_limits(signed_in, settings):
    settings.SESSION_IDLE_SECONDS = 15 * 60
    client = signed_in(PersonFactory())
    age(client, seen=dt.timedelta(minutes=16))

    page = client.get("/skills/", follow=True)

    assert said(page) == [IDLE.replace("2 hours", "15 minutes")]


# --- Which host was asked ---


HOSTS = ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b", "testserver:x"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_strange_host_is_refused_and_named_nowhere(client, host):
    answer = client.post("/sign-in/", {"email": "alice@example.gov.uk"}, headers={"host": host})

    assert (answer.status_code, "evil" in answer.content.decode()) == (400, False)


def test_forwarded_host_is_not_believed(client):
    answer = client.get("/skills/", headers={"x-forwarded-host": "evil.example"})

    assert answer.headers["Location"] == "/sign-in/?next=/skills/"
