"""Courses as JSON: what there is, what is in one, and taking it."""

import pytest
from django.utils import timezone

from tests.factories.people import NOON, PersonFactory
from tests.web.learner.pages import learner_of, taught
from upskill.catalogue.models import Course
from upskill.learning import services
from upskill.learning.models import Enrolment

from .problems import NOT_FOUND, told

pytestmark = pytest.mark.django_db


def line_of(course, *, is_enrolled=False):
    return {
        "course": course.version.course_id,
        "version": "1.0.0",
        "title": course.version.title,
        "summary": "What it is about.",
        "minutes": 60,
        "is_enrolled": is_enrolled,
        "url": f"/api/v1{course.url}",
    }


def test_courses_are_those_that_are_published_by_title(signed_in):
    second, first, gone = taught(title="B"), taught(title="A"), taught(title="Marker")
    Course.objects.filter(pk=gone.version.course_id).update(current_version=None)

    answer = signed_in(learner_of(first)).get("/api/v1/courses/")

    lines = [line_of(first, is_enrolled=True), line_of(second)]
    assert answer.json() == {"count": 2, "next": None, "previous": None, "results": lines}


def test_course_tells_what_is_in_it_and_what_is_done(signed_in):
    course = taught(skills=[{"skill": "fairness", "level": 2}])
    alice = learner_of(course)
    services.complete_item(alice, item=course.lesson.item, now=NOON)

    answer = signed_in(alice).get(f"/api/v1{course.url}")

    assert answer.json() == {
        **line_of(course, is_enrolled=True),
        "language": "en-GB",
        "licence": "CC-BY-4.0",
        "skills": [{"skill": "fairness", "level": 2}],
        "modules": [
            {
                "module": "audits",
                "title": "Audits",
                "summary": "",
                "objectives": ["You can read one."],
                "items": [
                    {"item": "audits/why", "kind": "lesson", "title": "Why we audit", "minutes": 10, "is_done": True,
                     "url": None},
                    {"item": "audits/check", "kind": "quiz", "title": "Check", "minutes": 5, "is_done": False,
                     "url": None},
                    {"item": "audits/audit", "kind": "exercise", "title": "Audit a model", "minutes": 45,
                     "is_done": False,
                     "url": f"/api/v1/exercises/{course.version.course_id}/audits/audit/"},
                ],
            }
        ],
    }  # fmt: skip


def test_course_that_is_not_published_is_not_there(signed_in):
    client = signed_in(PersonFactory())

    assert told(client.get("/api/v1/courses/nothing/")) == NOT_FOUND
    assert told(client.post("/api/v1/courses/nothing/enrolment/")) == NOT_FOUND


def test_courses_cost_the_same_for_one_and_for_three(signed_in, django_assert_num_queries):
    taught()
    client = signed_in(PersonFactory())
    for courses in (0, 2):
        for _ in range(courses):
            taught()
        with django_assert_num_queries(7):
            answer = client.get("/api/v1/courses/")

    assert answer.json()["count"] == 3


def test_enrolment_is_made_once_and_may_be_asked_for_again(program, audit_trail):
    course, alice = taught(), PersonFactory()
    client, before = program(alice), timezone.now()
    known = len(audit_trail())

    answers = [client.post(f"/api/v1{course.url}enrolment/") for _ in range(2)]

    enrolment = Enrolment.objects.get()
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["course"] == course.version.course_id
    assert (enrolment.learner, enrolment.enrolled_at >= before) == (alice, True)
    assert [event for event, _by, _details in audit_trail()[known:]] == ["learner.enrolled"]
