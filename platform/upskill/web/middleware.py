"""What holds for every page: a bound on what is sent, no copies of what somebody sees, and our own error pages."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from upskill.core.allowances import UsedUp
from upskill.core.rules import NotAllowed, NotNow, NotThere

from . import errors

LARGEST_BODY_BYTES = 40 * 1024 * 1024  # four times the largest notebook; a little more gets a sentence beside its field


class BoundedBodies:
    """Refuses what is announced as too large before any of it is read: files would be kept on disk first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, or 413. No server lets more through than was announced."""
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


class SignInFirst(LoginRequiredMiddleware):
    """Leads whoever is not signed in to signing in, and from there to the page that they wanted."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """After a form was sent: to the page that it was on. Where it was sent to only takes what forms send."""
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        came_from, ours = request.headers.get("Referer", ""), request.build_absolute_uri("/")
        path = came_from.removeprefix(ours).partition("?")[0] if came_from.startswith(ours) else ""
        return redirect_to_login(f"/{path}", self.get_login_url(view_func))


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
        if isinstance(exception, NotNow):
            return errors.not_now(request, exception)
        if isinstance(exception, PermissionDenied | NotAllowed):
            return errors.permission_denied(request, exception)
        if isinstance(exception, UsedUp):
            return errors.too_often(request, exception)
        return None
