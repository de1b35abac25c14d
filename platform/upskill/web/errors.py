"""Our own error pages, in GOV.UK's words: what happened, and what to do next."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

from upskill.core import logs
from upskill.core.allowances import UsedUp
from upskill.core.rules import NotAllowed, NotNow
from upskill.reports.rules import NotALineManager

from . import allowed

RETRY_SECONDS = 10  # a database that was restarted answers again by then


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    return render(request, "errors/400.html", status=400)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed. Says the reason that a rule gave, and whom to ask."""
    context = {"reason": _said(exception), "by_staff_records": isinstance(exception, NotALineManager)}
    return render(request, "errors/403.html", context, status=403)


@login_not_required
def not_like_this(request: HttpRequest, *, allow: str) -> HttpResponse:
    """405: an address that only takes what a form sends was opened by itself, or the other way round."""
    answer = render(request, "errors/405.html", status=405)
    answer["Allow"] = allow
    return answer


@login_not_required
def not_now(request: HttpRequest, exception: NotNow) -> HttpResponse:
    """409: allowed, but not as things stand."""
    return render(request, "errors/409.html", {"reason": _said(exception)}, status=409)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long, or did not come from our page."""
    return render(request, "errors/403_csrf.html", status=403)


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none that this person may know of."""
    return render(request, "errors/404.html", status=404)


@login_not_required
def length_required(request: HttpRequest) -> HttpResponse:
    """411: sent in pieces, without saying how much. Browsers never do; Django would read it as nothing."""
    return HttpResponse(render_to_string("errors/400.html"), status=411)


@login_not_required
def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than anybody needs to send. Drawn without the request, which has no person yet."""
    return HttpResponse(render_to_string("errors/413.html"), status=413)


@login_not_required
def too_often(request: HttpRequest, exception: UsedUp) -> HttpResponse:
    """429: more often than anybody needs to. Says how long to wait, to people and to programs."""
    page = render(request, "errors/429.html", {"wait": allowed.wait(exception)})
    return allowed.refused(page, seconds=exception.seconds)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Drawn without the request: what failed may be the database that a page's header asks."""
    return HttpResponseServerError(render_to_string("errors/500.html", {"request_id": logs.request_id()}))


@login_not_required
def database_away(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer. Drawn without the request, as a 500 is."""
    page = HttpResponse(render_to_string("errors/503.html"), status=503)
    page["Retry-After"] = str(RETRY_SECONDS)
    return page


def _said(exception: Exception | None) -> str:
    """The sentence of one of our own rules; what other code says of itself is not for a page."""
    return str(exception) if isinstance(exception, NotAllowed) else ""
