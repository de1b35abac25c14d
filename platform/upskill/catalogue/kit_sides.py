"""The two sides of a workshop kit: what participants read, and that with the ::: trainer parts, for trainers alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it.token import Token

from . import prose
from .prose import TRAINER, Complaint

_OPEN, _CLOSE = f"container_{TRAINER}_open", f"container_{TRAINER}_close"
_MEANT = re.compile(r":{3,}\s*trainer", re.IGNORECASE)
_TITLES = {**prose.KIT_FENCES, "objectives": "After this workshop"}
_USED_THERE = "Write its address where it is used."
_CURE = "Write ::: trainer and its end at the beginning of lines of their own, outside of code and HTML."


@dataclass(frozen=True)
class Sides:
    """Safe HTML. `trainer` is the whole text; nothing of its ::: trainer parts is in `participant`."""

    participant: str
    trainer: str


def sides(markdown: str) -> Sides:
    """Both sides of a kit's text. Where `complaints` finds nothing, each ::: trainer part is what its author sees."""
    drawn = prose.parser(of_kit=True)
    env: dict[str, object] = {"deeper": 0, "titles": _TITLES}
    tokens = drawn.parse(markdown, env)
    whole = prose.clean(drawn.renderer.render(tokens, drawn.options, env))
    return Sides(prose.clean(drawn.renderer.render(_for_participants(tokens), drawn.options, env)), whole)


def complaints(markdown: str) -> list[Complaint]:
    """What would show participants a trainer's words: parts that do not begin, or end elsewhere than it seems, and
    definitions in them, which hold for the whole text.
    """
    env: dict[str, Any] = {}
    tokens = prose.parser(of_kit=True).parse(markdown, env)
    drawn = {token.map[0] + 1: token.map[1] + 1 for token in tokens if token.type == _OPEN and token.map}
    seen = _as_it_seems(markdown)
    lines = enumerate(markdown.split("\n"), 1)
    lost = [number for number, text in lines if _MEANT.search(text) and number not in drawn]
    found = [Complaint(line, "This ::: trainer begins nothing: participants would read what follows.", _CURE)
             for line in lost]  # fmt: skip
    other = sorted(line for line in drawn if seen.get(line) != drawn[line])
    found += [Complaint(line, "This part for the trainer does not end where it seems to.", _CURE) for line in other]
    inside = [line for line in _definitions(env) if any(first < line < last for first, last in drawn.items())]
    return found + [Complaint(line, "A link is defined in a trainer's part.", _USED_THERE) for line in inside]


def _definitions(env: dict[str, Any]) -> list[int]:
    """The lines on which links are defined, as [name]: address. Nothing else in the Markdown of kits reaches further
    than its own block: there are no footnotes and no abbreviations.
    """
    defined = [*env.get("references", {}).values(), *env.get("duplicate_refs", [])]
    return sorted(reference["map"][0] + 1 for reference in defined)


def _for_participants(tokens: Sequence[Token]) -> list[Token]:
    kept, inside = [], 0
    for token in tokens:
        inside += token.type == _OPEN
        if not inside:
            kept.append(token)
        inside -= token.type == _CLOSE
    return kept


def _as_it_seems(markdown: str) -> dict[int, int]:
    """First and last line of each part for the trainer, as somebody sees it who reads the lines: code is code."""
    open_fences: list[tuple[int, str]] = []
    found: dict[int, int] = {}
    for number, _colons, named in prose.fence_lines(markdown):
        if named:
            open_fences.append((number, named))
        elif open_fences:
            begun, name = open_fences.pop()
            found |= {begun: number} if name == TRAINER else {}
    return found
