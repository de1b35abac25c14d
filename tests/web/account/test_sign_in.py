"""Asking for a link in the browser: what is said, and what is not."""

import html
import re

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from tests.factories.people import PersonFactory
from upskill.people import signin
from upskill.people.models import SignInLink

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_demo(settings):
    settings.DEMO_SIGNIN = False
    settings.SIGNIN_ALLOWED_DOMAINS = ["gov.uk"]


def errors(page: str) -> tuple[list[str], list[str]]:
    """The sentences of the error summary, and those beside a field."""
    summary = re.findall(r'<li><a href="#id_email">(.*?)</a></li>', page)
    beside = re.findall(r'govuk-error-message">.*?</span>(.*?)</p>', page)
    return [html.unescape(text).strip() for text in summary], [html.unescape(text).strip() for text in beside]


def ask(client, email: str, **data):
    return client.post("/sign-in/", {"email": email, **data})


def test_form_asks_for_an_address_and_nothing_else(client):
    page = client.get("/sign-in/").content.decode()

    fields = re.findall(r'<input type="(\w+)" name="(\w+)"', page)
    assert fields == [("hidden", "csrfmiddlewaretoken"), ("email", "email"), ("hidden", "next")]
    assert 'autocomplete="email"' in page


def test_answer_is_the_same_for_known_unknown_and_suspended_addresses(client):
    PersonFactory(email="known@example.gov.uk")
    PersonFactory(email="suspended@example.gov.uk", is_active=False)

    answers = [ask(client, f"{who}@example.gov.uk") for who in ("known", "unknown", "suspended")]

    assert [(answer.status_code, answer.headers["Location"], answer.content) for answer in answers] == [
        (302, "/sign-in/sent/", b"")
    ] * 3


def test_asking_sends_nothing_before_the_answer(client):
    PersonFactory(email="alice@example.gov.uk")

    ask(client, "alice@example.gov.uk")

    assert (mail.outbox, SignInLink.objects.count()) == ([], 1)


def test_link_in_the_mail_leads_back_here(client, settings):
    settings.SERVICE_ADDRESS = "https://skills.example.gov.uk"
    PersonFactory(email="alice@example.gov.uk")

    ask(client, "alice@example.gov.uk")
    signin.send_due(now=timezone.now())

    link = re.search(r"https://\S+", str(mail.outbox[0].body))
    assert link
    path = link[0].removeprefix("https://skills.example.gov.uk")
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter your email address"),
        ("   ", "Enter your email address"),
        ("alice", "Enter an email address in the correct format, like name@example.gov.uk"),
        ("a@dwp.gov.uk@evil.com", "Enter an email address in the correct format, like name@example.gov.uk"),
        ("a@dwp.gov.uk\nBcc: eve@evil.com", "Enter an email address in the correct format, like name@example.gov.uk"),
        ("alice@evil.com", "Use your work email address. It ends in gov.uk."),
        ("a" * 255, "Enter an email address of 254 characters or fewer"),
    ],
)
def test_refusal_stands_in_the_summary_and_beside_the_field(client, typed, sentence):
    answer = ask(client, typed)

    assert (answer.status_code, errors(answer.content.decode())) == (422, ([sentence], [sentence]))
    assert SignInLink.objects.count() == 0


def test_refused_address_stays_in_the_field_as_text_and_not_as_markup(client):
    page = ask(client, '"><script>alert(1)</script>@evil.com').content.decode()

    assert "<script>alert(1)" not in page
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@evil.com"' in page


def test_title_of_a_refusal_begins_with_error(client):
    page = ask(client, "").content.decode()

    assert re.findall(r"<title>\s*(Error: Sign in)", page) == ["Error: Sign in"]


@pytest.mark.parametrize("email", ["alice@example.gov.uk", "nobody@example.gov.uk"])
def test_too_many_links_are_refused_in_the_same_way_for_everybody(client, email):
    PersonFactory(email="alice@example.gov.uk")
    for _ in range(5):
        ask(client, email)

    answer = ask(client, email)

    sentence = "You asked for too many links. Use the newest one in your inbox, or wait 15 minutes."
    assert (answer.status_code, errors(answer.content.decode())) == (429, ([sentence], [sentence]))


def test_form_without_its_token_is_refused(db):
    from django.test import Client

    answer = ask(Client(enforce_csrf_checks=True), "alice@example.gov.uk")

    assert (answer.status_code, SignInLink.objects.count()) == (403, 0)


def test_next_page_is_remembered_with_the_request_and_not_in_the_link(client):
    PersonFactory(email="alice@example.gov.uk")

    page = client.get("/sign-in/?next=/courses/ethics/").content.decode()
    ask(client, "alice@example.gov.uk", next="/courses/ethics/")
    signin.send_due(now=timezone.now())

    assert re.findall(r'name="next" value="([^"]*)"', page) == ["/courses/ethics/"]
    assert SignInLink.objects.get().next_path == "/courses/ethics/"
    assert "ethics" not in mail.outbox[0].body


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_next_page_on_another_site_is_dropped(client, elsewhere):
    page = client.get("/sign-in/", {"next": elsewhere}).content.decode()
    ask(client, "alice@example.gov.uk", next=elsewhere)

    assert "evil.example" not in page
    assert SignInLink.objects.get().next_path == ""


def test_signed_in_people_are_sent_on(signed_in):
    client = signed_in(PersonFactory())

    answers = [
        client.get("/sign-in/").headers["Location"],
        client.get("/sign-in/?next=/my-skills/").headers["Location"],
    ]

    assert answers == ["/", "/my-skills/"]


def test_pages_that_need_an_account_lead_to_the_form_and_name_themselves(client):
    answer = client.get("/learning/?a=1")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/learning/%3Fa%3D1")


def test_sent_page_says_what_to_do_and_nothing_about_accounts(client):
    page = client.get("/sign-in/sent/").content.decode()

    assert "If there is an account with the address you gave" in page
    assert "It works once, for 30 minutes." in page
    assert "housekeeper.log" not in page


@pytest.mark.parametrize(("debug", "backend", "said"), [(True, "console", 1), (True, "smtp", 0), (False, "console", 0)])
def test_sent_page_says_where_mail_is_printed_only_where_it_is(client, settings, debug, backend, said):
    settings.DEBUG, settings.EMAIL_BACKEND = debug, f"django.core.mail.backends.{backend}.EmailBackend"

    assert client.get("/sign-in/sent/").content.decode().count("housekeeper.log") == said


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/sent/", "/sign-in/x/", "/privacy/", "/demo/"])
def test_other_methods_are_refused(client, path):
    assert client.delete(path).status_code == 405


def test_signing_out_ends_the_session_and_says_so(signed_in):
    client = signed_in(PersonFactory())

    answer = client.post("/sign-out/", follow=True)

    assert answer.redirect_chain == [("/sign-in/?signed-out", 302)]
    assert "You have signed out" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@override_settings(STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}})
def test_signing_out_leaves_nothing_in_the_browser_but_the_files_that_are_everybodys(signed_in):
    client = signed_in(PersonFactory())

    answer = client.post("/sign-out/")
    after = client.get(answer.headers["Location"])

    assert answer.headers["Clear-Site-Data"] == '"storage"'  # "cache" would throw Python for the browser away
    assert "/static/js/signed_out.js" in after.content.decode()
    assert "/static/js/signed_out.js" not in client.get("/sign-in/").content.decode()


def test_signing_out_needs_a_click_and_not_a_link(signed_in):
    client = signed_in(PersonFactory())

    answer = client.get("/sign-out/")

    assert (answer.status_code, "_auth_user_id" in client.session) == (405, True)


def test_signing_out_twice_does_no_harm(client):
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/?signed-out"
