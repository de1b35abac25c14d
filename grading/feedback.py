"""What a cell printed, as HTML that is safe to show: drawn by us from typed outputs, never by the notebook's own page.

Text is escaped, HTML and Markdown pass an allow-list, pictures are checked byte for byte as far as their headers, and
everything else (SVG, scripts, widgets) is left out.
"""

import base64
import binascii
import json
import struct
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt

MOST_CHARACTERS = 200_000  # of one output
MOST_PIXELS = 25_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_TAGS = {
    *("a", "b", "blockquote", "br", "caption", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol"),
    *("p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
_markdown = MarkdownIt("commonmark", {"html": False})


def render(outputs: str) -> str:
    """HTML for nbformat's outputs, given as JSON text that a learner's process wrote. Whatever it holds, the HTML has
    nothing active in it; what is no list of outputs gives an empty text.
    """
    try:
        listed = json.loads(outputs)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(listed, list):
        return ""
    return "\n".join(drawn for output in listed if isinstance(output, dict) and (drawn := _drawn(output)))


def _drawn(output: dict[str, Any]) -> str:
    kind = output.get("output_type")
    if kind == "stream":
        return _text(output.get("text"))
    if kind == "error":
        return _text(f"{output.get('ename')}: {output.get('evalue')}")
    data = output.get("data")
    if kind in ("display_data", "execute_result") and isinstance(data, dict):
        return _best(data)
    return ""


def _best(data: dict[str, Any]) -> str:
    """The richest form that is safe."""
    if drawn := _picture(data.get("image/png")):
        return drawn
    if isinstance(html := _joined(data.get("text/html")), str):
        return _clean(html)
    if isinstance(markdown := _joined(data.get("text/markdown")), str):
        return _clean(_markdown.render(markdown))
    return _text(data.get("text/plain"))


def _joined(text: object) -> str | None:
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    return text[:MOST_CHARACTERS] if isinstance(text, str) else None


def _text(text: object) -> str:
    words = _joined(text)
    return f"<pre>{escape(words)}</pre>" if words else ""


def _clean(html: str) -> str:
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener nofollow"
    )


def _picture(text: object) -> str:
    """A PNG of bearable size, as an image; empty for anything that is none."""
    words = _joined_picture(text)
    try:
        data = base64.b64decode(words.replace("\n", ""), validate=True)
        width, height = struct.unpack(">II", data[16:24])
    except (binascii.Error, ValueError, struct.error):
        return ""
    if not data.startswith(_PNG) or data[12:16] != b"IHDR" or not 0 < width * height <= MOST_PIXELS:
        return ""
    encoded = base64.b64encode(data).decode("ascii")
    return (
        f'<img src="data:image/png;base64,{encoded}" width="{width}" height="{height}" alt="Picture made by this cell">'
    )


def _joined_picture(text: object) -> str:
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        return "".join(text)
    return text if isinstance(text, str) else ""
