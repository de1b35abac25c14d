"""What of a page could run, load or lead somewhere, read as a browser's parser would."""

import re
from html.parser import HTMLParser

from upskill.catalogue import prose

ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "xlink:href",
    "poster",
    "data",
    "srcset",
    "background",
    "ping",
    "cite",
}
OUR_PATHS = re.compile(r"(/(?![/\\])|\?|#|$)[^\x00-\x1f]*")
OF_PROSE = {
    (tag, attribute)
    for tag in prose.TAGS
    for attribute in {"", "class", "rel", "open", "id"} | prose.ATTRIBUTES.get(tag, set()) | {"tabindex"}
} - {("div", "id")}


class Page(HTMLParser):
    """A page, read: the pairs of element and attribute in it, its addresses, its scripts and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: set[tuple[str, str]] = set()
        self.addresses: list[tuple[str, str, str]] = []
        self.script_text = ""
        self.text = ""
        self.comments: list[str] = []
        self._in_script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        self.shape |= {(tag, ""), *((tag, name) for name, _value in attrs)}
        self.addresses += [(tag, name, value or "") for name, value in attrs if name in ADDRESSES]

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.script_text += data
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        self.comments += [] if decl.lower() == "doctype html" else [decl]

    def unknown_decl(self, data: str) -> None:
        self.comments.append(data)

    def handle_pi(self, data: str) -> None:
        self.comments.append(data)


def active_content(html: str, *, ours: set[tuple[str, str]]) -> list[str]:
    """What the page holds beyond `ours` (the shape of the same page with plain text) and harmless prose."""
    page = Page(html)
    found = [f"<{tag} {name}>" for tag, name in page.shape - ours - OF_PROSE]
    found += [f"<{tag} {name}={value!r}>" for tag, name, value in page.addresses if not _is_harmless(tag, name, value)]
    found += [f"comment {text!r}" for text in page.comments]
    return sorted(found + ([f"script {page.script_text!r}"] if page.script_text.strip() else []))


def _is_harmless(tag: str, name: str, value: str) -> bool:
    """An address on our own site or, for links that people wrote, one that a browser opens as a page or a mail."""
    if OUR_PATHS.fullmatch(value):
        return True
    return (tag, name) == ("a", "href") and value.lower().startswith(("http://", "https://", "mailto:"))
