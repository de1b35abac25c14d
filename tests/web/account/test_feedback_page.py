"""Feedback from any page, signed in or not: a short form, a confirmation, and a limit said in words."""

import re

import pytest
from django.test import Client

from tests.factories.people import PersonFactory
from tests.web.learner.pages import errors, links, main, title, words
from upskill.people.models import Feedback
from upskill.web.account.feedback import MOST_AN_HOUR
from upskill.web.allowed import HOUR

pytestmark = pytest.mark.django_db


def kept() -> list[tuple]:
    return list(Feedback.objects.order_by("pk").values_list("text", "page", "sent_by"))


def banner_link(page) -> str:
    found = re.search(r'phase-banner__text">.*?href="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def test_visitor_sends_feedback_and_reads_that_it_arrived(client):
    answer = client.post("/feedback/", {"text": "The sign-in mail took long.", "page": "/privacy/"}, follow=True)

    assert answer.redirect_chain == [("/feedback/sent/?page=%2Fprivacy%2F", 302)]
    assert "Feedback sent" in words(main(answer))
    assert links(answer) == [("/privacy/", "Go back to the page you were on")]
    assert kept() == [("The sign-in mail took long.", "/privacy/", None)]


def test_feedback_of_somebody_who_is_signed_in_is_theirs(signed_in):
    alice = PersonFactory()

    signed_in(alice).post("/feedback/", {"text": "Good.", "page": "/skills/"})

    assert kept() == [("Good.", "/skills/", alice.pk)]


def test_banner_of_a_page_leads_to_the_form_about_that_page(signed_in):
    client = signed_in(PersonFactory())

    link = banner_link(client.get("/skills/"))

    assert link == "/feedback/?page=%2Fskills%2F"
    assert '<input type="hidden" name="page" value="/skills/" id="id_page">' in client.get(link).content.decode()


@pytest.mark.parametrize("path", ["/feedback/?page=/skills/", "/sign-in/", "/sign-in/Abc123456789012345678901234/"])
def test_banner_of_the_form_and_of_signing_in_names_no_page(client, path):
    assert banner_link(client.get(path)) == "/feedback/"


@pytest.mark.parametrize(
    "page", ["https://evil.example.com/", "//evil.example.com/", "javascript:alert(1)", "/\\evil.example.com", "/a\nb"]
)
def test_no_page_of_another_site_is_kept_or_linked(client, page):
    answer = client.post("/feedback/", {"text": "Look", "page": page}, follow=True)

    assert kept() == [("Look", "", None)]
    assert links(answer) == [("/", "Go to the home page")]
    assert links(client.get("/feedback/sent/", {"page": page})) == [("/", "Go to the home page")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write what went wrong or what went well"),
        ("  \n ", "Write what went wrong or what went well"),
        ("a" * 2001, "Write 2000 characters or fewer"),
        ("nul\0", "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field_and_nothing_typed_is_lost(client, text, said):
    answer = client.post("/feedback/", {"text": text})

    assert (answer.status_code, errors(answer), kept()) == (422, [("id_text", said)], [])
    assert title(answer).startswith("Error: Give feedback")
    assert text.strip()[:2000].rstrip("\0") in answer.content.decode()


def test_each_new_line_counts_once(client):
    answer = client.post("/feedback/", {"text": "a\r\n" * 998 + "end"})

    assert (answer.status_code, len(kept()[0][0])) == (302, 998 * 2 + 3)


def test_browser_does_not_cut_off_what_is_too_long(client):
    assert "maxlength" not in main(client.get("/feedback/"))


def test_one_more_than_allowed_is_told_how_long_to_wait(signed_in):
    client = signed_in(PersonFactory())
    for number in range(MOST_AN_HOUR):
        assert client.post("/feedback/", {"text": f"Number {number}"}).status_code == 302

    refused = client.post("/feedback/", {"text": "One more"})

    assert (refused.status_code, len(kept())) == (429, MOST_AN_HOUR)
    assert 0 < int(refused["Retry-After"]) <= HOUR
    assert "You have done this too often" in words(main(refused))
    assert "Try again in 1 hour." in words(main(refused))
    assert "One more" in words(main(refused))


def test_one_persons_limit_is_not_anothers_and_reading_is_free(client):
    alice, bob = Client(), Client()
    alice.force_login(PersonFactory())
    bob.force_login(PersonFactory())
    for _ in range(MOST_AN_HOUR + 1):
        alice.post("/feedback/", {"text": "Again"})

    assert [each.post("/feedback/", {"text": "Me too"}).status_code for each in (alice, bob, client)] == [429, 302, 302]
    assert alice.get("/feedback/").status_code == 200


def test_visitors_of_one_place_share_a_limit(client):
    for _ in range(MOST_AN_HOUR):
        client.post("/feedback/", {"text": "Again"}, REMOTE_ADDR="192.0.2.1")

    codes = [client.post("/feedback/", {"text": "x"}, REMOTE_ADDR=f"192.0.2.{n}").status_code for n in (1, 2)]

    assert codes == [429, 302]


def test_form_needs_its_token():
    assert Client(enforce_csrf_checks=True).post("/feedback/", {"text": "Hello"}).status_code == 403
    assert kept() == []
