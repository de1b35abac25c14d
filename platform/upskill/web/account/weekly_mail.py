"""Switching the weekly mail on and off: on the account page, or by the link in each such mail, without signing in: on
its page, or with one click in a mail program (RFC 8058).
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from upskill.people import weekly_mail
from upskill.web.allowed import HOUR, allowed
from upskill.web.person import signed_in

MOST_CHANGES = 60  # in an hour by one person


@require_POST
@allowed("switch weekly mail", most=MOST_CHANGES, seconds=HOUR)
def choose(request: HttpRequest) -> HttpResponse:
    """On or off, as the button says. Safe to repeat."""
    person, now = signed_in(request), timezone.now()
    if request.POST.get("wanted") == "yes":
        weekly_mail.switch_on(person, now=now)
        messages.success(request, _("The weekly mail is switched on. The first one comes in a week, if there is news."))
    else:
        weekly_mail.switch_off(person, by=person, now=now)
        messages.success(request, _("The weekly mail is switched off."))
    return redirect("account:account")


@login_not_required
@csrf_exempt  # mail programs send it by themselves; the key in the address is what it takes, and can do nothing else
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The button that switches the mail off, and what it does. Opening the page changes nothing: scanners open links.

    Names nobody: mail is passed on. Reads nothing that is sent, and leads nowhere else, as RFC 8058 asks.
    """
    try:
        person = weekly_mail.person_of(token)
    except weekly_mail.TokenNotGood as refusal:
        raise Http404 from refusal
    if request.method == "POST":
        weekly_mail.switch_off(person, by=None, now=timezone.now())
    context = {"is_stopped": request.method == "POST", "crumbs": []}
    page = render(request, "account/stop_weekly_mail.html", context)
    add_never_cache_headers(page)
    page.headers["Referrer-Policy"] = "strict-origin"  # no page learns the key from where its visitor came
    return page
