"""The audit trail: who did what to which row, when. Written in the transaction of the act."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models

from .models import AuditEntry

if TYPE_CHECKING:
    from upskill.people.models import User


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
