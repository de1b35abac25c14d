"""What holds for every page, whoever asks."""

import pytest

from tests.factories.people import PersonFactory

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
