"""What a learner's code shows: does it betray an escape, a secret, or content that would act in somebody's browser?"""

import json
import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Any

_TAGS = frozenset(
    {
        *("script", "iframe", "frame", "frameset", "object", "embed", "applet", "noscript"),
        *("base", "meta", "link", "form", "svg", "math", "style"),
    }
)
_URLS = frozenset({"href", "src", "action", "formaction", "xlink:href", "data", "poster", "background"})
_SAFE_IMAGE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*\Z")
_SAFE_URL = re.compile(r"(https?://|mailto:|#|/(?!/))", re.IGNORECASE)
_LOADING = re.compile(r"url\(|expression|import|javascript", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_OWN_WORD = re.compile(r"^[A-Z]{2,}-OK\b", re.MULTILINE)


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        if tag in _TAGS and tag != "script":
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            url = re.sub(r"[\x00-\x20]", "", value or "")
            if name.startswith("on") or name == "srcdoc" or (name == "style" and _LOADING.search(url)):
                self.found.append(f"{tag} {name}={value}")
            if name in _URLS and url and not _is_safe(url, name=name):
                self.found.append(f"{tag} {name}={url[:60]}")

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.found.append(f"<script>{data.strip()[:80]}")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False


def active_content(page: str) -> list[str]:
    """What in a piece of HTML would act or load by itself: scripts, handlers, frames, styles, unsafe addresses."""
    finder = _Finder()
    finder.feed(page)
    finder.close()
    found = finder.found + (["a control character"] if _CONTROL.search(page) else [])
    return sorted(set(found))


def raw_markup(outputs: Iterable[Mapping[str, Any]]) -> str:
    """The markup that a learner's outputs hold, as a browser would get it if nobody cleaned it."""
    kinds = ("text/html", "text/markdown", "image/svg+xml")
    pages = [_text(output.get("data", {}).get(kind, "")) for output in outputs for kind in kinds]
    return "\n".join(page for page in pages if page)


def everything(text: str) -> str:
    """All texts inside a piece of JSON, each with its real line ends; the piece itself when it is no JSON."""
    try:
        return "\n".join(_strings(json.loads(text)))
    except (ValueError, RecursionError):
        return text


def escapes(text: str, *, allowed: Iterable[str] = ()) -> list[str]:
    """The lines that report an escape, but for those allowed. A line of source that would print one is none."""
    lines = [line.strip() for line in text.splitlines() if "ESCAPED" in line and "print(" not in line]
    return list(dict.fromkeys(line[:110] for line in lines if not any(part in line for part in allowed)))


def betrayed(text: str, *, secret: str) -> list[str]:
    """What the text tells of an escape: a secret, an ESCAPED line, or a word such as NET-OK by which a case says so."""
    found = ["the worker's secret was shown"] if secret in text else []
    found += [f"escaped: {line}" for line in escapes(text)[:4]]
    return found + [f"printed {word}" for word in sorted(set(_OWN_WORD.findall(text)))]


def _is_safe(url: str, *, name: str) -> bool:
    return bool(_SAFE_IMAGE.match(url) if name in ("src", "poster", "background") else _SAFE_URL.match(url))


def _text(value: object) -> str:
    return (
        "".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else json.dumps(value)
    )


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _strings(item)]
    return []
