"""Signing in by an e-mailed link, and signing out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upskill.celery import announce_sign_in
from upskill.core.places import place
from upskill.people import signin
from upskill.web import allowed

from . import visitors
from .demo import is_open
from .forms import SignInForm

SIGNED_OUT = "signed-out"  # in the address of the page that comes after signing out


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form that asks for a link. Its answer is the same for known and unknown addresses."""
    wanted = visitors.own_path(request.POST.get("next") or request.GET.get("next") or "")
    if request.user.is_authenticated:
        return redirect(wanted or "/")
    form = SignInForm(request.POST if request.method == "POST" else None, initial={"next": wanted})
    status = 200
    if request.method == "POST":
        status = _ask(request, form, next_path=wanted)
        if status == 200:
            return redirect("account:link_sent")
    context = {"form": form, "demo_is_open": is_open(request), "is_signed_out": SIGNED_OUT in request.GET}
    page = render(request, "account/sign_in.html", context, status=status)
    return allowed.refused(page, seconds=signin.QUARTER_HOUR.seconds) if status == 429 else page


@login_not_required
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """Where to look now. Tells nothing about any account."""
    printed = settings.DEBUG and settings.EMAIL_BACKEND.endswith("console.EmailBackend")
    context = {"mail_is_printed": printed, "minutes": settings.SIGNIN_LINK_SECONDS // 60, "crumbs": []}
    return render(request, "account/link_sent.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """The button that signs in, and what it does. Opening the page uses nothing up: mail scanners open links."""
    try:
        if request.method == "POST":
            response = _enter(request, token)
        else:
            entry = signin.entry(token, now=timezone.now())
            response = render(request, "account/use_link.html", {"person": entry.person})
    except signin.LinkNotGood:
        response = render(request, "errors/410.html", status=410)
    add_never_cache_headers(response)
    # The origin alone: no page learns the token from where its visitor came. With no-referrer, browsers would send the
    # form with "Origin: null", which the CSRF check refuses.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session. Safe to repeat."""
    logout(request)
    messages.success(request, _("You have signed out"))
    answer = redirect(f"{reverse('account:sign_in')}?{SIGNED_OUT}")
    # What a browser kept of them goes, in every tab: parts of exercises that could not be saved yet, and choices. Not
    # "cache": pages of people who are signed in are never stored, and it would throw Python for the browser away.
    answer["Clear-Site-Data"] = '"storage"'
    return answer


def _ask(request: HttpRequest, form: SignInForm, *, next_path: str) -> int:
    """Ask for a link; the status of the answer, with each refusal beside the field."""
    if not form.is_valid():
        return 422
    try:
        signin.ask_for_link(
            form.cleaned_data["email"],
            link_prefix=visitors.link_prefix(request),
            next_path=next_path,
            place=place(request),
            now=timezone.now(),
            announce=announce_sign_in,
        )
    except (signin.NotAnAddress, signin.DomainNotAllowed) as refusal:
        form.add_error("email", str(refusal))
        return 422
    except signin.TooManyLinks as refusal:
        form.add_error("email", str(refusal))
        return 429
    return 200


def _enter(request: HttpRequest, token: str) -> HttpResponse:
    entry = signin.use_link(token, now=timezone.now())
    login(request, entry.person)  # gives the session a new key, so nobody can have prepared it
    return redirect(visitors.own_path(entry.next_path) or "/")
