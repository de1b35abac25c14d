"""The switch for the weekly mail on the account page, and the link that stops it without signing in."""

from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.utils import timezone

from tests.factories.people import PersonFactory
from tests.web.learner.pages import main, words
from upskill.core.models import AuditEntry
from upskill.people import weekly_mail
from upskill.people.models import Feedback, User

pytestmark = pytest.mark.django_db
SWITCH = "/account/weekly-mail/"


@pytest.fixture
def alice() -> User:
    person = PersonFactory(full_name="Alice Marker", email="alice.marker@example.gov.uk")
    weekly_mail.switch_on(person, now=timezone.now())
    return person


@pytest.fixture
def link(alice: User) -> str:
    return f"/weekly-mail/{weekly_mail.token_of(alice)}/"


def test_account_page_switches_it_on_and_off(signed_in):
    person = PersonFactory()
    client = signed_in(person)
    said = [words(client.get("/account/"))]

    said.append(words(client.post(SWITCH, {"wanted": "yes"}, follow=True)))
    was_on = weekly_mail.is_wanted(person)
    said.append(words(client.post(SWITCH, {"wanted": "no"}, follow=True)))

    assert [
        [word for word in ("It is switched on.", "It is switched off.") if word in each] for each in said
    ] == [["It is switched off."], ["It is switched on."], ["It is switched off."]]  # fmt: skip
    assert "The first one comes in a week, if there is news." in said[1]
    assert (was_on, weekly_mail.is_wanted(person)) == (True, False)


def test_account_page_offers_none_to_somebody_without_an_address(signed_in):
    assert "Weekly mail" not in words(signed_in(PersonFactory(email=None)).get("/account/"))


def test_link_asks_first_and_changes_nothing_by_being_opened(client, alice, link):
    for look in (client.get, client.head, client.get):
        look(link)

    page = client.get(link)
    assert (page.status_code, main(page).count("<button")) == (200, 1)
    assert "Do you want to stop the weekly mail?" in words(page)
    assert weekly_mail.is_wanted(alice)


def test_button_stops_it_without_signing_in_and_is_safe_to_press_twice(client, alice, link):
    pages = [client.post(link), client.post(link)]

    assert [page.status_code for page in pages] == [200, 200]
    assert ["The weekly mail is switched off" in words(page) for page in pages] == [True, True]
    assert not weekly_mail.is_wanted(alice)
    assert AuditEntry.objects.filter(event="weekly_mail.stopped", by=None, about=alice).count() == 1


def test_button_stops_the_mail_of_the_link_whoever_is_signed_in(signed_in, alice, link):
    bob = PersonFactory()
    weekly_mail.switch_on(bob, now=timezone.now())

    signed_in(bob).post(link)

    assert (weekly_mail.is_wanted(alice), weekly_mail.is_wanted(bob)) == (False, True)


def test_page_of_the_link_names_nobody_is_kept_nowhere_and_gives_its_key_to_no_other(client, link):
    for answer in (client.get(link), client.post(link)):
        assert [word for word in ("Alice", "Marker", "marker@") if word in answer.content.decode()] == []
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("token", ["x", "0" * 32, f"{'0' * 32}:signature", "%00"])
def test_key_that_nobody_made_leads_nowhere(client, alice, token):
    for answer in (client.get(f"/weekly-mail/{token}/"), client.post(f"/weekly-mail/{token}/")):
        assert answer.status_code == 404

    assert weekly_mail.is_wanted(alice)


# --- One click in a mail program (RFC 8058) --------------------------------------------------------------------------
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def mail_program() -> Client:
    """Has no session, no cookie and no page of ours."""
    return Client(enforce_csrf_checks=True, headers={"origin": "https://mail.example.com"})


@pytest.mark.parametrize("kind", [MULTIPART_CONTENT, "application/x-www-form-urlencoded"])
def test_mail_program_stops_it_with_one_click_however_it_sends_that(mail_program, alice, link, kind):
    body = ONE_CLICK if kind == MULTIPART_CONTENT else urlencode(ONE_CLICK)

    answers = [mail_program.post(link, body, content_type=kind) for _ in range(2)]

    assert [(answer.status_code, dict(answer.cookies)) for answer in answers] == [(200, {}), (200, {})]
    assert not weekly_mail.is_wanted(alice)
    assert AuditEntry.objects.filter(event="weekly_mail.stopped", by=None, about=alice).count() == 1


def test_mail_program_with_a_key_that_nobody_made_is_told_no_more_than_that(mail_program, alice, link):
    nobody = PersonFactory.build(public_id=UUID(int=7))
    wrong = [f"/weekly-mail/{alice.public_id.hex}:{'x' * 43}/", f"/weekly-mail/{weekly_mail.token_of(nobody)}/"]

    told = [mail_program.post(each, ONE_CLICK) for each in wrong]

    assert [answer.status_code for answer in told] == [404, 404]
    assert weekly_mail.is_wanted(alice)


def test_one_click_can_switch_nothing_else(mail_program, alice, link):
    bob = PersonFactory()
    weekly_mail.switch_on(bob, now=timezone.now())

    mail_program.post(link, {**ONE_CLICK, "wanted": "yes", "person": bob.pk, "token": weekly_mail.token_of(bob)})

    assert (weekly_mail.is_wanted(alice), weekly_mail.is_wanted(bob)) == (False, True)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_of_the_link_are_refused(mail_program, alice, link, method):
    assert getattr(mail_program, method)(link).status_code == 405
    assert weekly_mail.is_wanted(alice)


def test_feedback_from_the_page_does_not_hold_the_key(client, link):
    client.post("/feedback/", {"text": "Too many mails.", "page": link})

    assert Feedback.objects.get().page == "/weekly-mail//"


def test_trail_tells_of_it(signed_in, alice, link):
    client = signed_in(alice)
    client.post(link)
    weekly_mail.switch_on(alice, now=timezone.now())
    weekly_mail.switch_off(alice, by=alice, now=timezone.now())

    trail = words(client.get("/account/trail/?show=everything"))
    assert "You switched the weekly mail on." in trail
    assert "The service switched the weekly mail off, because the link in one was used." in trail
    assert "You switched the weekly mail off." in trail
