"""How the API describes itself (OpenAPI 3.1): what every operation says of its refusals, and who may ask."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from .problems import MEDIA_TYPE

ALWAYS = (401, 403, 406, 429)  # whatever is asked
WHEN = {
    400: "What was sent cannot be read, or some of it needs another value.",
    401: "Neither signed in nor a token that works.",
    403: "Not allowed, or the token lacks the scope.",
    404: "Nothing here, or nothing that you may see.",
    406: "The answer cannot be given in a format that you accept.",
    409: "Allowed, but not as things stand. The sentence says what would have to be different.",
    413: "Larger than the API reads.",
    415: "The body is in a format that the API does not read.",
    422: "Read, but it cannot be taken. The sentence says why.",
    429: "Asked too often. Wait for as many seconds as Retry-After says.",
}
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, response=[429], description="Seconds to wait.", required=True
)
CHALLENGE = OpenApiParameter(
    "WWW-Authenticate", str, OpenApiParameter.HEADER, response=[401], description="How to sign in.", required=True
)
LOCATION = OpenApiParameter(
    "Location", OpenApiTypes.URI_REF, OpenApiParameter.HEADER, response=[200, 201], description="Where it is now."
)


class ProblemSerializer(serializers.Serializer):
    """Problem details, as RFC 9457 has them."""

    type = serializers.CharField(help_text="about:blank, or what happened, for programs to tell apart.")
    title = serializers.CharField(help_text="What the status means.")
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField(help_text="What happened and what to do, for people.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a field, and no longer what is wrong with this one
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Field -> what is wrong with it. Inner fields are written with dots.",
    )
    request_id = serializers.CharField(required=False, help_text="Finds this request in the logs of the service.")


def operation(
    name: str,
    *,
    tag: str,
    summary: str,
    answers: dict[Any, Any],
    refuses: tuple[int, ...] = (),
    takes: Any = None,
    parameters: tuple[OpenApiParameter, ...] = (),
    examples: tuple[OpenApiExample, ...] = (),
) -> Callable[[Any], Any]:
    """Describes one method of a view: its answers, and the problems it may give beside those of every operation."""
    return extend_schema(
        operation_id=name,
        tags=[tag],
        summary=summary,
        request=takes,
        responses=answers | {(status, MEDIA_TYPE): _problem(status) for status in sorted({*ALWAYS, *refuses})},
        parameters=[*parameters, RETRY_AFTER, CHALLENGE],
        examples=list(examples),
    )


def _problem(status: int) -> OpenApiResponse:
    return OpenApiResponse(ProblemSerializer, description=WHEN[status])


def share_problems(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: each kind of problem is described once, and operations point at it."""
    shared: dict[str, Any] = {}
    for path in result["paths"].values():
        for described in path.values():
            for status, response in described["responses"].items():
                if MEDIA_TYPE in response.get("content", {}):
                    shared.setdefault(f"Problem{status}", response)
                    described["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
    result["components"]["responses"] = dict(sorted(shared.items()))
    return result


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The cookie of somebody who is signed in. Requests that write send the CSRF token as well."""

    target_class = "rest_framework.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """An API key in a cookie, as OpenAPI calls it."""
        words = "Signed in to the service. Requests that write also need the header X-CSRFToken."
        return {"type": "apiKey", "in": "cookie", "name": "__Host-sessionid", "description": words}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """An access token."""

    target_class = "upskill.api.authentication.AccessTokens"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """A bearer token."""
        words = "An access token that you made under “Your account”. It may do what its scopes name."
        return {"type": "http", "scheme": "bearer", "description": words}
