"""The --- block at the top of a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from upskill.catalogue.prose import Complaint

from .mistakes import Notes
from .yaml_files import YamlText, read_yaml


@dataclass(frozen=True)
class Page:
    """A Markdown file: its checked front matter, its body, and the line on which the body begins."""

    front: YamlText
    body: str
    first_line: int


def read_page(
    text: str, *, file: Path, schema: dict[str, Any], notes: Notes, keys: str = "title: and minutes:"
) -> Page | None:
    """The page in `text`, or None with its mistakes noted. `keys`: what its block begins with, for who forgot it."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---" or "---" not in [line.rstrip() for line in lines[1:]]:
        notes.add(
            file,
            line=1,
            problem=f"The block with {keys} is missing.",
            cure=f"Begin the file with a line ---, then {keys}, then a line ---.",
        )
        return None
    end = 1 + [line.rstrip() for line in lines[1:]].index("---")
    front = read_yaml("\n".join(lines[1:end]), file=file, schema=schema, notes=notes, first_line=2)
    if front is None:
        return None
    return Page(front, "\n".join(lines[end + 1 :]).rstrip("\n"), end + 2)


def note_complaints(complaints: Iterable[Complaint], *, page: Page, notes: Notes) -> None:
    """Note what is wrong with the body of a page, on the lines that it has in its file."""
    for each in complaints:
        notes.add(page.front.file, line=page.first_line + each.line - 1, problem=each.problem, cure=each.cure)
