"""What a log line holds: an event with its fields, an id of its request, and nobody's words."""

import json
import logging
import logging.config
import re
import smtplib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from celery import current_app
from celery.signals import before_task_publish
from django.conf import settings as site
from django.db import IntegrityError, OperationalError, connection
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.people import PersonFactory
from upskill.core import logs
from upskill.core.redaction import ForOperators, WithoutTokens, told

TOKEN = "Zk3_-abcdefghijklmnopqrstuvwxyz0123456789ABC"
MARKER = "marker-of-somebody"
LOGGERS: dict[str, Any] = site.LOGGING["loggers"]  # type: ignore[assignment]
OF_THEIR_OWN = [name for name, logger in LOGGERS.items() if not logger.get("propagate", True)]


@pytest.fixture(autouse=True)
def _no_request() -> Iterator[None]:
    logs.clear_contextvars()
    yield
    logs.clear_contextvars()


def lines(act: Callable[[], object], *, readable: bool = False) -> list[str]:
    """What a handler with our filter and formatter writes while `act` runs."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Kept()
    handler.addFilter(WithoutTokens())
    handler.setFormatter(logs.Lines(readable=readable))
    ends = [logging.getLogger(), *map(logging.getLogger, OF_THEIR_OWN)]  # where lines end that go no further up
    for logger in ends:
        logger.addHandler(handler)
    try:
        act()
    finally:
        for logger in ends:
            logger.removeHandler(handler)
    return written


def event(act: Callable[[], object]) -> dict[str, Any]:
    """The one event that `act` logs, as JSON has it, without its moment."""
    (line,) = lines(act)
    fields: dict[str, Any] = json.loads(line)
    assert fields.pop("time").endswith("Z")
    return fields


def fail_with(problem: BaseException) -> Callable[[], object]:
    """Something that logs this exception, raised beside a local variable that holds the marker."""

    def act() -> None:
        secret = MARKER  # noqa: F841 - what a traceback with locals would show
        try:
            raise problem
        except type(problem):
            logging.getLogger("upskill").exception("It failed")

    return act


# --- the line --------------------------------------------------------------------------------------------------------


def test_json_line_has_moment_level_logger_event_and_the_context():
    logs.bind_contextvars(request_id="request-1")

    said = event(lambda: logging.getLogger("upskill.marking").warning("Job %s waits", 5))

    assert said == {"level": "warning", "logger": "upskill.marking", "event": "Job 5 waits", "request_id": "request-1"}


def test_event_of_structlog_keeps_its_fields():
    said = event(lambda: logs.get_logger("upskill.web").info("answered", path="/a", ms=5))

    assert said == {"level": "info", "logger": "upskill.web", "event": "answered", "path": "/a", "ms": 5}


def test_a_line_is_one_line_whatever_is_said():
    (line,) = lines(lambda: logging.getLogger("upskill").warning("one\ntwo\r\nthree"))

    assert (line.count("\n"), json.loads(line)["event"]) == (0, "one\ntwo\r\nthree")


def test_readable_line_has_fields_as_key_and_value():
    (line,) = lines(lambda: logs.get_logger("upskill.web").info("answered", path="/a b", ms=5, user=""), readable=True)

    assert line.split(" ", 1)[1] == 'INFO    upskill.web answered  path="/a b" ms=5'


def test_mail_that_a_worker_prints_is_a_line_of_its_own_with_its_link():
    words = f"http://127.0.0.1:8000/sign-in/{TOKEN}/"

    assert lines(lambda: logging.getLogger("celery.redirected").warning(words), readable=True) == [words]


@pytest.mark.parametrize("readable", [True, False])
def test_token_is_blanked_in_fields_and_in_the_words_of_exceptions(readable):
    link = f"/sign-in/{TOKEN}/"

    def act() -> None:
        logs.get_logger("upskill").info("answered", path=link)
        fail_with(OSError(f"no file {link}"))()

    written = "".join(lines(act, readable=readable))

    assert (TOKEN in written, written.count("/sign-in/[token]/")) == (False, 2)


# --- exceptions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (KeyError(MARKER), "KeyError"),
        (ValueError(f"could not convert string to float: {MARKER!r}"), "ValueError"),
        (TypeError(f"Field 'id' expected a number but got {MARKER!r}."), "TypeError"),
        (smtplib.SMTPRecipientsRefused({MARKER: (550, b"no")}), "smtplib.SMTPRecipientsRefused"),
        (IntegrityError(f"Failing row contains ({MARKER})"), "django.db.utils.IntegrityError"),
        (FileNotFoundError(2, "No such file or directory", "/etc/x"), "FileNotFoundError: [Errno 2] No such file or"),
        (OperationalError("connection refused"), "django.db.utils.OperationalError: connection refused"),
        (ForOperators("The engine judged other checks."), "ForOperators: The engine judged other checks."),
    ],
)
@pytest.mark.parametrize("readable", [True, False])
def test_exception_is_told_by_place_and_kind_and_by_words_that_quote_nobody(problem, words, readable):
    written = "\n".join(lines(fail_with(problem), readable=readable))

    assert MARKER not in written
    assert words in written
    assert "test_logs.py" in written


def test_exception_is_told_after_its_cause():
    try:
        try:
            raise OSError("disk full")
        except OSError as problem:
            raise ValueError(MARKER) from problem
    except ValueError as problem:
        said = told(problem)

    assert [line for line in said.splitlines() if not line.startswith(" ")] == ["OSError: disk full", "ValueError"]


@pytest.mark.django_db
def test_broken_rule_of_the_database_is_told_by_its_name_and_not_by_its_row():
    PersonFactory(email=f"{MARKER}@example.gov.uk")

    with pytest.raises(IntegrityError) as refusal:
        PersonFactory(email=f"{MARKER}@example.gov.uk")

    said = [line for line in told(refusal.value).splitlines() if not line.startswith(" ")]
    assert MARKER in str(refusal.value)
    assert [re.sub(r"_[0-9a-f]{8}_uniq", "_uniq", line) for line in said] == [
        "psycopg.errors.UniqueViolation: people_user people_user_email_uniq",
        "django.db.utils.IntegrityError",
    ]
    connection.set_rollback(True)


# --- what others log -------------------------------------------------------------------------------------------------


def test_access_line_of_gunicorn_has_no_query_address_or_page_before():
    atoms = {"m": "GET", "U": f"/sign-in/{TOKEN}/", "s": "200", "q": MARKER, "h": MARKER, "f": MARKER, "a": MARKER}

    def act() -> None:
        logging.getLogger("gunicorn.access").info('%(h)s "%(m)s %(U)s?%(q)s" %(s)s "%(f)s" "%(a)s"', atoms)

    assert event(act)["event"] == "GET /sign-in/[token]/ 200"


def test_failed_task_is_told_without_the_words_of_its_exception():
    def act() -> None:
        @current_app.task(name="tests.fail")
        def fail() -> None:
            raise ValueError(MARKER)

        fail.apply()

    written = "".join(lines(act))

    assert (MARKER in written, "raised unexpected" in written, "ValueError" in written) == (False, True, True)


def test_words_of_an_exception_that_a_field_carries_are_left_out():
    def act() -> None:
        try:
            raise ValueError(MARKER)
        except ValueError as problem:
            logs.get_logger("django_structlog").exception("task_failed", error=str(problem), problem=problem)

    said = event(act)

    assert (MARKER in str(said), said["event"], said["exception"].endswith("ValueError")) == (
        False,
        "task_failed",
        True,
    )


# --- ids of requests -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("proposed", ["a" * 8, "A1b2.c3_d4-e5", "f" * 64])
def test_safe_id_of_a_proxy_is_kept(proposed):
    assert logs.id_for_request(proposed) == proposed


@pytest.mark.parametrize(
    "proposed", ["", "short", "f" * 65, "a b c d e f", "id\nX: y5678", "<b>12345678", "-" * 10, "é" * 9]
)
def test_any_other_id_is_replaced(proposed):
    given = logs.id_for_request(proposed)

    assert given != proposed
    assert len(given) == 32


@given(st.text())
def test_id_of_a_request_is_always_safe_for_headers_pages_and_the_column(proposed):
    given_id = logs.id_for_request(proposed)

    assert 8 <= len(given_id) <= 64
    assert given_id.isascii()
    assert set(given_id) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def test_messages_tell_the_request_and_not_the_person():
    logs.bind_contextvars(request_id="request-1", user="somebody", job=5)
    context = dict(structlog.contextvars.get_contextvars())

    logs._only_the_request_goes_along(context=context)

    assert context == {"request_id": "request-1"}


def test_a_message_that_is_sent_carries_the_id_of_its_request():
    headers: dict[str, Any] = {}
    logs.bind_contextvars(request_id="request-1", user="somebody")

    before_task_publish.send(sender="x", headers=headers, body={}, properties={}, routing_key="marking")

    assert headers["__django_structlog__"] == {"request_id": "request-1"}


def test_id_of_the_request_is_empty_outside_of_requests():
    assert logs.request_id() == ""
    with logs.about(request_id="request-2", job=5):
        assert logs.request_id() == "request-2"
    assert logs.request_id() == ""
