"""Keeping keys and people out of logs and error pages: whoever reads one must not be able to sign in as somebody else,
and learns nothing about anybody's work.
"""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.views.debug import SafeExceptionReporterFilter

SIGN_IN_TOKEN = re.compile(r"(/(?:sign-in|weekly-mail)/)[A-Za-z0-9_:-]{20,}")  # and that of a link that stops mail
CERTIFICATE = re.compile(r"(/certificates/)[0-9a-f-]{36}")  # whoever has the address reads a name
ACCESS_TOKEN = re.compile(r"upskill_[0-9a-f]{64}")  # where a program puts its token into an address
PRINTED_MAIL = "celery.redirected"  # a worker without a mail server prints its mail: there the link must be readable
# What other loggers say of a request or a failure, without the parts that can quote somebody.
_OTHERS = {
    "gunicorn.access": "%(m)s %(U)s %(s)s",  # no address, no query, no page that they came from
    "celery.app.trace": "Task %(name)s[%(id)s] %(description)s",  # no words of the exception: `told` has its kind
}
# Failures of machines: their words name hosts, files and code, never what somebody wrote.
_OF_MACHINES = (ImproperlyConfigured, ImportError, AttributeError, NameError, MemoryError, OperationalError)
_PACKAGES_OF_MACHINES = {"redis", "kombu", "amqp", "psycopg_pool"}


class ForOperators(Exception):
    """An exception of ours whose message is for whoever runs the service. It quotes nobody, so logs may hold it."""


class WithoutTokens(logging.Filter):
    """A log filter that blanks the token of every sign-in link and access token, and what can quote somebody."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: the line is kept, without its token."""
        if record.name in _OTHERS and isinstance(record.args, Mapping):
            record.msg = _OTHERS[record.name]
        if isinstance(record.msg, dict):  # an event of structlog: its formatter blanks the whole line
            return True
        message = record.getMessage()
        without = ACCESS_TOKEN.sub("[token]", message) if record.name == PRINTED_MAIL else without_tokens(message)
        if without != message:
            record.msg, record.args = without, ()
        return True


class NoSettings(SafeExceptionReporterFilter):
    """Django's page about a fault, which DEBUG shows to whoever asks, without settings or environment."""

    def get_safe_settings(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """Nothing: under Django's own server it would be the whole environment."""
        return {}


def without_tokens(text: str) -> str:
    """The text with the token of every sign-in link, every access token and every address of a certificate blanked."""
    return ACCESS_TOKEN.sub("[token]", CERTIFICATE.sub(r"\1[id]", SIGN_IN_TOKEN.sub(r"\1[token]", text)))


def told(problem: BaseException) -> str:
    """An exception for a log: where it was raised and what kind it is, after the one that caused it.

    Its words only where they cannot hold what somebody wrote: PostgreSQL quotes whole rows, json and int() their input.
    """
    parts = []
    for each in _causes_first(problem):
        kind = f"{type(each).__module__}.{type(each).__qualname__}".removeprefix("builtins.")
        words = _words(each)
        parts.append("".join(traceback.format_tb(each.__traceback__)) + (f"{kind}: {words}" if words else kind))
    return "\n".join(parts)


def _causes_first(problem: BaseException) -> Iterator[BaseException]:
    chain = [problem]
    while (cause := _cause(chain[-1])) and cause not in chain:
        chain.append(cause)
    return reversed(chain)


def _cause(problem: BaseException) -> BaseException | None:
    return problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)


def _words(problem: BaseException) -> str:
    """The message of an exception that cannot quote anybody; of a broken rule of the database its name."""
    package = type(problem).__module__.partition(".")[0]
    of_system = isinstance(problem, OSError) and package == "builtins"  # smtplib's name who the mail was for
    if of_system or isinstance(problem, (*_OF_MACHINES, ForOperators)) or package in _PACKAGES_OF_MACHINES:
        return str(problem).strip()
    diagnosis = getattr(problem, "diag", None)
    return " ".join(filter(None, [diagnosis.table_name, diagnosis.constraint_name])) if diagnosis else ""
