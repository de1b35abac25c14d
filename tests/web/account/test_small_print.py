"""The pages that the footer names: honest, public, and without a query."""

import re

import pytest
from django.contrib.messages.storage.cookie import CookieStorage

from tests.factories.people import PersonFactory
from tests.web.learner.pages import main
from tests.web.tables import rows

PAGES = ["/privacy/", "/accessibility/"]


@pytest.mark.parametrize("path", PAGES)
def test_page_is_public_and_costs_no_query(client, path, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_footer_of_every_page_names_them_how_marking_works_and_feedback(client, path, db):
    links = re.findall(r'govuk-footer__link" href="([^"?]+)', client.get(path).content.decode())

    assert links == [*PAGES, "/how-marking-works/", "/feedback/"]


def test_accessibility_statement_has_the_headings_that_the_regulations_want(client, db):
    page = client.get("/accessibility/").content.decode()

    assert re.findall(r"<h2 class=\"govuk-heading-m\">(.*?)</h2>", page) == [
        "Compliance status",
        "What we know is missing",
        "Feedback and contact information",
        "Enforcement procedure",
        "Preparation of this accessibility statement",
    ]
    assert "This accessibility statement applies to" in page


def test_accessibility_statement_does_not_claim_what_nobody_has_checked(client, db):
    page = client.get("/accessibility/").content.decode()

    assert "has not been audited yet" in page
    assert "no screen reader has been tried" in page
    assert "prepared on 25 November 2026" in page
    assert "fully compliant" not in page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("contact", "links"), [("", []), ("skills@example.gov.uk", ["skills@example.gov.uk"])])
def test_contact_is_shown_where_the_operator_named_one(client, settings, path, contact, links, db):
    settings.CONTACT_EMAIL = contact

    assert re.findall(r'href="mailto:([^"]+)"', client.get(path).content.decode()) == links


PROMISES = [
    "no figure about fewer than five people", "deleted after a day", "can change it",
    "If you doubt one, ask on its page", "access tokens", "it is written down", "not who sent it",
    "The logs of the service",
]  # fmt: skip


@pytest.mark.parametrize("promise", PROMISES)
def test_privacy_notice_names_what_the_service_does(client, promise, db):
    assert promise in client.get("/privacy/").content.decode()


def test_cookies_are_listed_by_the_names_that_the_service_sets(client, settings, db):
    page = client.get("/privacy/")

    assert [row[0] for row in rows(page)] == [
        "Name",
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        CookieStorage.cookie_name,
    ]
    assert (settings.SESSION_COOKIE_AGE, settings.CSRF_COOKIE_AGE) == (3 * 24 * 60 * 60, 60 * 60 * 24 * 7 * 52)


def test_a_whole_visit_sets_no_other_cookie(client, db):
    client.get("/sign-in/")
    client.force_login(PersonFactory())
    client.post("/feedback/", {"text": "Good."}, follow=True)
    client.post("/sign-out/", follow=True)

    assert set(client.cookies) <= {"sessionid", "csrftoken", "messages"}


def test_privacy_notice_leads_people_who_are_signed_in_to_their_trail(client, signed_in, db):
    assert "/account/trail/" not in main(client.get("/privacy/"))
    assert "/account/trail/" in main(signed_in(PersonFactory()).get("/privacy/"))
