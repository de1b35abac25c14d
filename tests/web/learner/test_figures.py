"""Pictures of lessons: for those who take the course, for good, and nothing but a picture."""

import hashlib

import pytest

from tests.factories.catalogue import CourseVersionFactory, ItemVersionFactory, ModuleFactory
from tests.factories.people import PersonFactory, trainer_of
from tests.factories.pictures import PICTURE
from tests.web.learner.pages import learner_of, taught
from upskill.core import blobs

pytestmark = pytest.mark.django_db
SHA256 = hashlib.sha256(PICTURE.encode()).hexdigest()
CONTENT = {"html": f'<figure><img src="figures/{SHA256}.svg"></figure>', "figures": [SHA256]}


@pytest.fixture
def course():
    course = taught()
    module = course.lesson.module
    blobs.store(PICTURE.encode())
    ItemVersionFactory(module=module, slug="seen", position=4, title="Seen", content=CONTENT)
    return course


@pytest.fixture
def address(course) -> str:
    return f"{course.url}audits/seen/figures/{SHA256}.svg"


def test_a_figure_is_a_picture_that_is_kept_and_in_which_nothing_runs(signed_in, course, address, audit_trail):
    answer = signed_in(learner_of(course)).get(address)

    assert (answer.status_code, answer.content) == (200, PICTURE.encode())
    assert {
        name: answer[name]
        for name in (
            "Content-Type",
            "Cache-Control",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cross-Origin-Resource-Policy",
        )
    } == {
        "Content-Type": "image/svg+xml",
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert "Content-Disposition" not in answer
    assert audit_trail() == []


def test_the_page_finds_its_figure_below_its_own_address(signed_in, course, address):
    client = signed_in(learner_of(course))
    page = f"{course.url}audits/seen/"

    assert f'<img src="figures/{SHA256}.svg">' in client.get(page).content.decode()
    assert client.get(f"{page}figures/{SHA256}.svg").content == PICTURE.encode()


def test_a_page_that_was_opened_before_a_new_version_still_gets_its_figure(signed_in, course, address):
    newer = CourseVersionFactory(course=course.version.course, version="9.0.0")
    ItemVersionFactory(module=ModuleFactory(course_version=newer, slug="audits"), slug="seen", title="Seen")

    assert signed_in(learner_of(course)).get(address).content == PICTURE.encode()


def test_whoever_does_not_take_the_course_gets_no_figure(client, signed_in, course, address):
    assert signed_in(PersonFactory()).get(address).url == course.url
    assert signed_in(trainer_of(course.version.course_id)).get(address).url == course.url
    client.logout()
    assert client.get(address).url.startswith("/sign-in/")


@pytest.mark.parametrize(
    "file", ["0" * 64 + ".svg", SHA256, f"{SHA256}.SVG", f"{SHA256}.svg.svg", "..svg", ".svg", "%00.svg"]
)
def test_what_the_lesson_does_not_show_is_not_there(signed_in, course, file):
    blobs.store(b"another blob")

    assert signed_in(learner_of(course)).get(f"{course.url}audits/seen/figures/{file}").status_code == 404


def test_a_blob_that_is_no_figure_of_the_lesson_cannot_be_had_through_it(signed_in, course):
    client = signed_in(learner_of(course))
    release = course.exercise.release_sha256

    assert client.get(f"{course.url}audits/seen/figures/{release}.svg").status_code == 404
    assert client.get(f"{course.url}audits/why/figures/{SHA256}.svg").status_code == 404
    assert client.get(f"{course.exercise_url}figures/{SHA256}.svg").status_code == 404


def test_a_figure_takes_no_form(signed_in, course, address):
    assert signed_in(learner_of(course)).post(address).status_code == 405
