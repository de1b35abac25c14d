"""Our error pages in place of Django's, also where DEBUG is on: people try the demo with DEBUG on."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from . import errors


class OwnErrorPages:
    """Answers Http404 and PermissionDenied with our own pages before Django's technical ones can."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, unchanged."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Our page for a refusal that a view raised; None leaves everything else to Django."""
        if request.path.startswith("/api/"):
            return None  # the API answers in JSON
        if isinstance(exception, Http404):
            return errors.page_not_found(request, exception)
        if isinstance(exception, PermissionDenied):
            return errors.permission_denied(request, exception)
        return None
