"""What the API answers when it refuses."""

from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from upskill.core.rules import NotAllowed, NotNow, NotThere


class Conflict(exceptions.APIException):
    """409: allowed, but not as things stand."""

    status_code = 409


def answer(problem: Exception, context: dict[str, Any]) -> Response | None:
    """The response to an exception of a view; None for a fault of ours, which becomes a 500."""
    return exception_handler(_translated(problem), context)


def _translated(problem: Exception) -> Exception:
    match problem:
        case NotThere():
            return exceptions.NotFound()
        case NotNow():
            return Conflict(str(problem))
        case NotAllowed():
            return exceptions.PermissionDenied(str(problem))
    return problem
