"""What the API answers when it refuses: problem details (RFC 9457), with a sentence that says what to do.

`type` is about:blank where the status says it all, or names what happened, for programs to tell apart.
"""

from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from upskill.core.allowances import UsedUp
from upskill.core.rules import NotAllowed, NotNow, NotThere
from upskill.learning.drafts import SavedElsewhere
from upskill.learning.rules import NotChecked, NotEnrolled
from upskill.learning.services import KeyReused
from upskill.marking.answers import AnswerRefused, OtherCells
from upskill.marking.jobs import TooManyOpen
from upskill.people.tokens import AccountClosed, TooManyTokens

MEDIA_TYPE = "application/problem+json"
OURS = "urn:upskill:problem:"
SECONDS_FOR_A_MARK = 10
# The first that fits counts: NotEnrolled and NotChecked are a NotNow, and that is a NotAllowed.
OUR_REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (NotEnrolled, 409, "not-enrolled"),
    (NotChecked, 409, "not-checked"),
    (SavedElsewhere, 409, "saved-elsewhere"),
    (OtherCells, 409, "other-cells"),
    (NotNow, 409, "not-now"),
    (NotAllowed, 403, ""),
    (TooManyTokens, 409, "too-many-tokens"),
    (KeyReused, 422, "key-reused"),
    (AnswerRefused, 422, "answer-refused"),
)


class Problem(exceptions.APIException):
    """A refusal with its status and what it is called."""

    kind = ""  # after OURS; empty: the status says it all

    def __init__(self, sentence: str, *, status: int = 400, kind: str = "", wait: int = 0) -> None:
        super().__init__(sentence)
        self.status_code, self.kind, self.wait = status, kind or self.kind, wait


class LacksScope(Problem):
    """The access token was not made for this."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, status=403, kind="lacks-scope")


def answer(problem: Exception, context: dict[str, Any]) -> Response | None:
    """The response to an exception of a view; None for a fault of ours, which becomes a 500."""
    said = _translated(problem)
    if said is None:
        return None
    set_rollback()
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    headers = {"WWW-Authenticate": said.auth_header} if hasattr(said, "auth_header") else {}
    if wait := getattr(said, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    return Response(_body(said), status=said.status_code, headers=headers, content_type=MEDIA_TYPE)


def body(status: int, *, sentence: str, kind: str = "", errors: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """A problem as JSON has it. The id of the request, where there is one, finds it in the logs."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    return {
        "type": f"{OURS}{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _writable(sentence),
        **({"errors": errors} if errors else {}),
        **({"request_id": str(request_id)} if request_id else {}),
    }


def _body(said: exceptions.APIException) -> dict[str, Any]:
    match said:
        case exceptions.ValidationError():
            sentence, errors = _("Some of what you sent needs another value. See “errors”."), by_field(said.detail)
            return body(said.status_code, sentence=sentence, kind="invalid", errors=errors)
        case exceptions.NotAuthenticated():
            sentence = _("Send an access token (Authorization: Bearer TOKEN), or sign in first.")
        case exceptions.Throttled():
            sentence = _("You asked too often. Wait for as many seconds as the header Retry-After says.")
        case exceptions.NotFound():
            sentence = _("There is nothing here, or nothing that you may see.")
        case _:
            sentence = str(said.detail)
    return body(said.status_code, sentence=sentence, kind=getattr(said, "kind", ""))


def _translated(problem: Exception) -> exceptions.APIException | None:
    """The same as something that can be answered; None for a fault of ours."""
    match problem:
        case exceptions.APIException():
            return problem
        case NotThere() | Http404():
            return exceptions.NotFound()
        case AccountClosed():
            return exceptions.NotAuthenticated()
        case AnswerRefused(code="too_large"):
            return Problem(str(problem), status=413, kind="answer-refused")
        case TooManyOpen():
            return Problem(str(problem), status=429, kind="too-many-open", wait=SECONDS_FOR_A_MARK)
        case UsedUp(seconds=seconds):
            return exceptions.Throttled(wait=seconds)
    for refusal, status, kind in OUR_REFUSALS:
        if isinstance(problem, refusal):
            return Problem(str(problem) or _("You may not do this."), status=status, kind=kind)
    return _unreadable(problem)


def _unreadable(problem: Exception) -> Problem | None:
    """What Django found wrong with a request while it read it."""
    match problem:
        case PermissionDenied():
            return Problem(_("You may not do this."), status=403)
        case RequestDataTooBig():
            return Problem(_("This is more than the API reads. Send less."), status=413)
        case SuspiciousOperation() | MultiPartParserError() | UnreadablePostError():
            return Problem(_("This request cannot be read. Check its headers and its body."), status=400)
    return None


def by_field(detail: Any, *, prefix: str = "") -> dict[str, list[str]]:
    """Field -> sentences. Inner fields are written with dots: scopes.0. What concerns no field has the name body."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            name = "body" if name == "non_field_errors" else str(name)
            found |= by_field(inner, prefix=f"{prefix}.{name}" if prefix else name)
        return found
    if isinstance(detail, list) and any(isinstance(each, dict | list) for each in detail):
        return by_field({str(at): each for at, each in enumerate(detail) if each}, prefix=prefix)
    sentences = detail if isinstance(detail, list) else [detail]
    return {_writable(prefix or "body"): [_writable(str(sentence)) for sentence in sentences]}


def _writable(text: str) -> str:
    """The text without halves of characters, which a request may hold but no answer."""
    return text.encode("utf-8", "replace").decode()
