"""What holds for every page, whoever asks."""

import pytest

from tests.factories.marking import MarkFactory
from tests.factories.people import MembershipFactory, OrganisationFactory, PersonFactory, RoleGrantFactory
from tests.web.learner.pages import learner_of, taught, title, words
from upskill.people.models import User
from upskill.people.roles import Role

pytestmark = pytest.mark.django_db
PAGES = ["/", "/courses/", "/learning/", "/skills/", "/privacy/", "/nowhere/", "/manager/team/", "/api/v1/me/"]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_that_a_signed_in_person_sees_is_kept_by_browser_or_proxy(signed_in, page):
    answer = signed_in(PersonFactory()).get(page)

    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_a_browser_in_a_language_without_a_translation_gets_english_that_says_so(client):
    answer = client.get("/privacy/", headers={"accept-language": "cy"})

    assert '<html lang="en-gb"' in answer.content.decode()
    assert answer["Content-Language"] == "en-gb"


def test_pages_for_visitors_may_be_kept(client):
    answer = client.get("/privacy/")

    assert (answer.status_code, answer.has_header("Cache-Control")) == (200, False)


def test_a_page_about_a_fault_shows_no_setting_even_with_debug_on(client, settings):
    settings.DEBUG, settings.CELERY_BROKER_URL = True, "redis://:hunter2@127.0.0.1/0"

    answer = client.get("/", headers={"host": "rebound.example.com"})

    text = answer.content.decode()
    assert (answer.status_code, "Invalid HTTP_HOST header" in text) == (400, True)
    assert [secret for secret in ("hunter2", "DATABASES", "SIGNIN_ALLOWED_DOMAINS") if secret in text] == []


# --- The way up, and what a browser tab says ---


@pytest.fixture
def somebody():
    """A person with every role, who takes a course and has handed something in."""
    course = taught()
    person = learner_of(course, full_name="Alex Everybody")
    unit = OrganisationFactory(name="Unit", code="unit")
    RoleGrantFactory(person=person, role=Role.TRAINER, course=course.version.course_id)
    RoleGrantFactory(person=person, role=Role.TRAINER, course="another")
    RoleGrantFactory(person=person, role=Role.DEPARTMENT_VIEWER, organisation=unit)
    RoleGrantFactory(person=person, role=Role.DEPARTMENT_VIEWER, organisation=OrganisationFactory())
    RoleGrantFactory(person=person, role=Role.OPERATOR)
    report = MembershipFactory(line_manager=person, organisation=unit).person
    own = MarkFactory(submission__learner=person, submission__exercise=course.exercise).submission
    answer = MarkFactory(submission__learner=report, submission__exercise=course.exercise).submission
    return person, [
        "/account/", "/account/trail/", "/account/trail/?show=everything", "/search/", "/search/?q=audit", "/feedback/",
        "/feedback/sent/", "/privacy/", "/accessibility/", "/how-marking-works/", "/courses/", "/courses/?q=audit",
        course.url, f"{course.url}certificate/", "/learning/",
        "/skills/", course.item_url(course.lesson), course.item_url(course.quiz), course.exercise_url,
        f"/submissions/{own.public_id}/", "/trainer/", f"/trainer/{course.version.course_id}/",
        f"/trainer/submissions/{answer.public_id}/", f"/trainer/submissions/{answer.public_id}/points/",
        f"/trainer/submissions/{answer.public_id}/rubric/reflection/", "/manager/team/", "/manager/departments/",
        "/manager/team/gaps/", "/manager/team/training/",
        f"/manager/team/people/{User.objects.get(pk=report.pk).public_id}/",
        "/manager/departments/unit/", "/operator/",
    ]  # fmt: skip


def test_every_page_below_home_has_the_way_up_beginning_with_home(signed_in, somebody):
    person, paths = somebody
    client = signed_in(person)
    pages = {path: client.get(path) for path in paths}

    without = [path for path, page in pages.items() if '<a class="govuk-breadcrumbs__link" href="/">Home</a>'
               not in page.content.decode()]  # fmt: skip

    assert [(path, page.status_code) for path, page in pages.items() if page.status_code != 200] == []
    assert without == []
    assert "govuk-breadcrumbs" not in client.get("/").content.decode()


def test_every_page_has_a_title_of_its_own_and_one_heading_of_the_first_level(signed_in, somebody):
    person, paths = somebody
    client = signed_in(person)

    pages = [client.get(path) for path in ["/", *paths]]

    titles = [title(page) for page in pages]
    assert sorted(titles) == sorted(set(titles))
    assert [page.content.decode().count("<h1") for page in pages] == [1] * len(pages)


def test_every_page_offers_feedback_about_itself(signed_in, somebody):
    person, paths = somebody
    client = signed_in(person)

    silent = [path for path in paths if 'href="/feedback/' not in client.get(path).content.decode()]

    assert silent == []


# --- What happens to a form when its moment has passed ---


def test_form_that_was_sent_after_the_session_ended_leads_back_to_its_page(client):
    answer = client.post("/courses/ethics/enrol/", headers={"referer": "http://testserver/courses/ethics/?a=1"})

    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/courses/ethics/%3Fa%3D1")


@pytest.mark.parametrize("referer", ["https://evil.example.com/courses/", "http://testserver.evil.com/x/", "", "//["])
def test_form_from_elsewhere_leads_home(client, referer):
    answer = client.post("/courses/ethics/enrol/", headers={"referer": referer})

    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/")


def test_address_of_a_form_that_is_opened_by_itself_is_explained(signed_in):
    answer = signed_in(PersonFactory()).get("/courses/ethics/enrol/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address is not a page" in words(answer)


def test_api_says_405_in_its_own_way(signed_in):
    answer = signed_in(PersonFactory()).delete("/api/v1/me/")

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
