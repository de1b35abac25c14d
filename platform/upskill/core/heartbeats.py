"""Signs of life of the processes behind the pages, on the database's clock."""

import datetime as dt
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import Error
from django.db.models import Count, DurationField, ExpressionWrapper, Max, Q
from django.db.models.functions import Now

from .connections import own_connection
from .models import Heartbeat

log = logging.getLogger(__name__)
WORKER, HOUSEKEEPER = "worker", "housekeeper"  # the programs that give them: one marks, one sends mail and sweeps
EVERY_SECONDS = 5
FRESH = dt.timedelta(seconds=20)  # four may be late


@dataclass(frozen=True)
class Condition:
    """Whether a process takes work; if not, why, in a sentence that anybody may read; and what it works with."""

    is_working: bool
    note: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Life:
    """What is known of a program: how many of its processes are alive, and how long ago the last sign of life came."""

    working: int
    paused: int
    silent: dt.timedelta


def this_process(program: str) -> str:
    """A name for this process that no other has at the same time."""
    return f"{program}@{socket.gethostname()[:64]}:{os.getpid()}"


def beat(process: str, *, program: str, is_working: bool, note: str = "", facts: dict[str, Any] | None = None) -> None:
    """This process lives. Two queries at most. Not audited: it is about a machine, not about a person."""
    said = {"program": program, "seen_at": Now(), "is_working": is_working, "note": note, "facts": facts or {}}
    if not Heartbeat.objects.filter(pk=process).update(**said):
        Heartbeat.objects.bulk_create([Heartbeat(process=process, **said)], ignore_conflicts=True)


def alive(program: str) -> list[Heartbeat]:
    """The processes of this program that gave a sign of life lately, those that take work first. One query."""
    fresh = Heartbeat.objects.filter(program=program, seen_at__gt=Now() - FRESH)
    return list(fresh.order_by("-is_working", "process"))


def working(program: str) -> int:
    """How many processes of this program take work now. One query."""
    return Heartbeat.objects.filter(program=program, seen_at__gt=Now() - FRESH, is_working=True).count()


def lives() -> dict[str, Life]:
    """Program -> what is known of it, for every program that gave a sign of life within a day. One query."""
    fresh = Q(seen_at__gt=Now() - FRESH)
    silent = ExpressionWrapper(Now() - Max("seen_at"), output_field=DurationField())
    found = Heartbeat.objects.values("program").annotate(
        working=Count("pk", filter=fresh & Q(is_working=True)),
        paused=Count("pk", filter=fresh & Q(is_working=False)),
        silent=silent,
    )
    return {row["program"]: Life(row["working"], paused=row["paused"], silent=row["silent"]) for row in found}


def keep_beating(program: str, *, condition: Callable[[], Condition]) -> threading.Event:
    """From now on a thread gives this process's signs of life, whatever else the process does, until the event is set.

    It has a database connection of its own, waits out a database that is down, and keeps no process alive.
    """
    stop = threading.Event()
    threading.Thread(target=_beat_on, args=[program, condition, stop], name="heartbeat", daemon=True).start()
    return stop


def _beat_on(program: str, condition: Callable[[], Condition], stop: threading.Event) -> None:
    process = this_process(program)
    while not stop.is_set():
        now = condition()
        try:
            with own_connection():
                beat(process, program=program, is_working=now.is_working, note=now.note, facts=now.facts)
        except Error as problem:
            log.warning("This process cannot give a sign of life: %s", type(problem).__name__)
        stop.wait(EVERY_SECONDS)


def forget_dead(*, now: dt.datetime) -> int:
    """Delete the rows of processes that ended more than a day ago; returns how many."""
    return Heartbeat.objects.filter(seen_at__lt=now - dt.timedelta(days=1)).delete()[0]
