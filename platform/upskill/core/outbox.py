"""Mail that an act causes, written with the act and sent by a worker."""

import datetime as dt
import logging
import smtplib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, Min, Q

from .models import OutboxMail

if TYPE_CHECKING:
    from upskill.people.models import User

log = logging.getLogger(__name__)
MAX_TRIES = 10


@dataclass(frozen=True)
class Waiting:
    """How much mail waits, since when the oldest does (None: nothing waits), and how much was given up."""

    number: int
    oldest_at: dt.datetime | None
    given_up: int


def add(*, to: "User", subject: str, body: str, at: dt.datetime) -> OutboxMail:
    """Queue one e-mail in the current transaction: it is sent only if the act is committed."""
    return OutboxMail.objects.create(to=to, subject=subject, body=body, created_at=at)


def send_due(*, now: dt.datetime, most: int = 50) -> int:
    """Send up to `most` waiting e-mails, oldest first; returns how many were sent.

    Several workers may call this at once: a row is locked by the one that sends it. A crash between sending and
    recording sends that one e-mail again.
    """
    sent = 0
    for _ in range(most):
        with transaction.atomic():
            unsent = OutboxMail.objects.filter(sent_at=None, tries__lt=MAX_TRIES).select_related("to")
            mail = unsent.select_for_update(of=("self",), skip_locked=True).order_by("tries", "created_at").first()
            if mail is None:
                return sent
            sent += _send(mail, now=now)
    return sent


def waiting() -> Waiting:
    """The mail that has not been sent. One query, over unsent mail alone."""
    due = Q(tries__lt=MAX_TRIES)
    unsent = OutboxMail.objects.filter(sent_at=None)
    return Waiting(
        **unsent.aggregate(
            number=Count("pk", filter=due), oldest_at=Min("created_at", filter=due), given_up=Count("pk", filter=~due)
        )
    )


def _send(mail: OutboxMail, *, now: dt.datetime) -> int:
    mail.tries += 1
    if not mail.to.email:  # erased since: nothing to send to
        mail.sent_at = now
    else:
        try:
            send_mail(mail.subject, mail.body, None, [mail.to.email])
            mail.sent_at = now
        except (OSError, smtplib.SMTPException, ValueError) as refusal:  # ValueError: words that no header can hold
            log.warning("Mail %s was not sent (try %s): %s", mail.pk, mail.tries, type(refusal).__name__)
    mail.save(update_fields=["tries", "sent_at"])
    return int(mail.sent_at is not None)
