"""My certificates: those that I have made, whether they hold, and where whoever has the address reads them."""

import pytest

from tests.factories.marking import CertificateFactory, MarkFactory
from tests.factories.people import NOON, PersonFactory, operator
from tests.web.learner.pages import finish, learner_of, taught
from upskill.catalogue import queries as catalogue
from upskill.skills import services

from .problems import NOBODY, told

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/me/certificates/"


def test_my_certificates_say_what_they_are_of_and_whether_they_hold(signed_in):
    course = taught(title="AI ethics", version="1.2.0")
    alice = learner_of(course, full_name="Alice Adams")
    finish(course, alice)
    [outline] = catalogue.outlines_of_versions([course.version.pk])
    genuine = services.issue_certificate(alice, outline=outline, now=NOON)
    unfinished = CertificateFactory(learner=alice, course_version=taught(title="Charts").version, name="Alice Old")
    CertificateFactory(learner=learner_of(course), course_version=course.version)  # somebody else's

    answer = signed_in(alice).get(ADDRESS)

    assert answer.json() == {
        "count": 2,
        "next": None,
        "previous": None,
        "results": [
            {
                "course": made.course_version.course_id,
                "version": made.course_version.version,
                "title": title,
                "name": name,
                "issued_at": "2026-11-23T12:00:00Z",
                "holds": holds,
                "url": f"/certificates/{made.public_id}/",
            }
            for made, title, name, holds in (
                (unfinished, "Charts", "Alice Old", False),
                (genuine, "AI ethics", "Alice Adams", True),
            )
        ],
    }


def test_address_that_is_told_is_that_of_the_certificate_and_holds_is_what_it_says(signed_in, client):
    course = taught()
    alice = learner_of(course)
    finish(course, alice)
    for version in (course.version, taught().version):
        CertificateFactory(learner=alice, course_version=version)

    listed = signed_in(alice).get(ADDRESS).json()["results"]

    assert {each["holds"]: client.get(each["url"]).status_code for each in listed} == {True: 200, False: 404}


@pytest.mark.parametrize("person", [PersonFactory, operator])
def test_my_certificates_are_nobody_elses(signed_in, person):
    CertificateFactory(name="Alice Marker")

    assert signed_in(person()).get(ADDRESS).json()["results"] == []


def test_withdrawn_certificate_is_not_listed(signed_in):
    certificate = CertificateFactory()
    alice = certificate.learner
    services.withdraw_certificate(certificate, by=alice, now=NOON)

    assert signed_in(alice).get(ADDRESS).json()["results"] == []


def test_whoever_is_not_signed_in_is_refused(client):
    assert told(client.get(ADDRESS)) == NOBODY


def test_my_certificates_cost_the_same_with_one_and_with_three(signed_in, django_assert_num_queries):
    alice = PersonFactory()
    client = signed_in(alice)
    for made in (1, 2):
        for _ in range(made):
            course = taught()
            MarkFactory(submission__learner=alice, submission__exercise=course.exercise)
            CertificateFactory(learner=alice, course_version=course.version)
        with django_assert_num_queries(10):
            answer = client.get(ADDRESS)

    assert answer.json()["count"] == 3
