"""A reflection is written in its page: programs see that it is there, and are told so."""

import pytest

from tests.factories.people import NOON, PersonFactory
from tests.factories.reflections import real_reflection, send
from upskill.learning.models import Draft, Enrolment, Submission

pytestmark = pytest.mark.django_db
SAID = "This is a reflection: it is written in its page, and has no notebook."


@pytest.fixture
def reflection():
    return real_reflection()


@pytest.fixture
def alice(reflection):
    person = PersonFactory()
    Enrolment.objects.create(learner=person, course=reflection.item_version.item.course, enrolled_at=NOON)
    return person


def address(reflection, more: str = "") -> str:
    item = reflection.item_version.item
    return f"/api/v1/exercises/{item.course_id}/{item.key}/{more}"


def test_course_names_it_without_an_address_of_an_exercise(signed_in, reflection, alice):
    course = signed_in(alice).get(f"/api/v1/courses/{reflection.item_version.item.course_id}/").json()

    [item] = course["modules"][0]["items"]
    assert (item["kind"], item["title"], item["url"]) == ("reflection", "One page", None)


def test_list_of_exercises_does_not_hold_it(signed_in, reflection, alice):
    assert signed_in(alice).get("/api/v1/exercises/").json()["results"] == []


@pytest.mark.parametrize("more", ["", "notebook/", "draft/"])
def test_it_cannot_be_read_as_an_exercise(signed_in, reflection, alice, more):
    answer = signed_in(alice).get(address(reflection, more))

    assert (answer.status_code, answer.json()["detail"]) == (409, SAID)


def test_nobody_hands_in_cells_or_saves_a_draft_of_it(signed_in, reflection, alice):
    client, how = signed_in(alice), {"content_type": "application/json"}
    notebook = {"notebook": {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}}

    answers = [
        client.post(address(reflection, "submissions/"), notebook, headers={"Idempotency-Key": "key"}, **how),
        client.put(address(reflection, "draft/"), {"revision": 0, "cells": {"answer": "Mine."}}, **how),
    ]

    assert [(answer.status_code, answer.json()["detail"]) for answer in answers] == [(409, SAID)] * 2
    assert (Submission.objects.count(), Draft.objects.count()) == (0, 0)


def test_a_text_that_was_sent_stands_among_ones_answers(signed_in, reflection, alice):
    sent = send(reflection, by=alice)

    shown = signed_in(alice).get(f"/api/v1/submissions/{sent.public_id}/").json()

    assert (shown["exercise"], shown["attempt"], shown["mark"]) == (reflection.item_version.item.key, 1, None)
