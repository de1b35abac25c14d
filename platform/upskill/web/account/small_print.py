"""The pages that the footer names."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from upskill.web.templatetags.words import duration


class Cookie(NamedTuple):
    """A cookie that the service sets."""

    name: str
    purpose: Promise
    lasts: Promise


COOKIES = [
    Cookie(settings.SESSION_COOKIE_NAME, _("Keeps you signed in"), _("3 days, or until you sign out")),
    Cookie(settings.CSRF_COOKIE_NAME, _("Makes sure that a form was sent from our page"), _("1 year")),
    Cookie("messages", _("Carries a short message to the next page"), _("Until the message is shown")),
]


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, who sees it, and for how long."""
    context = {"contact": settings.CONTACT_EMAIL, "cookies": COOKIES, "crumbs": [], **_session()}
    return render(request, "account/privacy.html", context)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the service is, as far as anybody knows."""
    return render(
        request, "account/accessibility.html", {"contact": settings.CONTACT_EMAIL, "crumbs": [], **_session()}
    )


def _session() -> dict[str, str]:
    """How long somebody stays signed in, in words: without doing anything, and at most."""
    return {
        "idle": duration(settings.SESSION_IDLE_SECONDS // 60),
        "longest": duration(settings.SESSION_LONGEST_SECONDS // 60),
    }
