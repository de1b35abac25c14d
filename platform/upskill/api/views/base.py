"""What every view of the API is."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from upskill.api.pagination import Pages
from upskill.api.permissions import HasScope
from upskill.api.problems import Problem
from upskill.api.throttling import Allowances
from upskill.people.models import TokenScope, User


class View(APIView):
    """For people who are signed in, and for their tokens; anybody else is refused before it is asked."""

    permission_classes = [HasScope]
    throttle_classes = [Allowances]
    reads: ClassVar[TokenScope | None] = TokenScope.READ  # what a token needs to read; None: no token may
    writes: ClassVar[TokenScope | None] = TokenScope.LEARN
    most_bytes: ClassVar[int] = 64 * 1024  # of a body
    writes_a_minute: ClassVar[str] = "API_WRITES_PER_MINUTE"  # a setting; who has the same is counted together

    @property
    def person(self) -> User:
        """Who is asking."""
        assert isinstance(self.request.user, User), "HasScope lets nobody else pass"  # noqa: S101
        return self.request.user

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As in REST framework, but a body too large is not read, and whoever is refused has asked once as well."""
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        request.version, request.versioning_scheme = self.determine_version(request, *args, **kwargs)
        if _announced(request) > self.most_bytes:
            raise Problem(_("This is more than the API reads here. Send less."), status=413)
        try:
            self.perform_authentication(request)
        finally:
            self.check_throttles(request)
        self.check_permissions(request)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Nothing but the header Allow."""
        return Response(status=204)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody keeps a copy, and no cache mixes people up."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        add_never_cache_headers(finished)
        patch_vary_headers(finished, ["Authorization", "Cookie"])
        return finished


class ListView(View):
    """A view whose list comes in pages."""

    pagination_class = Pages

    def in_pages(self, rows: Any, *, row_of: Callable[[Any], dict[str, Any]], serializer: type[Serializer]) -> Response:
        """The page that was asked for. `row_of` says what is told of each of `rows`; `serializer` gives it its form."""
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, self.request, view=self)
        return pages.get_paginated_response(serializer([row_of(each) for each in page], many=True).data)


def _announced(request: Request) -> int:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() else 0
