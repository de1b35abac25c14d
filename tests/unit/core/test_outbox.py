"""Mail that goes out exactly when the act that causes it is committed."""

import datetime as dt
import logging
import re
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections

from tests.factories.people import NOON, PersonFactory
from tests.unit.refusing import act_that_fails
from upskill.core import outbox
from upskill.core.models import OutboxMail

LATER = NOON + dt.timedelta(minutes=1)


class RefusingServer(BaseEmailBackend):
    """A mail server that is up but takes nothing from us."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


class SilentServer(BaseEmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


def queue(**fields) -> OutboxMail:
    person = fields.pop("to", None) or PersonFactory(email="alice@example.gov.uk")
    return outbox.add(to=person, subject="Your work was marked", body="Look at it.", at=NOON, **fields)


@pytest.mark.django_db
def test_send_due_sends_each_mail_once_and_says_how_many():
    queue()

    sent = [outbox.send_due(now=LATER), outbox.send_due(now=LATER)]

    assert sent == [1, 0]
    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [
        (["alice@example.gov.uk"], "Your work was marked", "Look at it.")
    ]
    assert OutboxMail.objects.get().sent_at == LATER


@pytest.mark.django_db
def test_send_due_begins_with_the_oldest_and_stops_at_the_most_asked_for():
    person = PersonFactory()
    for minute in (2, 0, 1):
        outbox.add(to=person, subject=f"Minute {minute}", body="", at=NOON + dt.timedelta(minutes=minute))

    sent = outbox.send_due(now=LATER, most=2)

    assert (sent, [m.subject for m in mail.outbox]) == (2, ["Minute 0", "Minute 1"])


@pytest.mark.django_db
def test_mail_of_an_act_that_fails_is_never_sent():
    person = PersonFactory()

    with act_that_fails():
        queue(to=person)

    assert (outbox.send_due(now=LATER), mail.outbox) == (0, [])


@pytest.mark.django_db
def test_mail_to_an_erased_person_is_closed_without_sending():
    queue(to=PersonFactory(email=None))

    outbox.send_due(now=LATER)

    assert mail.outbox == []
    assert OutboxMail.objects.get().sent_at == LATER


@pytest.mark.django_db
@pytest.mark.parametrize("server", [RefusingServer, SilentServer])
def test_mail_waits_while_the_server_takes_nothing_and_goes_out_later(settings, server):
    queue()

    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.{server.__name__}"
    outbox.send_due(now=NOON)
    tries = OutboxMail.objects.get().tries
    settings.EMAIL_BACKEND = usual
    sent = outbox.send_due(now=LATER)

    assert (tries, sent) == (1, 1)


def tried(settings, *, for_minutes: int) -> list[int]:
    """The minutes at which the one mail is tried, with the housekeeper at work twice a minute and nothing taken."""
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    found, before = [], 0
    for half in range(2 * for_minutes):
        outbox.send_due(now=NOON + half * dt.timedelta(seconds=30))
        tries = OutboxMail.objects.get().tries
        found += [half // 2] * (tries - before)
        before = tries
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 3], ids=["new", "old"])
def test_mail_that_is_refused_rests_longer_each_time_and_is_left_alone_after_ten_tries(settings, days):
    queue()
    OutboxMail.objects.update(created_at=NOON - dt.timedelta(days=days))

    assert tried(settings, for_minutes=300) == [0, 0, 1, 3, 7, 15, 31, 63, 127, 255]
    assert OutboxMail.objects.get().sent_at is None


@pytest.mark.django_db
def test_mail_that_was_given_up_is_tried_again_when_somebody_asks_for_it():
    given_up = queue()
    waits = queue(to=given_up.to)
    OutboxMail.objects.filter(pk=given_up.pk).update(tries=outbox.MAX_TRIES)
    OutboxMail.objects.filter(pk=waits.pk).update(tries=9, due_at=LATER)

    number = outbox.try_again()

    assert number == 1
    assert outbox.waiting() == outbox.Waiting(number=2, oldest_at=NOON, given_up=0, people_given_up=0)
    assert outbox.send_due(now=NOON) == 1
    assert outbox.try_again() == 0


@pytest.mark.django_db
def test_one_mailbox_that_fails_is_told_from_many():
    bob, carol = PersonFactory(), PersonFactory()
    before = outbox.waiting()
    for person in (bob, bob, bob, carol):
        queue(to=person)
    OutboxMail.objects.filter(to=bob).update(tries=outbox.MAX_TRIES)

    one = outbox.waiting()
    OutboxMail.objects.update(tries=outbox.MAX_TRIES)

    assert [(each.given_up, each.people_given_up) for each in (before, one, outbox.waiting())] == [
        (0, 0),
        (3, 1),
        (4, 2),
    ]


@pytest.mark.django_db
def test_log_says_by_the_public_id_whose_mail_was_not_sent_and_names_nobody(settings, caplog):
    alice = PersonFactory(full_name="Alice Marker", email="marker@example.gov.uk")
    alice.refresh_from_db()  # the database makes the id
    sent = queue(to=alice)

    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    with caplog.at_level(logging.WARNING):
        outbox.send_due(now=LATER)

    assert [record.getMessage() for record in caplog.records] == [
        f"Mail {sent.pk} to {alice.public_id} was not sent (try 1): SMTPServerDisconnected"
    ]


@pytest.mark.django_db
def test_mail_that_is_refused_does_not_keep_others_waiting(settings):
    person = PersonFactory()
    first = queue(to=person)
    OutboxMail.objects.filter(pk=first.pk).update(tries=3)
    second = queue(to=person)

    outbox.send_due(now=LATER, most=1)

    assert OutboxMail.objects.get(sent_at=LATER) == second


@pytest.mark.django_db
def test_mail_that_can_never_be_sent_does_not_keep_others_waiting():
    person = PersonFactory()
    broken = outbox.add(to=person, subject="Two\nlines", body="", at=NOON)
    good = queue(to=person)

    sent = outbox.send_due(now=LATER)

    broken.refresh_from_db()
    assert (sent, broken.sent_at, broken.tries) == (1, None, 1)
    assert OutboxMail.objects.get(sent_at=LATER) == good


@pytest.mark.django_db(transaction=True)
def test_mail_that_another_worker_is_sending_is_left_to_it():
    person = PersonFactory()
    held, free = queue(to=person), queue(to=person)

    other = connections.create_connection("default")
    with other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT id FROM core_outboxmail WHERE id = %s FOR UPDATE", [held.pk])
        sent = outbox.send_due(now=LATER)
    other.close()

    assert sent == 1
    assert OutboxMail.objects.get(sent_at=LATER) == free


ONE_CLICK = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("link", "headers"),
    [
        ("", {}),
        (
            "https://skills.example.gov.uk/stop/",
            {"List-Unsubscribe": "<https://skills.example.gov.uk/stop/>", **ONE_CLICK},
        ),
        ("http://127.0.0.1:8000/stop/", {"List-Unsubscribe": "<http://127.0.0.1:8000/stop/>"}),  # RFC 8058 asks for TLS
    ],
)
def test_mail_that_can_be_stopped_says_where_in_its_head_and_that_one_click_does_it(link, headers):
    queue(stop_link=link)

    outbox.send_due(now=LATER)

    (sent,) = mail.outbox
    assert {name: value for name, value in sent.extra_headers.items() if name != "Message-ID"} == headers


@pytest.mark.django_db
def test_mail_that_is_sent_again_has_the_id_that_it_had(settings):
    settings.DEFAULT_FROM_EMAIL = "Upskill <noreply@skills.example.gov.uk>"
    first, _other = queue(to=PersonFactory()), queue(to=PersonFactory())
    outbox.send_due(now=LATER)
    OutboxMail.objects.filter(pk=first.pk).update(sent_at=None, due_at=None)  # it died before that was written
    outbox.send_due(now=LATER)

    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]

    assert ids[0] == ids[2] != ids[1]
    assert re.fullmatch(r"<[0-9a-f]{32}@skills\.example\.gov\.uk>", ids[0])
