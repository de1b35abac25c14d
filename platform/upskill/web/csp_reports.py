"""What browsers report when a page asks for something that our Content-Security-Policy forbids."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .allowed import allowed

log = logging.getLogger(__name__)
LARGEST_BYTES = 16 * 1024
MOST_READ = 10  # of the reports in one message
_WORD = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_PATH = re.compile(r"/[A-Za-z0-9._~/%-]{0,200}")


@login_not_required
@csrf_exempt  # browsers send it by themselves, without a token, and it changes nothing
@require_POST
@allowed("csp report", most=120, seconds=60)
def receive(request: HttpRequest) -> HttpResponse:
    """204. Logs which rule was broken, by what host and on which path, and nothing that the page holds."""
    reports = {"application/csp-report": _of_report_uri, "application/reports+json": _of_report_to}
    read = reports.get(request.content_type or "")
    if read is None:
        return HttpResponse(status=415)
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal() or int(announced) > LARGEST_BYTES:
        return HttpResponse(status=413)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for directive, blocked, page in list(read(sent))[:MOST_READ]:
        log.warning("Content-Security-Policy: %s refused %s on %s", _word(directive), _host(blocked), _path(page))
    return HttpResponse(status=204)


def _of_report_uri(sent: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The older way: one report, which names its parts with hyphens."""
    report = sent.get("csp-report") if isinstance(sent, dict) else None
    if isinstance(report, dict):
        directive = report.get("effective-directive") or report.get("violated-directive")
        yield directive, report.get("blocked-uri"), report.get("document-uri")


def _of_report_to(sent: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The newer way: a list of reports of several kinds."""
    for each in sent if isinstance(sent, list) else []:
        body = each.get("body") if isinstance(each, dict) and each.get("type") == "csp-violation" else None
        if isinstance(body, dict):
            yield body.get("effectiveDirective"), body.get("blockedURL"), body.get("documentURL")


def _word(text: Any) -> str:
    """The first word, if it is a plain one: a log line must not be written by others."""
    found = _WORD.match(text) if isinstance(text, str) else None
    return found[0] if found else "something"


def _host(address: Any) -> str:
    """The host of an address; a word such as `inline` stays as it is."""
    parts = _split(address)
    return _word(parts.netloc.rpartition("@")[2] or parts.scheme or parts.path)


def _path(address: Any) -> str:
    """The path of an address, without what follows it."""
    found = _PATH.match(_split(address).path)
    return found[0] if found else "an unknown page"


def _split(address: Any) -> Any:
    try:
        return urlsplit(address if isinstance(address, str) else "")
    except ValueError:
        return urlsplit("")
