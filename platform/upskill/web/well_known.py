"""Where somebody who has found a hole can tell us (RFC 9116)."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

GOOD_FOR = dt.timedelta(days=180)  # the standard asks for less than a year


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to write to. There is no such page where the service names nobody."""
    if not settings.CONTACT_EMAIL:
        raise Http404
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {(timezone.now() + GOOD_FOR).astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
    ]
    if settings.SERVICE_ADDRESS:
        lines.append(f"Canonical: {settings.SERVICE_ADDRESS}/.well-known/security.txt")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
