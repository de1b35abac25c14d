"""What anybody may ask: how the API is described, and addresses that lead nowhere."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from .base import View


class Schema(View):
    """The description of this API."""

    permission_classes = [AllowAny]
    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """OpenAPI as JSON, or as YAML for `Accept: application/yaml`. The code is public, and so is this."""
        return Response(_described())


class Nowhere(View):
    """Every other address."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """404, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise NotFound


@cache
def _described() -> dict[str, Any]:
    """Made once in a process: it takes a good part of a second, and does not change."""
    described: dict[str, Any] = SchemaGenerator().get_schema(  # type: ignore[no-untyped-call]
        request=None, public=True
    )
    return described
