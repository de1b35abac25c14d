"""Somebody who asks the site in this process, through its real WSGI application, and counts what it costs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.auth import login
from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.module_loading import import_string

from upskill.people.models import User

from .addresses import Page, placeholder
from .cast import cast

VISITOR = "visitor"
ANSWERED = {200, 302, 410}  # the page, the way to it, and the page about a link that is over


class NotAnswered(Exception):
    """A page that answered before no longer did: what it took is not what the page takes."""


@dataclass(frozen=True)
class Answer:
    """What one visit got, and what it cost."""

    status: int
    headers: dict[str, str]
    queries: int
    milliseconds: float
    processor: float  # milliseconds of this thread's own work: without the database's, and without waiting for a turn


class Caller:
    """One role's session with the site. Signed out without a person."""

    def __init__(self, person: User | None) -> None:
        self.application: Callable[..., Any] = import_string(settings.WSGI_APPLICATION)
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}" if person else ""

    def ask(self, address: str, *, method: str = "GET") -> Answer:
        """One visit, from the server's call to the last byte of the answer."""
        said: list[Any] = []
        environ = _environ(address, method=method, cookie=self.cookie)
        with _counted_queries() as queries:
            begun, worked = time.perf_counter(), time.thread_time()
            body = self.application(environ, lambda status, headers, exc_info=None: said.extend([status, headers]))
            for _part in body:
                pass
            body.close()
            took, work = (time.perf_counter() - begun) * 1000, (time.thread_time() - worked) * 1000
        return Answer(int(said[0][:3]), dict(said[1]), queries=queries[0], milliseconds=took, processor=work)

    def again(self, address: str) -> Answer:
        """A visit to a page that this role may open. Raises NotAnswered."""
        answer = self.ask(address)
        if answer.status not in ANSWERED:
            raise NotAnswered(f"{address} answered {answer.status}.")
        return answer

    def may_open(self, address: str) -> bool:
        """Whether this role gets the page, or is led to one of its own; not to the door."""
        answer = self.ask(address)
        return answer.status in ANSWERED and not answer.headers.get("Location", "").startswith(_door())

    def answers_get(self, page: Page) -> bool:
        """Whether the page can be opened at all: some addresses only take what a form sends."""
        allowed = self.ask(placeholder(page), method="OPTIONS").headers.get("Allow")
        return allowed is None or "GET" in allowed


def forget_allowances() -> None:
    """Let everybody do anew what they may do so many times an hour: a bench asks for more than anybody would."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_allowance")


def callers() -> dict[str, Caller]:
    """Role -> its session, somebody who is signed out first."""
    return {VISITOR: Caller(None)} | {role: Caller(person) for role, person in sorted(cast().items())}


def session_of(person: User) -> str:
    """The key of a new session in which this person is signed in."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, person)
    request.session.save()
    return str(request.session.session_key)


def _environ(address: str, *, method: str, cookie: str) -> dict[str, Any]:
    path, _mark, query = address.partition("?")
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    environ |= {"REMOTE_ADDR": "127.0.0.1", "HTTP_COOKIE": cookie}
    setup_testing_defaults(environ)
    return environ


@contextmanager
def _counted_queries() -> Iterator[list[int]]:
    counted = [0]

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        counted[0] += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        yield counted


def _door() -> str:
    return reverse(settings.LOGIN_URL)
