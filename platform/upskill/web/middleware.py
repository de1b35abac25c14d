"""What holds for every page: an id and a line in the log, a bound on what is sent, no copies of what somebody sees, and
our own error pages.
"""

import logging
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.cache import add_never_cache_headers

from upskill.core import logs
from upskill.core.allowances import UsedUp
from upskill.core.rules import NotAllowed, NotNow, NotThere
from upskill.people.models import User

from . import errors

log = logs.get_logger(__name__)
_FAULT = "upskill_fault"  # of a request: the exception that ended it
LARGEST_BODY_BYTES = 16 * 1024 * 1024  # more than a notebook may have: a little too much gets a sentence at its field
LARGEST_HEARD_OUT_BYTES = 4 * LARGEST_BODY_BYTES  # beyond: refused while it is sent, which a browser shows as no answer
PIECE_BYTES = 64 * 1024


# What no page of ours uses, so that nothing that slips into one can use it.
UNUSED = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get",
    "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip
SAFE_HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",  # no other site can show or measure what is ours
    "Reporting-Endpoints": 'csp="/csp-report/"',
}


class RequestLog:
    """Gives each request an id, which its answer, its events and the tasks that it causes carry, and logs the answer:
    method, path, status and milliseconds. No address, query or browser: they say who somebody is, or what they seek.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, with its `X-Request-ID`: the proxy's, if it gave a safe one."""
        begun = time.perf_counter()
        logs.clear_contextvars()
        request_id = logs.id_for_request(request.headers.get("X-Request-ID", ""))
        logs.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        took = round((time.perf_counter() - begun) * 1000)
        log.log(_importance(request, response), "answered", **_line(request), status=response.status_code, ms=took)
        return response


class PersonInLogs:
    """Events of a request carry the public id of the person who is signed in, and nothing else about them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, unchanged."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Costs what asking for the person costs, which every page does anyway; nothing without a session."""
        if isinstance(request.user, User):
            logs.bind_contextvars(user=str(request.user.public_id))


class SafeHeaders:
    """Headers that every answer has, files of static/ included, beside those that Django and django-csp add."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response with the headers."""
        response = self.get_response(request)
        for name, value in SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class BoundedBodies:
    """Refuses what is announced as too large, or not announced, before any of it is kept: files would be on disk first.

    A browser that is still sending sees a broken connection where the answer should be, so what is not absurdly large
    is read, and forgotten, before it is refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, or 411 or 413. No server lets more through than was announced."""
        if "Transfer-Encoding" in request.headers:
            return errors.length_required(request)
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > LARGEST_BODY_BYTES:
            if int(announced) <= LARGEST_HEARD_OUT_BYTES:
                _hear_out(request)
            return errors.too_large(request)
        return self.get_response(request)


def _hear_out(request: HttpRequest) -> None:
    """Everything that is sent has been read and nothing kept. Whoever hangs up is no fault of ours."""
    with suppress(UnreadablePostError):
        while request.read(PIECE_BYTES):
            pass


class DatabaseAway:
    """While the database does not answer, a page that says so and when to try again, in place of a fault.

    Stands outside of all that asks the database. What the visitor sent is not kept: the page says to send it again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        got_request_exception.connect(_remember)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response; 503 where it is a fault that the database's absence caused."""
        response = self.get_response(request)
        if response.status_code == 500 and isinstance(
            getattr(request, _FAULT, None), OperationalError | InterfaceError
        ):
            return errors.database_away(request)
        return response


def _remember(request: HttpRequest | None = None, **_: object) -> None:
    """Called where Django turns an exception into a response, in whichever middleware or view it was raised."""
    if request is not None:
        setattr(request, _FAULT, sys.exc_info()[1])


class PrivatePages:
    """Nobody keeps a copy of what a signed-in person sees: after signing out, the next one at this computer goes back
    to nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, with no-store for people who are signed in."""
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class OwnErrorPages:
    """Answers Http404, PermissionDenied and what a rule refuses with our own pages, before Django's technical ones can:
    people try the demo with DEBUG on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response; a page where a view only says 405 to somebody who reloads what was sent from a form."""
        response = self.get_response(request)
        if response.status_code == 405 and not request.path.startswith("/api/"):
            return errors.not_like_this(request, allow=response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Our page for a refusal that a view raised; None leaves everything else to Django."""
        if request.path.startswith("/api/"):
            return None  # the API answers in JSON
        if isinstance(exception, Http404 | NotThere):
            return errors.page_not_found(request, exception)
        if isinstance(exception, UsedUp):
            return errors.too_often(request, exception)
        if isinstance(exception, NotNow):
            return errors.not_now(request, exception)
        if isinstance(exception, PermissionDenied | NotAllowed):
            return errors.permission_denied(request, exception)
        return None


def _line(request: HttpRequest) -> dict[str, str]:
    return {"method": request.method or "", "path": request.path}


def _importance(request: HttpRequest, response: HttpResponse) -> int:
    """A fault of ours is an error. Styles, scripts and programs that ask every few seconds are not worth a line."""
    if response.status_code >= 500 and request.path != "/readyz":
        return logging.ERROR
    is_quiet = request.path in {"/healthz", "/readyz", "/metrics"} or request.path.startswith(settings.STATIC_URL)
    return logging.DEBUG if is_quiet else logging.INFO
