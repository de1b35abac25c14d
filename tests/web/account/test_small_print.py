"""The pages that the footer names: honest, public, and without a query."""

import re

import pytest

PAGES = ["/privacy/", "/accessibility/"]


@pytest.mark.parametrize("path", PAGES)
def test_page_is_public_and_costs_no_query(client, path, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_footer_of_every_page_names_both(client, path, db):
    links = re.findall(r'govuk-footer__link" href="([^"]+)"', client.get(path).content.decode())

    assert links == PAGES


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
    assert "fully compliant" not in page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("contact", "links"), [("", []), ("skills@example.gov.uk", ["skills@example.gov.uk"])])
def test_contact_is_shown_where_the_operator_named_one(client, settings, path, contact, links, db):
    settings.CONTACT_EMAIL = contact

    assert re.findall(r'href="mailto:([^"]+)"', client.get(path).content.decode()) == links


@pytest.mark.parametrize("promise", ["no figure about fewer than five people", "deleted after a day", "can change it"])
def test_privacy_notice_names_what_the_service_does(client, promise, db):
    assert promise in client.get("/privacy/").content.decode()
