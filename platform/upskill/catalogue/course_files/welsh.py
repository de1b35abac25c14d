"""The Welsh of a lesson: name.cy.md beside name.md. It names the English that it was made from by its SHA-256."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from upskill.catalogue import prose
from upskill.catalogue.prose import Picture

from .fingerprint import fingerprint
from .front_matter import Page, read_page
from .lesson import check_text, pictures_of
from .mistakes import Notes
from .schemas import WELSH
from .shape import ItemContent
from .texts import Folder

SUFFIX = ".cy.md"
_TITLES = {
    "objectives": "Ar ôl y wers hon",
    "challenge": "Rhowch gynnig arni",
    "solution": "Dangos yr ateb",
    "keypoints": "Pwyntiau allweddol",
}


def sha256_of(english: str) -> str:
    """The name of an English text, as sha256sum prints it for a file with Unix line ends."""
    return hashlib.sha256(english.encode("utf-8")).hexdigest()


def with_welsh(lesson: ItemContent, *, english: str, folder: Folder) -> ItemContent:
    """The lesson, with the Welsh that lies beside its file `english`, if there is any; mistakes are noted.

    Of one that was made from another English nothing is kept: learners get the English.
    """
    file = lesson.file.with_name(f"{lesson.slug}{SUFFIX}")
    text = folder.text(file, why="") if file.exists() else None
    if text is None:
        return lesson
    pictures = pictures_of(lesson.figures)
    page = _read(text, file=file, pictures=pictures, notes=folder.notes)
    if page is None:
        return lesson
    front = page.front.data
    shown: dict[str, Any] = {"is_stale": True}
    if front["of"] == sha256_of(english):
        html = prose.to_html(page.body, pictures=pictures, titles=_TITLES)
        shown = {"title": front["title"], "html": html, "is_checked": front["checked_by_speaker"]}
    both = fingerprint({"lesson": lesson.sha256, "cy": {"front": front, "body": page.body}})
    return replace(lesson, page=lesson.page | {"cy": shown}, sha256=both)


def _read(text: str, *, file: Path, pictures: dict[str, Picture], notes: Notes) -> Page | None:
    before = len(notes.mistakes)
    page = read_page(text, file=file, schema=WELSH, notes=notes, keys="title: and of:")
    if page:
        check_text(page, file=file, what="translation", notes=notes, pictures=pictures.keys())
    return page if len(notes.mistakes) == before else None
