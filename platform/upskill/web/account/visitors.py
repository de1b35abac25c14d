"""What a request says about the visitor, read with care: everything here may be made up by somebody."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_on_this_machine(request: HttpRequest) -> bool:
    """True for a browser on the machine itself; never for a request that any proxy passed on."""
    if any(name in request.headers for name in ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def own_path(path: str) -> str:
    """`path` if it is a page of ours that signing in may lead to, else "". Never another site or signing in again."""
    is_path = path.startswith("/") and not path.startswith(("//", "/\\"))
    leads_away = not is_path or not url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    if leads_away or any(ord(character) < 32 for character in path):
        return ""
    loops = (reverse("account:sign_in"), reverse("account:sign_out"), reverse("account:demo"))
    return "" if path.startswith(loops) else path


def site_address(request: HttpRequest) -> str:
    """Where the service is, without a slash. The request's own host will do for the loopback alone: anybody may write
    it.
    """
    return settings.SERVICE_ADDRESS or f"{request.scheme}://{request.get_host()}"


def link_prefix(request: HttpRequest) -> str:
    """What a sign-in link begins with."""
    return f"{site_address(request)}{reverse('account:sign_in')}"
