"""Markdown of authors and learners as HTML that is safe to show, and what in it an author should put right."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.container import container_plugin

FENCES = {
    "objectives": "After this lesson",
    "challenge": "Try it",
    "solution": "Show the solution",
    "keypoints": "Key points",
}
_PLAIN_TAGS = (
    "a abbr b blockquote br caption code dd del details div dl dt em h2 h3 h4 h5 h6 hr i img kbd li ol p pre s section"
    " span strong sub summary sup table tbody td th thead tr ul"
)
TAGS = frozenset(_PLAIN_TAGS.split())
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"alt", "title"},  # without an address it shows its text, and loads nothing from anywhere
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "div": {"tabindex"},
}
CLASSES = {
    "div": {"prose-table"},
    "section": {f"prose-{name}" for name in FENCES},
    "details": {"prose-solution"},
}
_KNOWN_FENCES = f"Use one of: {', '.join(FENCES)}."
SCHEMES = {"http", "https", "mailto"}
Rule = Callable[[RendererHTML, Sequence[Token], int, OptionsDict, EnvType], str]
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_HREF = re.compile(r"""\shref\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_HANDLER = re.compile(r"<[^<>]*\s(on[a-z]+|style)\s*=", re.IGNORECASE)


@dataclass(frozen=True)
class Complaint:
    """Something in a Markdown text that readers would not get as its author meant it. `line` counts from 1."""

    line: int
    problem: str
    cure: str


def to_html(markdown: str, *, deeper: int = 0) -> str:
    """Safe HTML of a text. Its headings go `deeper` by that many levels, to stand below those of the page."""
    return clean(_renderer().render(markdown, {"deeper": deeper}))


def to_line(markdown: str) -> str:
    """Safe HTML of one line of text, without a paragraph around it."""
    return clean(_renderer().renderInline(markdown, {}))


def clean(html: str) -> str:
    """The HTML with nothing left that runs, loads from elsewhere, or changes the look of the page."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template", "textarea", "title"},
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        attribute_filter=_keep,
        set_tag_attribute_values={"pre": {"tabindex": "0"}},  # it may scroll: the keyboard must reach it
    )


def _keep(tag: str, attribute: str, value: str) -> str | None:
    """Leave links that name a safe scheme, and no tab order but the natural one."""
    if attribute == "href":
        return value if _scheme(value) in SCHEMES else None
    return None if attribute == "tabindex" and value != "0" else value


def _scheme(address: str) -> str:
    return address.partition(":")[0].strip().lower()


def complaints(markdown: str, *, title_above: bool = True) -> list[Complaint]:
    """What an author should put right before anybody reads this. `title_above`: the title is not in the text."""
    found = _about_fences(markdown)
    for line, token in _placed(_renderer().parse(markdown, {})):
        found += _about_images(token, line) + _about_links(token, line) + _about_html(token, line)
        if title_above and token.type == "heading_open" and token.tag == "h1":
            cure = "Begin with ##: the title of the page is above it."
            found.append(Complaint(line, "A heading begins with a single #.", cure))
    return sorted(found, key=lambda complaint: complaint.line)


def links(markdown: str) -> list[tuple[int, str]]:
    """Where each link of a text leads, with its line, from 1."""
    placed = _placed(_renderer().parse(markdown, {}))
    return [(line, target) for line, token in placed for target in _targets(token)]


def _placed(tokens: Sequence[Token], line: int = 1) -> list[tuple[int, Token]]:
    """Every token with its line, also those inside lines of text, which know only their order."""
    placed = []
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        placed.append((line, token))
        placed += _placed(token.children or [], line)
        line += token.type in {"softbreak", "hardbreak"}
    return placed


def _about_images(token: Token, line: int) -> list[Complaint]:
    if token.type != "image":
        return []
    if not token.content.strip():
        cure = "Say in the square brackets what it shows: ![text](file)."
        return [Complaint(line, "An image has no alternative text.", cure)]
    cure = "Course pages have no images yet. Say it in words, or as a table."
    return [Complaint(line, f"The image {token.attrGet('src')} would not be shown.", cure)]


def _targets(token: Token) -> list[str]:
    """Where the links lead that a token opens."""
    if token.type in {"html_block", "html_inline"}:
        return [str(target) for target in _HREF.findall(token.content)]
    return [str(token.attrGet("href"))] if token.type == "link_open" else []


def _about_links(token: Token, line: int) -> list[Complaint]:
    lost = [target for target in _targets(token) if _scheme(target) not in SCHEMES]
    return [Complaint(line, f"The link to {target} leads nowhere.", "Begin it with https://.") for target in lost]


def _about_html(token: Token, line: int) -> list[Complaint]:
    if token.type not in {"html_block", "html_inline"}:
        return []
    unknown = sorted({tag for tag in _TAG.findall(token.content) if tag.lower() not in TAGS})
    found = [Complaint(line, f"The HTML tag <{tag}> is not allowed.", "Write it in Markdown.") for tag in unknown]
    if handler := _HANDLER.search(token.content):
        found.append(Complaint(line, f"The HTML attribute {handler[1]} is not allowed.", "Take it out."))
    if re.search(r"<\s*img\b", token.content, re.IGNORECASE):
        found.append(Complaint(line, "An image is written as HTML.", "Write it as ![what it shows](file)."))
    return found


def _about_fences(markdown: str) -> list[Complaint]:
    """Unknown and unclosed ::: fences, which would be shown as text or swallow the rest of the lesson."""
    found: list[Complaint] = []
    open_fences: list[tuple[int, int]] = []  # line and number of colons
    in_code = False
    for number, text in enumerate(markdown.split("\n"), 1):
        if text.startswith("```"):
            in_code = not in_code
        fence = re.match(r"(:{3,})\s*(\w*)", text)
        if in_code or not fence:
            continue
        if fence[2] and fence[2] not in FENCES:
            found.append(Complaint(number, f"The fence ::: {fence[2]} is not known.", _KNOWN_FENCES))
        if fence[2]:
            if open_fences and len(fence[1]) >= open_fences[-1][1]:
                cure = "Give the outer fence one colon more, at its beginning and its end."
                found.append(Complaint(number, "A fence inside another has as many colons.", cure))
            open_fences.append((number, len(fence[1])))
        elif open_fences and len(fence[1]) >= open_fences[-1][1]:
            open_fences.pop()
        else:
            found.append(Complaint(number, "This ::: closes nothing.", "Take it out, or open a fence above it."))
    for number, colons in open_fences:
        found.append(Complaint(number, "This fence is not closed.", f"Add a line with {':' * colons} where it ends."))
    return found


class _EveryLink(MarkdownIt):
    """Parses every link, so that complaints can name the bad ones; `clean` takes their targets away."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, the name is the parser's
        return True


@cache
def _renderer() -> MarkdownIt:
    markdown = _EveryLink("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for name in FENCES:
        container_plugin(markdown, name, render=_fence(name))
    markdown.add_render_rule("table_open", lambda *_: '<div class="prose-table" tabindex="0"><table>\n')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    markdown.add_render_rule("th_open", _head_cell("<", inside=1))
    markdown.add_render_rule("th_close", _head_cell("</", inside=-1))
    markdown.add_render_rule("heading_open", _heading("<"))
    markdown.add_render_rule("heading_close", _heading("</"))
    return markdown


def _fence(name: str) -> Rule:
    """How ::: name is drawn: a section with a heading, or for a solution something to open."""
    element = "details" if name == "solution" else "section"
    level = {"solution": "summary", "challenge": "h3"}.get(name, "h2")

    def render(_: RendererHTML, tokens: Sequence[Token], number: int, options: OptionsDict, env: EnvType) -> str:
        if tokens[number].nesting < 0:
            return f"</{element}>\n"
        title = nh3.clean_text(tokens[number].info.strip().removeprefix(name).strip() or FENCES[name])
        return f'<{element} class="prose-{name}"><{level}>{title}</{level}>\n'

    return render


def _heading(bracket: str) -> Rule:
    def render(_: RendererHTML, tokens: Sequence[Token], number: int, options: OptionsDict, env: Any) -> str:
        level = min(6, int(tokens[number].tag[1]) + env.get("deeper", 0))
        return f"{bracket}h{level}>" + ("\n" if bracket == "</" else "")

    return render


def _head_cell(bracket: str, *, inside: int) -> Rule:
    """A head that says nothing, such as the corner of a table with heads on two sides, is no head of any column.

    `inside` is the way from the tag to the token with what is said.
    """

    def render(_: RendererHTML, tokens: Sequence[Token], number: int, options: OptionsDict, env: Any) -> str:
        if not tokens[number + inside].content.strip():
            return f"{bracket}td>" + ("\n" if bracket == "</" else "")
        return "</th>\n" if bracket == "</" else '<th scope="col">'

    return render
