"""What people say about the service, kept for those who run it."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from upskill.core import audit
from upskill.core.redaction import CERTIFICATE, SIGN_IN_TOKEN

from .models import Feedback, User

LONGEST = 2000  # characters


class NothingSaid(Exception):
    """Feedback without a word."""


class TooLong(Exception):
    """Feedback that is longer than anybody would read."""


@transaction.atomic
def send(text: str, *, page: str, by: User | None, now: dt.datetime) -> Feedback:
    """The kept feedback; `page` is the path that it is about, "" for none. Raises NothingSaid, TooLong.

    Audited for somebody who is signed in; of a visitor nothing is known that could be written down.
    """
    if not text.strip():
        raise NothingSaid(_("Write what went wrong or what went well."))
    if len(text) > LONGEST:
        raise TooLong(_("Write %(most)d characters or fewer.") % {"most": LONGEST})
    feedback = Feedback.objects.create(page=_place(page), text=text, sent_by=by, sent_at=now)
    if by:
        audit.record("feedback.sent", subject=feedback, by=by, at=now, about=by)
    return feedback


def newest() -> "QuerySet[Feedback]":
    """All feedback, newest first, without who sent it: operators read what was said, not by whom."""
    return Feedback.objects.defer("sent_by").order_by("-sent_at", "-pk")


def _place(page: str) -> str:
    """The path without the key of a sign-in link, which nobody but its person may have, or of a certificate."""
    return CERTIFICATE.sub(r"\1", SIGN_IN_TOKEN.sub(r"\1", page))[: Feedback._meta.get_field("page").max_length]
