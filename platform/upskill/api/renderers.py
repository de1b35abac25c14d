"""Answers that are files."""

from typing import Any

from rest_framework.renderers import BaseRenderer


class FileRenderer(BaseRenderer):
    """Bytes as they are. A problem is answered as JSON all the same."""

    media_type = "application/octet-stream"
    format = "file"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """The bytes themselves; nothing for an answer without content."""
        return bytes(data or b"")


class NotebookRenderer(FileRenderer):
    """A notebook, under its own name."""

    media_type = "application/x-ipynb+json"
    format = "notebook"
