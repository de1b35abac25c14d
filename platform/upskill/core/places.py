"""Where a request comes from, as far as it can be believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def place(request: HttpRequest) -> str:
    """The network that the request comes from, for counting: an IPv4 address, or the first half of an IPv6 address.

    Behind our proxy it is the last entry of X-Forwarded-For, the only one that the proxy wrote; visitors can write the
    others. Anything unreadable counts as one place.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped:
            return str(read.ipv4_mapped)
        return str(ipaddress.ip_network((read, 64), strict=False))
    return str(read)
