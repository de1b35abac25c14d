"""Bodies of requests, read within bounds: no nesting and no size can keep a process busy."""

import json
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MOST_BRACKETS = 500_000  # as many as a notebook may have; bounds the memory of what is read


class BoundedJSON(BaseParser):
    """JSON as the standard has it: UTF-8, finite numbers. How many bytes there may be is the view's to say."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """What the body says. Raises ParseError."""
        content: bytes = stream.read()
        if content.count(b"{") + content.count(b"[") > MOST_BRACKETS:
            raise ParseError(_("This JSON holds too many lists and objects."))
        try:
            return json.loads(content.decode("utf-8"), parse_constant=_no_number)
        except RecursionError as problem:
            raise ParseError(_("This JSON is nested too deeply.")) from problem
        except ValueError as problem:  # also for bytes that are no UTF-8
            raise ParseError(_("The body is not JSON in UTF-8.")) from problem


def _no_number(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")
