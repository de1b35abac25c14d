"""Serves the files of Python for the browser, as static files are: to anybody, before all that asks who is there.

Their addresses hold the id of the build, so that a browser keeps them for good.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.base import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware

from upskill.browser_runtime import places

PREFIX = "/browser-runtime/"


class RuntimeFiles:
    """Answers for the build that this version of the site wants, from the moment that it is whole."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._files: dict[str, WhiteNoise] = {}  # one folder, read once: nothing changes in it

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The file, packed where the browser takes that; anything else as if we were not here."""
        if request.path_info.startswith(PREFIX) and places.state() == places.State.THERE:
            found = self._served(base_address()).files.get(request.path_info)
            if found:
                return WhiteNoiseMiddleware.serve(found, request)
        return self.get_response(request)

    def _served(self, address: str) -> WhiteNoise:
        if address not in self._files:
            self._files[address] = WhiteNoise(
                None, places.folder(), address, allow_all_origins=False, immutable_file_test=lambda *_: True
            )
        return self._files[address]


def base_address() -> str:
    """Where the files of the build that this version wants are, with a slash at the end."""
    return f"{PREFIX}{places.folder().name}/"
