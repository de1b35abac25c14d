"""How long somebody stays signed in, told in words when it is over, with the way back to where they were."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from upskill.people import sessions
from upskill.people.sessions import Ended

from .account.visitors import own_path
from .allowed import READING
from .templatetags.words import duration


def begin(sender: object, *, request: HttpRequest, **more: Any) -> None:
    """Somebody has signed in (Django's signal)."""
    sessions.begin(request.session, now=timezone.now())


class SessionLimits:
    """Ends a session that was idle for too long, or has lasted too long, and says so on the page that comes next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, to nobody where the session is over."""
        if SESSION_KEY in request.session:
            now = timezone.now()
            if ended := sessions.why_ended(request.session, now=now):
                _end(request, why=ended)
            elif _is_act(request):
                sessions.note_act(request.session, now=now)
        return self.get_response(request)


class SignInFirst(LoginRequiredMiddleware):
    """Leads visitors to signing in, and from there back: to the page, or to the one whose form they sent."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        """To the sign-in page. What was sent is lost, and the page says so."""
        if request.method in READING:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL, "next")
        messages.warning(
            request, _("What you sent was not saved, because you are not signed in. Sign in and send it again.")
        )
        return redirect_to_login(_page_of_form(request), settings.LOGIN_URL, "next")


def _is_act(request: HttpRequest) -> bool:
    """Whether a person did this. What a page's script reads by itself is none, nor is what a browser reports; what a
    script changes is one: somebody typed or pressed a button.
    """
    asked_for = request.headers.get("Sec-Fetch-Dest")
    return asked_for != "report" and (asked_for != "empty" or request.method not in READING)


def _end(request: HttpRequest, *, why: Ended) -> None:
    request.session.flush()
    request.user = AnonymousUser()
    if request.path.startswith("/api/"):
        return  # the API says it in its own way
    seconds = settings.SESSION_IDLE_SECONDS if why == Ended.IDLE else settings.SESSION_LONGEST_SECONDS
    said = {
        Ended.IDLE: _("You were signed out because you did nothing here for %(time)s."),
        Ended.LONG: _("You were signed out because you signed in more than %(time)s ago."),
    }[why] % {"time": duration(-(-seconds // 60))}
    messages.info(request, f"{said} {_('Sign in to go on where you were.')}")


def _page_of_form(request: HttpRequest) -> str:
    """The page of ours on which the form stood, "/" where the browser does not say."""
    came_from, ours = request.headers.get("Referer", ""), request.build_absolute_uri("/")
    return own_path(f"/{came_from.removeprefix(ours)}") or "/" if came_from.startswith(ours) else "/"
