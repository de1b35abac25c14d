"""The audit trail: who did what to which row, when. Written in the transaction of the act."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

from .models import AuditEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from upskill.people.models import User


def about(person: "User") -> "QuerySet[AuditEntry]":
    """What was done to somebody's record or seen of it, by whom, newest first. Only that person may read it."""
    return AuditEntry.objects.filter(about=person).select_related("by").order_by("-at", "-pk")


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
