"""One-time links: asked for by anybody, mailed to those who have an account, good once and for half an hour."""

import datetime as dt
import re
import smtplib
import threading

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import RequestFactory

from tests.factories.people import NOON, PersonFactory
from tests.unit.refusing import act_that_fails
from upskill.people import signin
from upskill.people.models import SignInLink, User
from upskill.people.signin import Entry, LinkNotGood, TooManyLinks

PREFIX = "https://skills.example.gov.uk/sign-in/"
HALF_AN_HOUR = dt.timedelta(minutes=30)
SECOND = dt.timedelta(seconds=1)


class RefusingServer(BaseEmailBackend):
    """A mail server that takes nothing from us."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({})


class Listener:
    """Counts how often a worker was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1


@pytest.fixture
def alice(db) -> User:
    return PersonFactory(full_name="Alice Example", email="alice@example.gov.uk")


def ask(email: str = "alice@example.gov.uk", *, now=NOON, place="192.0.2.1", next_path="", announce=Listener()) -> None:  # noqa: B008
    signin.ask_for_link(email, link_prefix=PREFIX, next_path=next_path, place=place, now=now, announce=announce)


def mailed_token(number: int = -1) -> str:
    found = re.search(rf"{re.escape(PREFIX)}([\w-]+)/", str(mail.outbox[number].body))
    assert found
    return found[1]


def token_for(email: str = "alice@example.gov.uk", *, now=NOON, next_path="") -> str:
    ask(email, now=now, next_path=next_path)
    signin.send_due(now=now)
    return mailed_token()


# --- Asking ---


def test_link_comes_in_a_mail_that_says_what_it_is_for(alice, settings):
    settings.SERVICE_NAME = "Skills"

    ask(next_path="/courses/ethics/")
    sent = signin.send_due(now=NOON)

    token = mailed_token()
    assert sent == 1
    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [
        (
            ["alice@example.gov.uk"],
            "Sign in to Skills",
            "Hello Alice Example,\n\n"
            "Use this link to sign in to Skills. It works once, for 30 minutes.\n\n"
            f"{PREFIX}{token}/\n\n"
            "If you did not ask for it, do nothing: nobody can sign in without it.\n",
        )
    ]
    assert len(token) == 43  # 32 bytes of chance


def test_mail_goes_to_the_address_of_the_account_whatever_the_letters(alice):
    ask("ALICE@example.GOV.uk")
    signin.send_due(now=NOON)

    assert mail.outbox[0].to == ["alice@example.gov.uk"]


def test_unknown_and_suspended_addresses_get_no_mail(alice):
    PersonFactory(email="gone@example.gov.uk", is_active=False)

    ask("nobody@example.gov.uk")
    ask("gone@example.gov.uk")

    assert (signin.send_due(now=NOON), mail.outbox) == (0, [])


def test_asking_does_the_same_for_every_address(alice, django_assert_num_queries, django_capture_on_commit_callbacks):
    """Equal work for known and unknown, so that neither the answer nor its time tells which accounts exist."""
    PersonFactory(email="gone@example.gov.uk", is_active=False)
    calls = []

    for email in ("alice@example.gov.uk", "nobody@example.gov.uk", "gone@example.gov.uk"):
        worker = Listener()
        with django_assert_num_queries(8), django_capture_on_commit_callbacks(execute=True):
            ask(email, announce=worker)
        calls.append(worker.calls)

    assert calls == [1, 1, 1]
    assert mail.outbox == []
    rows = SignInLink.objects.values_list("link_prefix", "next_path", "token_digest", "tries", "used_at")
    assert set(rows) == {(PREFIX, "", None, 0, None)}


def test_worker_is_not_called_when_the_request_fails(alice, django_capture_on_commit_callbacks):
    worker = Listener()

    with django_capture_on_commit_callbacks(execute=True), act_that_fails():
        ask(announce=worker)

    assert (worker.calls, SignInLink.objects.count()) == (0, 0)


def test_database_holds_neither_token_nor_address_nor_place(alice):
    token = token_for()

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(link)::text FROM people_signinlink link")
        (row,) = cursor.fetchone()
    assert [secret for secret in (token, "alice@", "192.0.2.1") if secret in row] == []


def test_digests_need_the_key_of_the_service(alice, settings):
    ask()
    with_one_key = SignInLink.objects.get()

    settings.SECRET_KEY = "another key"
    ask()

    with_another = SignInLink.objects.exclude(pk=with_one_key.pk).get()
    assert with_one_key.email_digest != with_another.email_digest
    assert with_one_key.place_digest != with_another.place_digest


# --- How often ---


def test_sixth_link_within_a_quarter_of_an_hour_is_too_many(alice):
    for _ in range(5):
        ask()

    with pytest.raises(TooManyLinks) as refusal:
        ask("Alice@Example.gov.uk", place="198.51.100.7")

    assert str(refusal.value) == ("You asked for too many links. Use the newest one in your inbox, or wait 15 minutes.")
    assert SignInLink.objects.count() == 5


def test_unknown_address_is_limited_in_the_same_way(db):
    for _ in range(5):
        ask("nobody@example.gov.uk")

    with pytest.raises(TooManyLinks):
        ask("nobody@example.gov.uk")


def test_limit_passes_with_time(alice):
    for _ in range(5):
        ask()

    ask(now=NOON + dt.timedelta(minutes=15))

    assert SignInLink.objects.count() == 6


def test_other_people_are_not_limited_by_it(alice):
    for _ in range(5):
        ask()

    ask("bob@example.gov.uk")

    assert SignInLink.objects.count() == 6


def test_one_place_cannot_try_one_address_after_the_other(db, settings):
    settings.SIGNIN_LINKS_PER_PLACE = 7
    for number in range(7):
        ask(f"person{number}@example.gov.uk")

    with pytest.raises(TooManyLinks):
        ask("person8@example.gov.uk")
    ask("person8@example.gov.uk", place="203.0.113.9")

    assert SignInLink.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_burst_of_requests_at_the_same_moment_does_not_slip_through():
    PersonFactory(email="alice@example.gov.uk")
    refusals: list[TooManyLinks] = []

    def one() -> None:
        try:
            ask()
        except TooManyLinks as refusal:
            refusals.append(refusal)
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert (SignInLink.objects.count(), len(refusals)) == (5, 3)


# --- Mailing ---


def test_request_is_mailed_once(alice):
    ask()

    sent = [signin.send_due(now=NOON), signin.send_due(now=NOON)]

    assert (sent, len(mail.outbox)) == ([1, 0], 1)


def test_mail_that_is_refused_is_tried_again_with_another_token(alice, settings):
    ask()
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    first = signin.send_due(now=NOON)
    waiting = SignInLink.objects.get()

    settings.EMAIL_BACKEND = usual
    second = signin.send_due(now=NOON)

    assert (first, waiting.token_digest, waiting.tries, second) == (0, None, 1, 1)
    assert signin.use_link(mailed_token(), now=NOON).person == alice


def test_mail_that_is_refused_five_times_is_left_alone(alice, settings):
    ask()
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"

    for _ in range(8):
        signin.send_due(now=NOON)

    assert SignInLink.objects.get().tries == signin.MAX_TRIES


def test_mail_that_is_refused_lets_others_go_first(alice, settings):
    ask()
    settings_backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    signin.send_due(now=NOON)
    PersonFactory(email="bob@example.gov.uk")
    ask("bob@example.gov.uk")

    settings.EMAIL_BACKEND = settings_backend
    signin.send_due(now=NOON, most=1)

    assert mail.outbox[0].to == ["bob@example.gov.uk"]


def test_request_that_nobody_mailed_in_time_is_not_mailed(alice):
    ask()

    assert signin.send_due(now=NOON + HALF_AN_HOUR) == 0


def test_account_that_was_suspended_after_asking_gets_no_mail(alice):
    ask()
    User.objects.update(is_active=False)

    assert signin.send_due(now=NOON) == 0


def test_requests_are_forgotten_after_a_day(alice):
    ask(now=NOON - dt.timedelta(days=1, seconds=1))
    ask(now=NOON - dt.timedelta(days=1) + SECOND)

    signin.send_due(now=NOON)

    assert SignInLink.objects.get().requested_at == NOON - dt.timedelta(days=1) + SECOND


# --- Using ---


def test_link_signs_in_its_person_and_remembers_where_they_wanted_to_go(alice, audit_trail):
    token = token_for(next_path="/courses/ethics/")

    entry = signin.use_link(token, now=NOON)

    assert entry == Entry(person=alice, next_path="/courses/ethics/")
    assert SignInLink.objects.get().used_at == NOON
    assert audit_trail() == [("person.signed_in", alice, {"way": "link"})]


def test_link_works_once(alice, audit_trail):
    token = token_for()
    signin.use_link(token, now=NOON)

    with pytest.raises(LinkNotGood):
        signin.use_link(token, now=NOON)

    assert len(audit_trail()) == 1


def test_looking_at_a_link_does_not_use_it_up(alice):
    token = token_for()

    looks = [signin.entry(token, now=NOON).person for _ in range(3)]

    assert looks == [alice] * 3
    assert signin.use_link(token, now=NOON).person == alice


@pytest.mark.parametrize(("age", "works"), [(HALF_AN_HOUR - SECOND, True), (HALF_AN_HOUR, False)])
def test_link_works_for_half_an_hour(alice, age, works):
    token = token_for()

    try:
        signin.use_link(token, now=NOON + age)
        worked = True
    except LinkNotGood:
        worked = False

    assert worked is works


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "new@example.gov.uk"}])
def test_link_follows_the_account_and_not_the_address(alice, change):
    token = token_for()
    User.objects.update(**change)

    if "email" in change:
        assert signin.use_link(token, now=NOON).person == alice
    else:
        with pytest.raises(LinkNotGood):
            signin.use_link(token, now=NOON)


@pytest.mark.parametrize("spoil", [str.swapcase, lambda token: token[:-1], lambda token: token + "=", lambda _t: ""])
def test_token_that_is_nearly_right_opens_nothing(alice, spoil):
    token = token_for()

    with pytest.raises(LinkNotGood):
        signin.use_link(spoil(token), now=NOON)

    assert signin.use_link(token, now=NOON).person == alice


def test_digest_from_a_copy_of_the_database_opens_nothing(alice):
    token_for()

    with pytest.raises(LinkNotGood):
        signin.use_link(SignInLink.objects.get().token_digest or "", now=NOON)


def test_request_that_was_not_mailed_yet_cannot_be_used(alice):
    ask()

    for guess in ("None", ""):
        with pytest.raises(LinkNotGood):
            signin.use_link(guess, now=NOON)


def test_using_one_link_ends_the_others_of_that_person_alone(alice):
    PersonFactory(email="bob@example.gov.uk")
    older, newer = token_for(), token_for()
    bobs = token_for("bob@example.gov.uk")

    signin.use_link(newer, now=NOON)

    with pytest.raises(LinkNotGood):
        signin.use_link(older, now=NOON)
    assert signin.use_link(bobs, now=NOON).person.email == "bob@example.gov.uk"


def test_failing_sign_in_leaves_the_link_good(alice, audit_trail):
    token = token_for()

    with act_that_fails():
        signin.use_link(token, now=NOON)

    assert audit_trail() == []
    assert signin.use_link(token, now=NOON).person == alice


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_the_same_moment_one_wins(audit_trail):
    PersonFactory(email="alice@example.gov.uk")
    token = token_for()
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def use() -> None:
        start.wait()
        try:
            signin.use_link(token, now=NOON)
            outcomes.append("in")
        except LinkNotGood:
            outcomes.append("refused")
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]
    assert [event for event, _by, _details in audit_trail()] == ["person.signed_in"]


# --- The backend ---


def test_session_of_a_suspended_account_belongs_to_nobody(alice):
    backend = signin.SignInBackend()

    before = backend.get_user(alice.pk)
    User.objects.update(is_active=False)

    assert (before, backend.get_user(alice.pk)) == (alice, None)


def test_nobody_signs_in_with_a_password(alice):
    request = RequestFactory().post("/sign-in/")

    assert authenticate(request, username="alice@example.gov.uk", password="") is None
