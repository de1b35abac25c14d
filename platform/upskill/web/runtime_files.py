"""Serves the files of Python for the browser, as static files are: to anybody, before all that asks who is there.

Their addresses hold the id of the build, so that a browser keeps them for good.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.base import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware

from upskill.browser_runtime import places

PREFIX = "/browser-runtime/"
BUILD = re.compile(r"/browser-runtime/([0-9a-f]{16})/")


class RuntimeFiles:
    """Answers for each build from the moment that it is whole: pages that are open may have begun with an older one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._files: dict[str, dict[str, Any]] = {}  # each folder is read once: nothing changes in it

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The file, packed where the browser takes that; anything else as if we were not here."""
        build = BUILD.match(request.path_info)
        found = build and self._served(build[0], folder=build[1]).get(request.path_info)
        return WhiteNoiseMiddleware.serve(found, request) if found else self.get_response(request)

    def _served(self, address: str, *, folder: str) -> dict[str, Any]:
        """The files of a build by their addresses: none before it is whole."""
        if address not in self._files:
            place = settings.BROWSER_RUNTIME_DIR and settings.BROWSER_RUNTIME_DIR / folder
            if not place or not places.is_there(place):
                return {}
            kept = WhiteNoise(None, place, address, allow_all_origins=False, immutable_file_test=lambda *_: True)
            self._files[address] = kept.files
        return self._files[address]


def base_address() -> str:
    """Where the files of the build that this version wants are, with a slash at the end."""
    return f"{PREFIX}{places.folder().name}/"
