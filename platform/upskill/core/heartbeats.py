"""Signs of life of the processes behind the pages, on the database's clock."""

import datetime as dt
from typing import Any

from django.db.models.functions import Now

from .models import Heartbeat

FRESH = dt.timedelta(seconds=20)  # a process gives one every five seconds; four may be late


def beat(process: str, *, program: str, is_working: bool, note: str = "", facts: dict[str, Any] | None = None) -> None:
    """This process lives. Two queries at most. Not audited: it is about a machine, not about a person."""
    said = {"program": program, "seen_at": Now(), "is_working": is_working, "note": note, "facts": facts or {}}
    if not Heartbeat.objects.filter(pk=process).update(**said):
        Heartbeat.objects.bulk_create([Heartbeat(process=process, **said)], ignore_conflicts=True)


def alive(program: str) -> list[Heartbeat]:
    """The processes of this program that gave a sign of life lately, those that take work first. One query."""
    fresh = Heartbeat.objects.filter(program=program, seen_at__gt=Now() - FRESH)
    return list(fresh.order_by("-is_working", "process"))


def forget_dead(*, now: dt.datetime) -> int:
    """Delete the rows of processes that ended more than a day ago; returns how many."""
    return Heartbeat.objects.filter(seen_at__lt=now - dt.timedelta(days=1)).delete()[0]
