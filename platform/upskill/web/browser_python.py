"""What an exercise that runs in its page needs besides the page: headers, and the script of the thread that runs it.

Learners' code runs in that thread. Its Content-Security-Policy comes with the script and lets it load the files of
Python, nothing else: no page, no API, no other host.
"""

import json
from functools import lru_cache
from hashlib import sha256
from importlib import resources

from csp.constants import NONCE
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from upskill import browser_runtime
from upskill.web.runtime_files import PREFIX

POLICY = {"style-src": [NONCE], "img-src": ["data:"], "worker-src": ["'self'"]}  # added to every page's
FOR_GOOD = "public, max-age=31536000, immutable"


def allow(response: HttpResponse) -> HttpResponse:
    """The response of a page in which exercises run."""
    response._csp_update = POLICY  # type: ignore[attr-defined]  # as django-csp's decorator, which fits views alone
    return isolate(response)


def isolate(response: HttpResponse) -> HttpResponse:
    """The response; its page and its threads may share memory, so that a cell is stopped where it stands."""
    response["Cross-Origin-Opener-Policy"] = "same-origin"
    response["Cross-Origin-Embedder-Policy"] = "require-corp"
    return response


def worker_address() -> str:
    """Where the script of this version is."""
    return f"{reverse('browser_python')}?v={sha256(_script()).hexdigest()[:16]}"


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script, the same for everybody, and kept for good: its address names the version."""
    response = isolate(HttpResponse(_script(), content_type="text/javascript; charset=utf-8"))
    response["Cache-Control"] = FOR_GOOD
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    python = request.build_absolute_uri(PREFIX)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {python} 'wasm-unsafe-eval'; connect-src {python}; worker-src 'none'"
    )
    return response


@lru_cache
def _script() -> bytes:
    files = resources.files(browser_runtime)
    kernel = json.dumps(files.joinpath("kernel.py").read_text(encoding="utf-8"))
    return f"const KERNEL = {kernel};\n{files.joinpath('worker.js').read_text(encoding='utf-8')}".encode()
