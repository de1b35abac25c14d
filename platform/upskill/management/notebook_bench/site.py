"""The site set as in earnest, for a browser on this machine, with no proxy between: gunicorn loads `application`.

In earnest a proxy ends TLS and says so in a header. A browser trusts this machine's own address as it trusts https, so
that the page may share memory with its threads; only the addresses that the site gives must be the ones that it is
asked at. The one reader is signed in by BENCH_COOKIE.
"""

import os
from collections.abc import Iterable
from typing import Any

from upskill.wsgi import application as site


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """As WSGI has it."""
    host = environ["HTTP_HOST"]

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        own = [(name, value.replace(f"https://{host}", f"http://{host}")) for name, value in headers]
        return start_response(status, own, *more)

    told = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_COOKIE": os.environ["BENCH_COOKIE"]}
    return site(environ | told, start)
