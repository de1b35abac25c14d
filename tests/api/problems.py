"""How refusals of the API are compared with what they should be."""

from http import HTTPStatus
from typing import Any


def problem(status: int, detail: str, *, kind: str = "", **more: Any) -> tuple[int, str, dict[str, Any]]:
    """What `told` gives for this refusal."""
    said = {
        "type": f"urn:upskill:problem:{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return status, "application/problem+json", said | more


def told(answer: Any) -> tuple[int, str, dict[str, Any]]:
    """Status, type and content of an answer without the id of its request, which its header tells as well.

    A refusal is never kept by anybody.
    """
    assert "no-store" in answer["Cache-Control"]
    content = answer.json()
    if answer["Content-Type"] == "application/problem+json":
        assert content.pop("request_id") == answer["X-Request-ID"]
    return answer.status_code, answer["Content-Type"], content


NOT_FOUND = problem(404, "There is nothing here, or nothing that you may see.")
NOBODY = problem(401, "Send an access token (Authorization: Bearer TOKEN), or sign in first.")
NO_TOKEN = problem(401, "This access token does not work: it has ended, was revoked, or never was one.")
