"""The pages for programs come first: they need no session, and must answer when what other pages need is down."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve

URLCONF = "upskill.web.service.urls"
LONGEST = len("/healthz")


class ServicePages:
    """Answers the pages of `urls` to whatever host name, over http as well, and leaves every other one alone.

    Programs ask the process itself, by its address and without TLS. These pages hold nothing about a person, make no
    link and set no cookie, so a wrong name or a missing lock does no harm; /metrics asks for a token besides.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response of the page, which nobody keeps a copy of."""
        if len(request.path_info) > LONGEST:
            return self.get_response(request)
        try:
            response: HttpResponse = resolve(request.path_info, urlconf=URLCONF).func(request)
        except Http404:  # no page of ours, or not for this visitor: the site says so in its own words
            return self.get_response(request)
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
