"""JupyterLite's files, served as the site serves its own: packed, and kept by the browser for good where a name holds
a digest. gunicorn loads `application`; JUPYTERLITE names the folder.
"""

import os
from collections.abc import Iterable
from typing import Any

from whitenoise import WhiteNoise

CHANGING = (".html", ".json", ".ipynb", "/", "service-worker.js", "config-utils.js", "bootstrap.js")


def _nothing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b""]


application = WhiteNoise(
    _nothing,
    root=os.environ["JUPYTERLITE"],
    index_file=True,
    mimetypes={".ipynb": "application/json", ".whl": "application/zip"},
    immutable_file_test=lambda path, url: not url.endswith(CHANGING),
)
