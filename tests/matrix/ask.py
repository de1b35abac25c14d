"""Asking: what stands in an address for one department, who asks, and the answer in a word of the table."""

import io
import itertools
import json
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from upskill.people import weekly_mail
from upskill.people.models import User

from .table import SAFE, addresses
from .world import ASKED, Side, World

# What a parameter of an address stands for: everything that a department has of it. The table asks for the first.
PARAMETERS: dict[str, Callable[[Side], list[Any]]] = {
    "assignment": lambda side: [side.asked(what).public_id for what in ASKED],
    "check": lambda side: ["reflection", "test_double", "answer"],
    "code": lambda side: [side.department.code, side.team.code],
    "course": lambda side: [side.course.pk],
    "file": lambda side: ["data.csv"],
    "item": lambda side: ["lesson", "quiz", "exercise", "reflection", "find-start", "workshop"],
    "job": lambda side: [side.sent["failed"].jobs.get().pk],
    "level": lambda side: [side.role_level.pk],
    "module": lambda side: ["module"],
    "number": lambda side: [1],
    "path": lambda side: [side.path.pk],
    "person": lambda side: [person.public_id for person in side.people.values()],
    "public_id": lambda side: [sent.public_id for sent in side.sent.values()],
    "role": lambda side: [side.role_level.role_id],
    "token": lambda side: [side.link],
    "view": lambda side: [side.view.public_id],
}
# Where the same parameter names something else.
OF: dict[str, dict[str, Callable[[Side], list[Any]]]] = {
    "learner:figure": {"file": lambda side: [f"{sha256}.svg" for sha256 in side.lesson.content["figures"]]},
    "account:stop_weekly_mail": {"token": lambda side: [weekly_mail.token_of(side.learner)]},
    "account:revoke_token": {"public_id": lambda side: [side.token.public_id]},
    "certificates:genuine": {"public_id": lambda side: [side.certificate.public_id]},
    "certificates:pdf": {"public_id": lambda side: [side.certificate.public_id]},
    "certificates:withdraw": {"public_id": lambda side: [side.certificate.public_id]},
    "planning:exempt": {"assignment": lambda side: [side.asked("team").public_id, side.asked("one").public_id]},
    "planning:end_exemption": {"assignment": lambda side: [side.asked("one").public_id]},
    "planning:find_exempt": {"assignment": lambda side: [side.asked("organisation").public_id]},
    "manager:direct_report": {"public_id": lambda side: [User.objects.get(pk=side.learner.pk).public_id]},
    "api:token": {"public_id": lambda side: [side.token.public_id]},
    "administrator:end_grant": {"number": lambda side: [side.people["viewer"].role_grants.get().pk]},
    "administrator:end_post": {
        "public_id": lambda side: [side.learner.public_id],
        "number": lambda side: [side.learner.memberships.get(is_main=False).pk],
    },
}
for _name in ("person", "move", "add_post", "line_manager", "leave"):
    OF[f"administrator:{_name}"] = {
        "public_id": lambda side: [side.people[role].public_id for role in ("learner", "colleague-1")]
    }
for _name in ("import", "import_state", "confirm", "withdraw"):
    OF[f"administrator:{_name}"] = {"public_id": lambda side: [side.people["admin"].peopleimport_set.get().public_id]}
# Where an address takes another one of these than the first.
EXERCISE = {"item": "exercise"}
INSTEAD: dict[str, dict[str, str]] = {
    "api:exercise": EXERCISE,
    "api:notebook": EXERCISE,
    "api:file": EXERCISE,
    "api:draft": EXERCISE,
    "api:submit": EXERCISE,
    "learner:quiz_answer": {"item": "quiz"},
    "learner:find_start": {"item": "find-start"},
    "learner:submit": EXERCISE,
    "learner:write": {"item": "reflection"},
    "learner:notebook": EXERCISE,
    "learner:file": EXERCISE,
    "trainer:kit": {"item": "workshop"},
}
# Other cases of an address that the table asks for. "own": the work of the department's own trainer.
CASES: dict[str, Callable[[World, Side], dict[str, Any]]] = {
    "learner:item+quiz": lambda world, side: {"item": "quiz"},
    "learner:item+exercise": lambda world, side: {"item": "exercise"},
    "learner:item+reflection": lambda world, side: {"item": "reflection"},
    "api:exercise+reflection": lambda world, side: {"item": "reflection"},
    "api:submit+reflection": lambda world, side: {"item": "reflection"},
    "api:draft+reflection": lambda world, side: {"item": "reflection"},
    "learner:item+diagnostic": lambda world, side: {"item": "find-start"},
    "learner:quiz_answer+diagnostic": lambda world, side: {"item": "find-start"},
    "learner:item+workshop": lambda world, side: {"item": "workshop"},
    "learner:complete+workshop": lambda world, side: {"item": "workshop"},
    "learner:complete+quiz": lambda world, side: {"item": "quiz"},
    "trainer:submission+guest": lambda world, side: {"public_id": world.guests_answer.public_id},
    "trainer:submission+own": lambda world, side: {"public_id": side.sent["own"].public_id},
    "trainer:override+own": lambda world, side: {"public_id": side.sent["own"].public_id},
    "trainer:rubric+own": lambda world, side: {"public_id": side.sent["own"].public_id},
    "learner:ask_review+doubted": lambda world, side: {"public_id": side.sent["doubted"].public_id},
    "learner:review_asked+doubted": lambda world, side: {"public_id": side.sent["doubted"].public_id},
    "trainer:decide_review+doubted": lambda world, side: {"public_id": side.sent["doubted"].public_id},
    "trainer:decide_review+reviewed": lambda world, side: {"public_id": side.sent["reviewed"].public_id},
    "receipts:mark_again+judged": lambda world, side: {"public_id": side.sent["judged"].public_id, "number": 2},
    "operator:release+queued": lambda world, side: {"job": side.sent["queued"].jobs.get().pk},
    "planning:end+organisation": lambda world, side: {"assignment": side.asked("organisation").public_id},
    "planning:exempt+organisation": lambda world, side: {"assignment": side.asked("organisation").public_id},
    "administrator:unit+team": lambda world, side: {"code": side.team.code},
    "administrator:split+team": lambda world, side: {"code": side.team.code},
    "administrator:close+team": lambda world, side: {"code": side.team.code},
    "administrator:leave+operator": lambda world, side: {"public_id": side.people["operator"].public_id},
    "manager:department+team": lambda world, side: {"code": side.team.code},
}
NAMELESS = {"page_not_found": "/nowhere/at-all/"}  # patterns that no name leads to
NOBODYS = [UUID(int=0), UUID(int=2**128 - 1)]
JUNK: dict[str, list[Any]] = {
    **dict.fromkeys(("public_id", "assignment", "person"), NOBODYS),
    "number": [0, 999_999],
    "job": [0, 999_999],
    "view": [UUID(int=0), UUID(int=2**128 - 1)],
    "": ["0", "nowhere", "a" * 200, "heron"],
}


def parameters(address: str, *, world: World, side: Side) -> dict[str, Any]:
    """What the table's address names in this department."""
    name = address.partition("+")[0]
    found = {each: _of(name, each)(side)[0] for each in addresses()[name]} | INSTEAD.get(name, {})
    return found | (CASES[address](world, side) if "+" in address else {})


def _of(name: str, parameter: str) -> Callable[[Side], list[Any]]:
    return OF.get(name, {}).get(parameter) or PARAMETERS[parameter]


def path(name: str, values: dict[str, Any]) -> str:
    """The path of an address with these values."""
    return NAMELESS.get(name) or reverse(name, kwargs=values)


def every_path(name: str, *, side: Side) -> list[str]:
    """The paths of an address with everything that a department has."""
    names = addresses()[name]
    return [path(name, dict(zip(names, values, strict=True)))
            for values in itertools.product(*(_of(name, each)(side) for each in names))]  # fmt: skip


def junk_paths(name: str) -> list[str]:
    """The paths of an address with what nobody has; none for one that names nothing."""
    names = addresses()[name]
    choices = [JUNK.get(each, JUNK[""]) for each in names]
    return [path(name, dict(zip(names, values, strict=True))) for values in zip(*choices, strict=False)]


def visitor(world: World, role: str, *, strict: bool = False) -> Client:
    """A fresh browser of somebody in this role. `strict`: forms need their CSRF token, as in the service."""
    client = Client(raise_request_exception=False)
    client.handler = _site(strict=strict)
    if role in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
    return client


@cache
def _site(*, strict: bool) -> ClientHandler:
    """The service, loaded once: each new one would look through all static files again."""
    return ClientHandler(enforce_csrf_checks=strict)


def send(client: Client, method: str, to: str, data: dict[str, Any] | None = None, *, as_json: str = "") -> Any:
    """The answer to one request; `data` goes as a form, or as JSON."""
    if method in {"GET", "HEAD", "TRACE"}:
        return getattr(client, method.lower())(to)
    if method == "POST" and not as_json:
        return client.post(to, data)
    headers = {"Idempotency-Key": "matrix-0000-1"}
    return getattr(client, method.lower())(
        to, json.dumps(data or {}), content_type=as_json or "application/json", headers=headers
    )


def word(client: Client, method: str, to: str, data: dict[str, Any] | None = None, *, as_json: str = "") -> str:
    """The answer as a word of the table. What is written although it was refused is said as well."""
    before = writes()
    answer = send(client, method, to, data, as_json=as_json)
    written = method not in SAFE and writes() > before
    said = _word(answer)
    if said in {"ok", "go"}:
        return "done" if written else said
    return f"{said}, and something is written" if written else said


def _word(answer: HttpResponseBase) -> str:
    status = answer.status_code
    if status in {301, 302, 303, 307, 308}:
        return "sign-in" if answer["Location"].startswith(reverse(settings.LOGIN_URL) + "?next=") else "go"
    if status in {401, 403} and not answer.wsgi_request.user.is_authenticated:  # type: ignore[attr-defined]
        return "sign-in"
    words = {403: "no", 404: "none", 409: "now", 410: "gone", 503: "down"}
    return "ok" if 200 <= status < 300 else words.get(status, str(status))


def writes() -> int:
    """How many rows were written in this transaction so far, but for the counts of who asks how often."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
            " WHERE relname <> 'core_allowance'"
        )
        return int(cursor.fetchone()[0])


def body(answer: HttpResponseBase) -> str:
    """What an answer holds as text; a spreadsheet's is that of its parts."""
    content = answer.content if isinstance(answer, HttpResponse) else b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(part) for part in parts.namelist())
    return content.decode(errors="replace")
