"""Long lists in pages: 25 rows unless asked for another number, at most 100."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

MOST = 100
LARGEST_PAGE = 2**31 - 1


class PageQuery(serializers.Serializer):
    """Which page, and how many rows are on one."""

    page = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=1, help_text=_("Number of the page."))
    page_size = serializers.IntegerField(min_value=1, max_value=MOST, default=25, help_text=_("Rows on a page."))


class Pages(PageNumberPagination):
    """`?page=2&page_size=50`. A number that makes no sense is refused, not guessed at; links name no host."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """The rows of the page. Raises ValidationError, and NotFound for a page behind the last."""
        asked = PageQuery(data=request.query_params.dict())  # a plain dict: what is empty is not left out
        asked.is_valid(raise_exception=True)
        self.request = request
        paginator = self.django_paginator_class(queryset, asked.validated_data["page_size"])
        number = asked.validated_data["page"]
        if number > paginator.num_pages:
            raise NotFound
        self.page = paginator.page(number)
        return list(self.page)

    def get_next_link(self) -> str | None:
        """Path and query of the next page."""
        return self._link(self.page.number + 1) if self.page and self.page.has_next() else None

    def get_previous_link(self) -> str | None:
        """Path and query of the page before."""
        return self._link(self.page.number - 1) if self.page and self.page.has_previous() else None

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """As PageQuery has them."""
        return [
            _parameter("page", most=LARGEST_PAGE, default=1, words="Number of the page."),
            _parameter("page_size", most=MOST, default=25, words="Rows on a page."),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope of every list in pages."""
        link = {"type": ["string", "null"], "format": "uri-reference"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "minimum": 0},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def _link(self, number: int) -> str:
        assert self.request is not None, "paginate_queryset comes first"  # noqa: S101
        return replace_query_param(self.request.get_full_path(), "page", number)


def _parameter(name: str, *, most: int, default: int, words: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}
