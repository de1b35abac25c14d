"""Serves the files of Python for the browser, as static files are: to anybody, before all that asks who is there.

Their addresses hold the id of the build, so that a browser keeps them for good.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.base import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware

from upskill.browser_runtime import places
from upskill.browser_runtime.places import PREFIX

BUILD = re.compile(r"/browser-runtime/([0-9a-f]{16})/")


class RuntimeFiles:
    """Answers for each build from the moment that it is whole: pages that are open may have begun with an older one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._files: dict[str, tuple[int, dict[str, Any]]] = {}  # and when each folder was changed last

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The file, packed where the browser takes that; anything else as if we were not here."""
        build = BUILD.match(request.path_info)
        found = build and self._served(build[0], folder=build[1]).get(request.path_info)
        return WhiteNoiseMiddleware.serve(found, request) if found else self.get_response(request)

    def _served(self, address: str, *, folder: str) -> dict[str, Any]:
        """The files of a build by their addresses: none before it is whole. Read anew where the folder has changed."""
        place = Path(settings.BROWSER_RUNTIME_DIR or "/nowhere", folder)
        try:
            changed = place.stat().st_mtime_ns
        except OSError:
            self._files.pop(address, None)
            return {}
        if address not in self._files or self._files[address][0] != changed:
            kept = WhiteNoise(None, place, address, allow_all_origins=False, immutable_file_test=lambda *_: True)
            self._files[address] = (changed, kept.files)
        return self._files[address][1]


def base_address() -> str:
    """Where the files of the build that this version wants are, with a slash at the end."""
    return f"{PREFIX}{places.folder().name}/"
