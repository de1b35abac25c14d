"""Mail that an act causes, written with the act and sent by a worker."""

import datetime as dt
import logging
import smtplib
import time
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils.crypto import salted_hmac

from .models import OutboxMail

if TYPE_CHECKING:
    from upskill.people.models import User

log = logging.getLogger(__name__)
MAX_TRIES = 10
LONGEST_SECONDS = 3.0  # of one run
LONGEST_SUBJECT = 200  # of the column
REST = dt.timedelta(seconds=30)  # after the first try that failed, then twice as long each time: the last after 4 hours


@dataclass(frozen=True)
class Waiting:
    """How much mail waits, since when the oldest does (None: nothing waits), how much was given up, and to how many."""

    number: int
    oldest_at: dt.datetime | None
    given_up: int
    people_given_up: int  # one: their mailbox. Many: the mail server


def add(*, to: "User", subject: str, body: str, at: dt.datetime, stop_link: str = "") -> OutboxMail:
    """Queue one e-mail in the current transaction: it is sent only if the act is committed.

    `stop_link`: where such mail is switched off: on a page, and by a POST that needs nothing but this address (RFC
    8058). Mail programs show it beside the mail.
    """
    return OutboxMail.objects.create(
        to=to, subject=subject[:LONGEST_SUBJECT], body=body, created_at=at, stop_link=stop_link
    )


def send_due(*, now: dt.datetime, most: int = 50) -> int:
    """Send up to `most` e-mails that are due, each tried once, those with the fewest tries first; returns how many.

    Begins no other once LONGEST_SECONDS are over: whoever sends has other work that must not wait.

    Several workers may call this at once: a row is locked by the one that sends it. A crash between sending and
    recording sends that one e-mail again, with the same Message-ID.
    """
    tried: list[int] = []
    sent = 0
    begun = time.monotonic()
    while len(tried) < most and time.monotonic() < begun + LONGEST_SECONDS:
        with transaction.atomic():
            due = _due(now=now).exclude(pk__in=tried).select_related("to").order_by("tries", "created_at")
            mail = due.select_for_update(of=("self",), skip_locked=True).first()
            if mail is None:
                break
            tried.append(mail.pk)
            sent += _send(mail, now=now)
    return sent


def try_again() -> int:
    """What was given up is due again, with all its tries; returns how many."""
    return OutboxMail.objects.filter(sent_at=None, tries__gte=MAX_TRIES).update(tries=0, due_at=None)


def waiting() -> Waiting:
    """The mail that has not been sent. One query, over unsent mail alone."""
    due = Q(tries__lt=MAX_TRIES)
    unsent = OutboxMail.objects.filter(sent_at=None)
    return Waiting(
        **unsent.aggregate(
            number=Count("pk", filter=due),
            oldest_at=Min("created_at", filter=due),
            given_up=Count("pk", filter=~due),
            people_given_up=Count("to", filter=~due, distinct=True),
        )
    )


def _due(*, now: dt.datetime) -> "QuerySet[OutboxMail]":
    """Unsent mail that has rested since it failed: a mail server that is away for an hour costs nobody an e-mail."""
    rested = Q(due_at=None) | Q(due_at__lte=now)
    return OutboxMail.objects.filter(rested, sent_at=None, tries__lt=MAX_TRIES)


def _send(mail: OutboxMail, *, now: dt.datetime) -> int:
    mail.tries += 1
    mail.due_at = now + 2 ** (mail.tries - 1) * REST
    if not mail.to.email:  # erased since: nothing to send to
        mail.sent_at, mail.address = now, ""
    else:
        try:
            to = mail.address or mail.to.email
            EmailMessage(mail.subject, mail.body, None, [to], headers=_headers(mail)).send()
            mail.sent_at, mail.address = now, ""
        except (OSError, smtplib.SMTPException, ValueError) as refusal:  # ValueError: words that no header can hold
            kind = type(refusal).__name__
            log.warning("Mail %s to %s was not sent (try %s): %s", mail.pk, mail.to.public_id, mail.tries, kind)
    mail.save(update_fields=["tries", "due_at", "sent_at", "address"])
    return int(mail.sent_at is not None)


def _headers(mail: OutboxMail) -> dict[str, str]:
    """The same id however often it is sent, so that mail programs show it once. Where such mail is switched off, and
    that a mail program may do it with one click: over TLS alone.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    name = salted_hmac("upskill.outbox", str(mail.pk), algorithm="sha256").hexdigest()[:32]
    known = {"Message-ID": f"<{name}@{domain}>"}
    if not mail.stop_link:
        return known
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if mail.stop_link.startswith("https:") else {}
    return {**known, "List-Unsubscribe": f"<{mail.stop_link}>", **one_click}
