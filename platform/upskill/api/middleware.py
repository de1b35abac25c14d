"""Problems that arise before or outside a view of the API, in the API's words."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from . import problems


class ProblemPages:
    """Below /api/ every refusal is problem details, also where Django or a middleware would draw a page.

    Stands outside of whatever may refuse. Nothing of a fault is told but the id of the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response; a page about an error is replaced."""
        response = self.get_response(request)
        if not request.path.startswith("/api/") or response.status_code < 400:
            return response
        if response.get("Content-Type") == problems.MEDIA_TYPE:
            return response
        answer = _problem(response.status_code)
        if "Retry-After" in response.headers:
            answer.headers["Retry-After"] = response.headers["Retry-After"]
        return answer


def _problem(status: int) -> HttpResponse:
    sentences = {
        400: _("This request cannot be read. Check its headers and its body."),
        404: _("There is nothing here, or nothing that you may see."),
        413: _("This is more than the API reads. Send less."),
        503: _("The service cannot reach its database. Send this again, with the same key, after Retry-After seconds."),
        500: _("Something went wrong on our side. Nothing is lost that was answered with success. Try again later."),
    }
    said = problems.body(status, sentence=sentences.get(status, _("This cannot be done.")))
    response = JsonResponse(said, status=status, content_type=problems.MEDIA_TYPE)
    add_never_cache_headers(response)
    return response
