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
from upskill.browser_runtime.places import PREFIX

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


def worker_address(request: HttpRequest) -> str:
    """Where the script of this version is. A version is the script and its policy: browsers keep both together."""
    return f"{reverse('browser_python')}?v={_version(request)}"


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script, the same for everybody. It is kept for good by whoever names its version, else not at all."""
    response = isolate(HttpResponse(_script(), content_type="text/javascript; charset=utf-8"))
    response["Cache-Control"] = FOR_GOOD if request.GET.get("v") == _version(request) else "no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = _policy(request)
    return response


def _policy(request: HttpRequest) -> str:
    python = request.build_absolute_uri(PREFIX)
    return f"default-src 'none'; script-src {python} 'wasm-unsafe-eval'; connect-src {python}; worker-src 'none'"


def _version(request: HttpRequest) -> str:
    return sha256(_script() + _policy(request).encode()).hexdigest()[:16]


@lru_cache
def _script() -> bytes:
    files = resources.files(browser_runtime)
    ours = {"PRECOMPILED": "precompiled.py", "ALONE": "ipython_alone.py", "KERNEL": "kernel.py"}
    texts = {name: files.joinpath(file).read_text(encoding="utf-8") for name, file in ours.items()}
    constants = "".join(f"const {name} = {json.dumps(text)};\n" for name, text in texts.items())
    return f"{constants}{files.joinpath('worker.js').read_text(encoding='utf-8')}".encode()
