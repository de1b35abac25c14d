"""Whether this process lives, and whether the service can do all that it is for."""

import time
from dataclasses import asdict, dataclass
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from upskill.celery import broker_answers
from upskill.core import heartbeats
from upskill.core.bounded import NoAnswer, Question
from upskill.core.connections import own_connection
from upskill.core.models import Heartbeat
from upskill.marking import engines
from upskill.marking.engines import EngineState

MOST_SECONDS = 2.5  # for everything together: whoever asks gives up soon


@dataclass(frozen=True)
class Finding:
    """Whether one part is well, and a sentence about it that anybody may read."""

    ok: bool
    detail: str


_UNKNOWN = Finding(False, "Not known while PostgreSQL does not answer.")
_LATER = Finding(False, "Not known until the tables are up to date.")
SILENT = {
    "database": Finding(False, "PostgreSQL does not answer."),
    "migrations": _UNKNOWN,
    heartbeats.WORKER: _UNKNOWN,
    heartbeats.HOUSEKEEPER: _UNKNOWN,
}


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all. Asks nobody else: a database that is down is no reason to restart it."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if every part works, otherwise 503, with a sentence about each. Takes three seconds at most."""
    findings = look(until=time.monotonic() + MOST_SECONDS)
    ok = all(finding.ok for finding in findings.values())
    checks = {name: asdict(finding) for name, finding in findings.items()}
    response = JsonResponse({"ok": ok, "checks": checks}, status=200 if ok else 503, json_dumps_params={"indent": 2})
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log each 503 as a fault of this page
    return response


def look(*, until: float) -> dict[str, Finding]:
    """What is found, asked of database and broker at the same time. Four queries over a connection of its own."""
    database, broker = Question(_ask_database), Question(_ask_broker)
    return _answer(database, until=until, otherwise=SILENT) | _answer(broker, until=until, otherwise=_broker(False))


def _answer(
    question: Question[dict[str, Finding]], *, until: float, otherwise: dict[str, Finding]
) -> dict[str, Finding]:
    try:
        return question.answer(until=until)
    except NoAnswer:
        return otherwise


def _ask_database() -> dict[str, Finding]:
    try:
        with own_connection():
            changes = _changes_to_make()
            if changes:
                return {**_up(changes), heartbeats.WORKER: _LATER, heartbeats.HOUSEKEEPER: _LATER}
            return {**_up(0), **_processes()}
    except Error:
        return SILENT


def _changes_to_make() -> int:
    return len(_known_changes() - MigrationRecorder(connection).applied_migrations().keys())


@cache
def _known_changes() -> frozenset[tuple[str, str]]:
    """The changes to tables that this code brings, read from its files once."""
    return frozenset(MigrationLoader(None).disk_migrations or ())


def _up(changes: int) -> dict[str, Finding]:
    made = f"Changes to the tables that are not made yet: {changes}. Run: manage.py migrate"
    return {
        "database": Finding(True, "PostgreSQL answers."),
        "migrations": Finding(False, made) if changes else Finding(True, "The tables are up to date."),
    }


def _processes() -> dict[str, Finding]:
    return {
        heartbeats.WORKER: _worker(engines.state()),
        heartbeats.HOUSEKEEPER: _housekeeper(heartbeats.alive(heartbeats.HOUSEKEEPER)),
    }


def _worker(engine: EngineState) -> Finding:
    if engine.is_marking:
        working = sum(worker.is_working for worker in engine.workers)
        return Finding(True, f"Marking slots that take work: {working}.")
    return Finding(False, engine.why_not)


def _housekeeper(processes: list[Heartbeat]) -> Finding:
    if processes:
        return Finding(True, "The housekeeper sweeps.")
    return Finding(False, "The housekeeper does not sweep: it, beat or the broker is down.")


def _ask_broker() -> dict[str, Finding]:
    return _broker(broker_answers())


def _broker(ok: bool) -> dict[str, Finding]:
    return {"broker": Finding(ok, "The broker answers." if ok else "The broker does not answer.")}
