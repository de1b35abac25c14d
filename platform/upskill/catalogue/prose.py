"""Markdown of authors and learners as HTML that is safe to show, and what in it an author should put right."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.container import container_plugin

FENCES = {
    "objectives": "After this lesson",
    "challenge": "Try it",
    "solution": "Show the solution",
    "keypoints": "Key points",
}
TRAINER = "trainer"
KIT_FENCES = {**FENCES, TRAINER: "For the trainer"}  # of a workshop kit, whose two sides kit_sides.py tells apart
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
PICTURE_TAGS = frozenset({"figure", "figcaption"})
PICTURE_ATTRIBUTES = {"img": {"src", "alt", "title", "width", "height", "loading"}}
CLASSES = {
    "figure": {"prose-figure"},
    "div": {"prose-table"},
    "section": {f"prose-{name}" for name in KIT_FENCES},
    "details": {"prose-solution"},
}
SCHEMES = {"http", "https", "mailto"}
Rule = Callable[[RendererHTML, Sequence[Token], int, OptionsDict, EnvType], str]
_FIGURE = re.compile(r"figures/[a-z0-9]+(?:-[a-z0-9]+)*\.svg")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_HREF = re.compile(r"""\shref\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_HANDLER = re.compile(r"<[^<>]*\s(on[a-z]+|style)\s*=", re.IGNORECASE)


@dataclass(frozen=True)
class Complaint:
    """Something in a Markdown text that readers would not get as its author meant it. `line` counts from 1."""

    line: int
    problem: str
    cure: str


@dataclass(frozen=True)
class Picture:
    """A picture that a text may show: where the page finds it, and its size in pixels, so that nothing jumps."""

    address: str
    width: int
    height: int


def to_html(
    markdown: str,
    *,
    deeper: int = 0,
    pictures: Mapping[str, Picture] | None = None,
    titles: Mapping[str, str] = KIT_FENCES,
) -> str:
    """Safe HTML of a text. Its headings go `deeper` by that many levels, to stand below those of the page.

    `pictures` by how the text names them; any other image shows its words alone. `titles` of fences that have none of
    their own.
    """
    pictures = pictures or {}
    html = parser().render(markdown, {"deeper": deeper, "pictures": pictures, "titles": titles})
    return clean(html, addresses={picture.address for picture in pictures.values()})


def to_line(markdown: str) -> str:
    """Safe HTML of one line of text, without a paragraph around it."""
    return clean(parser().renderInline(markdown, {}))


def clean(html: str, *, addresses: Collection[str] = ()) -> str:
    """The HTML with nothing left that runs, loads from elsewhere, or changes the look of the page.

    `addresses` of pictures may stay.
    """

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            return value if value in addresses else None
        return _keep(tag, attribute, value)

    return nh3.clean(
        html,
        tags=set(TAGS | PICTURE_TAGS if addresses else TAGS),
        clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template", "textarea", "title"},
        attributes=ATTRIBUTES | PICTURE_ATTRIBUTES if addresses else ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        attribute_filter=keep,
        set_tag_attribute_values={"pre": {"tabindex": "0"}},  # it may scroll: the keyboard must reach it
    )


def _keep(tag: str, attribute: str, value: str) -> str | None:
    """Leave links that name a safe scheme, and no tab order but the natural one."""
    if attribute == "href":
        return value if _scheme(value) in SCHEMES else None
    return None if attribute == "tabindex" and value != "0" else value


def _scheme(address: str) -> str:
    return address.partition(":")[0].strip().lower()


def complaints(
    markdown: str, *, title_above: bool = True, pictures: Collection[str] | None = None, of_kit: bool = False
) -> list[Complaint]:
    """What an author should put right before anybody reads this. `title_above`: the title is not in the text.

    `pictures`: how the text may name those that it can show; None where a text shows none. `of_kit`: it is that of a
    workshop, which may have parts for its trainer.
    """
    found = _about_fences(markdown, known=KIT_FENCES if of_kit else FENCES)
    tokens = parser(of_kit=of_kit).parse(markdown, {})
    found += _about_places(tokens) if pictures is not None else []
    for line, token in _placed(tokens):
        found += _about_images(token, line, pictures) + _about_links(token, line) + _about_html(token, line)
        if title_above and token.type == "heading_open" and token.tag == "h1":
            cure = "Begin with ##: the title of the page is above it."
            found.append(Complaint(line, "A heading begins with a single #.", cure))
    return sorted(found, key=lambda complaint: complaint.line)


def links(markdown: str) -> list[tuple[int, str]]:
    """Where each link of a text leads, with its line, from 1."""
    placed = _placed(parser(of_kit=True).parse(markdown, {}))
    return [(line, target) for line, token in placed for target in _targets(token)]


def images(markdown: str) -> list[str]:
    """What each image of a text is named, in their order."""
    placed = _placed(parser().parse(markdown, {}))
    return [str(token.attrGet("src")) for _, token in placed if token.type == "image"]


def _placed(tokens: Sequence[Token], line: int = 1) -> list[tuple[int, Token]]:
    """Every token with its line, also those inside lines of text, which know only their order."""
    placed = []
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        placed.append((line, token))
        placed += _placed(token.children or [], line)
        line += token.type in {"softbreak", "hardbreak"}
    return placed


def _about_images(token: Token, line: int, pictures: Collection[str] | None) -> list[Complaint]:
    if token.type != "image":
        return []
    name = str(token.attrGet("src"))
    if not token.content.strip():
        cure = "Say in the square brackets what it shows: ![text](file)."
        return [Complaint(line, "An image has no alternative text.", cure)]
    if pictures is None:
        cure = "Only lessons have images. Say it in words, or as a table."
        return [Complaint(line, f"The image {name} would not be shown.", cure)]
    if not _FIGURE.fullmatch(name):
        cure = "Write ![what it shows](figures/name.svg), with small letters, numbers and hyphens in the name."
        return [Complaint(line, f"The image {name} is no figure of this module.", cure)]
    if name not in pictures:
        cure = f"Write {name.removesuffix('.svg')}.py, which draws it, and run `manage.py draw_figures`."
        return [Complaint(line, f"There is no {name} beside this lesson.", cure)]
    if set("<>") & {*token.content, *str(token.attrGet("title") or "")}:
        cure = "Say it in words, as somebody would read it out: more than, less than."
        return [Complaint(line, "The words of a figure hold < or >.", cure)]
    return []


def _about_places(tokens: Sequence[Token]) -> list[Complaint]:
    """Images that do not stand in a paragraph of their own, where a figure could."""
    found = []
    for before, token in pairwise(tokens):
        is_lone = before.type == "paragraph_open" and _is_lone(token)
        if any(child.type == "image" for child in token.children or []) and not is_lone:
            line = token.map[0] + 1 if token.map else 1
            found.append(Complaint(line, "An image stands among other words.", "Give it a paragraph of its own."))
    return found


def _is_lone(token: Token) -> bool:
    """Whether a line of text is one image and nothing else."""
    return [child.type for child in token.children or []] == ["image"]


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


def fence_lines(markdown: str) -> Iterator[tuple[int, int, str]]:
    """(line, colons, name) of each line that opens a fence, or closes one where the name is "". Code is left out."""
    in_code = False
    for number, text in enumerate(markdown.split("\n"), 1):
        if text.startswith("```"):
            in_code = not in_code
        fence = re.match(r"(:{3,})\s*(\w*)", text)
        if fence and not in_code:
            yield number, len(fence[1]), fence[2]


def _about_fences(markdown: str, *, known: dict[str, str]) -> list[Complaint]:
    """Unknown and unclosed ::: fences, which would be shown as text or swallow the rest of the lesson."""
    found: list[Complaint] = []
    open_fences: list[tuple[int, int]] = []  # line and number of colons
    for number, colons, name in fence_lines(markdown):
        if name and name not in known:
            found.append(_unknown_fence(number, name, known=known))
        if name:
            if open_fences and colons >= open_fences[-1][1]:
                cure = "Give the outer fence one colon more, at its beginning and its end."
                found.append(Complaint(number, "A fence inside another has as many colons.", cure))
            open_fences.append((number, colons))
        elif open_fences and colons >= open_fences[-1][1]:
            open_fences.pop()
        else:
            found.append(Complaint(number, "This ::: closes nothing.", "Take it out, or open a fence above it."))
    for number, colons in open_fences:
        found.append(Complaint(number, "This fence is not closed.", f"Add a line with {':' * colons} where it ends."))
    return found


def _unknown_fence(line: int, name: str, *, known: dict[str, str]) -> Complaint:
    if name == TRAINER:
        cure = "Move it into a workshop kit (name.workshop.md): whoever reads this has no trainer beside them."
        return Complaint(line, "Only a workshop has parts for its trainer.", cure)
    return Complaint(line, f"The fence ::: {name} is not known.", f"Use one of: {', '.join(known)}.")


class _EveryLink(MarkdownIt):
    """Parses every link, so that complaints can name the bad ones; `clean` takes their targets away."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, the name is the parser's
        return True


@cache
def parser(*, of_kit: bool = False) -> MarkdownIt:
    """What reads and draws Markdown. Its HTML must pass through `clean` before anybody gets it."""
    markdown = _EveryLink("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for name in KIT_FENCES if of_kit else FENCES:
        container_plugin(markdown, name, render=_fence(name))
    markdown.add_render_rule("table_open", lambda *_: '<div class="prose-table" tabindex="0"><table>\n')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    markdown.add_render_rule("th_open", _head_cell("<", inside=1))
    markdown.add_render_rule("th_close", _head_cell("</", inside=-1))
    markdown.core.ruler.push("lone_pictures", _free_pictures)
    markdown.add_render_rule("image", _image)
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
        own = tokens[number].info.strip().removeprefix(name).strip()
        title = nh3.clean_text(own or env.get("titles", KIT_FENCES)[name])
        return f'<{element} class="prose-{name}"><{level}>{title}</{level}>\n'

    return render


def _free_pictures(state: StateCore) -> None:
    """A picture alone in its paragraph is drawn without the paragraph: a figure could not stand in one."""
    pictures = state.env.get("pictures", {})
    for number, token in enumerate(state.tokens):
        if token.type == "inline" and _is_lone(token) and (token.children or [])[0].attrGet("src") in pictures:
            for around in (state.tokens[number - 1], state.tokens[number + 1]):
                around.hidden = around.hidden or around.type.startswith("paragraph_")


def _image(renderer: RendererHTML, tokens: Sequence[Token], number: int, options: OptionsDict, env: Any) -> str:
    """A picture with its caption, which is the title of the image; an image that is not known, as ever."""
    token = tokens[number]
    picture = env.get("pictures", {}).get(token.attrGet("src"))
    if picture is None:
        return str(renderer.image(tokens, number, options, env))
    alt = escapeHtml(renderer.renderInlineAsText(token.children or [], options, env))
    caption = escapeHtml(str(token.attrGet("title") or ""))
    size = f'width="{picture.width}" height="{picture.height}" loading="lazy"'
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="prose-figure"><img src="{picture.address}" alt="{alt}" {size}>{below}</figure>'


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
