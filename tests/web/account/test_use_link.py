"""Opening the link of the mail: looking is free, pressing the button signs in, once."""

import datetime as dt
import logging
import re
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories.people import PersonFactory
from upskill.core.logs import Lines
from upskill.people import services, signin
from upskill.people.models import SignInLink, User


def link_for(email: str, *, next_path: str = "", age: dt.timedelta = dt.timedelta(0)) -> str:
    """The path of a link that was mailed this long ago."""
    then = timezone.now() - age
    signin.ask_for_link(
        email, link_prefix="https://s/sign-in/", next_path=next_path, place="192.0.2.1", now=then, announce=lambda: None
    )
    signin.send_due(now=then)
    found = re.search(r"https://s(/sign-in/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


@pytest.fixture
def alice(db) -> User:
    return PersonFactory(email="alice@example.gov.uk", full_name="Alice <b>Example</b>")


@pytest.fixture
def link(alice) -> str:
    return link_for("alice@example.gov.uk")


def who(client: Client) -> str | None:
    """Id of the person of the session."""
    return client.session.get("_auth_user_id")


def test_page_names_the_person_and_has_one_button(client, link):
    page = client.get(link).content.decode()

    assert "Sign in as Alice &lt;b&gt;Example&lt;/b&gt;" in page
    assert re.findall(r"<main.*</main>", page, re.DOTALL)[0].count("<button") == 1


def test_page_is_kept_nowhere_and_gives_its_token_to_no_other(client, link):
    for answer in (client.get(link), client.post(link), client.get(link)):
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer.headers["Cache-Control"]


def test_mail_scanner_that_opens_every_link_uses_nothing_up(client, link, alice):
    scanner = Client()
    for _ in range(3):
        scanner.get(link)
        scanner.head(link)

    client.post(link)

    assert who(scanner) is None
    assert who(client) == str(alice.pk)


def test_button_signs_in_and_opens_the_home_page(client, link, alice):
    answer = client.post(link)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert who(client) == str(alice.pk)
    assert User.objects.get(pk=alice.pk).last_login is not None


def test_button_opens_the_page_that_was_wanted(client, alice):
    answer = client.post(link_for("alice@example.gov.uk", next_path="/my-skills/?a=1"))

    assert answer.headers["Location"] == "/my-skills/?a=1"


@pytest.mark.parametrize("planted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/sign-out/"])
def test_button_opens_no_other_site_even_if_the_database_names_it(client, alice, planted):
    link = link_for("alice@example.gov.uk")
    SignInLink.objects.update(next_path=planted)

    assert client.post(link).headers["Location"] == "/"


def test_session_gets_a_new_key_so_that_nobody_can_have_prepared_it(client, link, alice):
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    planted_key = session.session_key

    client.post(link)

    assert client.session.session_key != planted_key
    attacker = Client()
    attacker.cookies["sessionid"] = planted_key or ""
    assert who(attacker) is None


def test_csrf_token_changes_with_the_session(client, link):
    client.get(link)
    before = client.cookies["csrftoken"].value

    client.post(link)

    assert client.cookies["csrftoken"].value != before


def test_signing_in_as_somebody_else_leaves_nothing_of_the_session_before(client, link, alice):
    client.force_login(PersonFactory())
    session = client.session
    session["private"] = "of the one before"
    session.save()

    client.post(link)

    assert (who(client), client.session.get("private")) == (str(alice.pk), None)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("state", ["used", "expired", "unknown", "suspended", "forgotten"])
def test_link_that_no_longer_works_is_gone_with_the_cure(client, alice, method, state):
    link = link_for("alice@example.gov.uk", age=dt.timedelta(minutes=31 if state == "expired" else 0))
    if state == "used":
        Client().post(link)
    if state == "suspended":
        services.suspend(alice, by=PersonFactory(), now=timezone.now())
    if state == "forgotten":
        SignInLink.objects.all().delete()
    if state == "unknown":
        link = "/sign-in/nearlyatoken/"

    answer = getattr(client, method)(link)

    page = answer.content.decode()
    assert (answer.status_code, who(client)) == (410, None)
    assert "This link no longer works" in page
    assert re.findall(r'href="(/sign-in/)">Ask for a new link', page) == ["/sign-in/"]
    assert "Alice" not in page


def test_button_without_its_token_signs_nobody_in(link):
    client = Client(enforce_csrf_checks=True)

    answer = client.post(link)

    assert (answer.status_code, who(client)) == (403, None)
    assert SignInLink.objects.get().used_at is None


def test_person_who_is_suspended_is_out_at_the_next_click(client, link, alice):
    client.post(link)
    services.suspend(alice, by=PersonFactory(), now=timezone.now())

    answer = client.get("/learning/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/learning/")


def test_refusals_log_no_token(client, link, caplog):
    token = link.split("/")[2]
    Client(enforce_csrf_checks=True).post(link)
    client.post(link)

    client.get(link)

    console = next(handler for handler in logging.getLogger().handlers if isinstance(handler.formatter, Lines))
    written = "".join(console.format(record) for record in caplog.records)
    assert [record.levelname for record in caplog.records if record.levelname != "INFO"] == ["WARNING"]
    assert written.count("/sign-in/[token]/") == 4
    assert token not in written


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_the_same_moment_one_signs_in():
    PersonFactory(email="alice@example.gov.uk")
    link = link_for("alice@example.gov.uk")
    statuses: list[int] = []
    start = threading.Barrier(2)

    def click() -> None:
        client = Client()
        start.wait()
        statuses.append(client.post(link).status_code)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(statuses) == [302, 410]
