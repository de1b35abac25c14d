"""The audit trail: who did what to which row, when. Written in the transaction of the act.

An event is named in the past tense after what it is about: `mark.overridden`. One that ends as LOOKS do only looked.
"""

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from .models import AuditEntry

if TYPE_CHECKING:
    from upskill.people.models import User

LOOKS = ("viewed", "exported")


def about(person: "User") -> "models.QuerySet[AuditEntry]":
    """Everything that concerns this person's record, newest first, each with who did it."""
    return AuditEntry.objects.filter(about=person).select_related("by").order_by("-at", "-pk")


def looks_at(person: "User") -> "models.QuerySet[AuditEntry]":
    """Of that, what other people looked at and changed nothing."""
    looked = [models.Q(event__endswith=f".{look}") for look in LOOKS]
    return about(person).filter(reduce(or_, looked)).exclude(by=person)


def record(
    event: str,
    *,
    subject: models.Model,
    by: "User | None",
    at: dt.datetime,
    about: "User | None" = None,
    **details: Any,
) -> AuditEntry:
    """Add one entry. `by=None` means the service itself; `about` is the person whose record it concerns."""
    return AuditEntry.objects.create(
        event=event,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        by=by,
        about=about,
        at=at,
        details=details,
    )


def record_about_each(
    event: str, *, people: "Iterable[User]", by: "User | None", at: dt.datetime, **details: Any
) -> None:
    """Add one entry about each of these people, whose record was seen or changed together. One query."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            event=event,
            subject_kind=person._meta.label_lower,
            subject_id=str(person.pk),
            by=by,
            about=person,
            at=at,
            details=details,
        )
        for person in people
    )


def record_rows(
    event: str, *, act: str, parameters: dict[str, Any], kind: str, by: "User | None", at: dt.datetime
) -> int:
    """Carry out `act` and add one entry for each row that it changes; returns how many. One query, whatever the number.

    `act` is SQL of ours that writes and ends in RETURNING subject_id (text), about_id and details (jsonb).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH act AS ({act})
            INSERT INTO core_auditentry (event, subject_kind, subject_id, by_id, about_id, at, details)
            SELECT %(_event)s, %(_kind)s, act.subject_id, %(_by)s::bigint, act.about_id, %(_at)s, act.details FROM act
            """,  # noqa: S608 - SQL of ours # nosec B608
            {**parameters, "_event": event, "_kind": kind, "_by": by.pk if by else None, "_at": at},
        )
        return int(cursor.rowcount)
