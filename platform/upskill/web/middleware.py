"""What holds for every page: a bound on what is sent, no copies of what somebody sees, and our own error pages."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from upskill.core.allowances import UsedUp
from upskill.core.rules import NotAllowed, NotNow, NotThere

from . import errors

LARGEST_BODY_BYTES = 16 * 1024 * 1024  # more than a notebook may have: a little too much gets a sentence at its field


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
    """Refuses what is announced as too large, or not announced, before any of it is read: files would be kept on disk
    first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, or 411 or 413. No server lets more through than was announced."""
        if "Transfer-Encoding" in request.headers:
            return errors.length_required(request)
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > LARGEST_BODY_BYTES:
            return errors.too_large(request)
        return self.get_response(request)


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
        """The response, unchanged."""
        return self.get_response(request)

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
