"""Lesson files: Markdown with ::: objectives, challenge, solution and keypoints, and figures."""

from collections.abc import Collection, Iterable
from pathlib import Path

from upskill.catalogue import prose
from upskill.catalogue.prose import Picture

from .figures import Figures
from .fingerprint import fingerprint
from .front_matter import Page, note_complaints, read_page
from .mistakes import Notes
from .schemas import LESSON
from .shape import Figure, ItemContent


def read_lesson(text: str, *, file: Path, slug: str, figures: Figures, notes: Notes) -> ItemContent | None:
    """The lesson in `text`, or None with every mistake noted. `figures`: those of its module."""
    before = len(notes.mistakes)
    page = read_page(text, file=file, schema=LESSON, notes=notes)
    if page is None:
        return None
    check_text(page, file=file, what="lesson", notes=notes, pictures=figures.keys())
    shown = [figures[name] for name in prose.images(page.body) if name in figures]
    if len(notes.mistakes) > before or None in shown:
        return None
    return _content(page, file=file, slug=slug, shown=tuple(dict.fromkeys(figure for figure in shown if figure)))


def _content(page: Page, *, file: Path, slug: str, shown: tuple[Figure, ...]) -> ItemContent:
    data = page.front.data
    content: dict[str, object] = {"html": prose.to_html(page.body, pictures=pictures_of(shown))}
    facts = {"kind": "lesson", "front": data, "body": page.body}
    if shown:  # a lesson without a figure is named as it was before there were any
        content["figures"] = [each.sha256 for each in shown]
        facts["figures"] = {each.name: each.sha256 for each in shown}
    return ItemContent(
        file, slug, "lesson", data["title"], data["minutes"], (), content, fingerprint(facts), figures=shown
    )


def pictures_of(figures: Iterable[Figure]) -> dict[str, Picture]:
    """The pictures that a text may show, by how it names them."""
    return {each.name: Picture(f"figures/{each.sha256}.svg", each.width, each.height) for each in figures}


def check_text(
    page: Page,
    *,
    file: Path,
    what: str,
    notes: Notes,
    pictures: Collection[str] | None = None,
    cure: str = "Write it under the second ---.",
) -> None:
    """Note what is wrong with the Markdown of a page, or that there is none. `what` is what authors call it.

    `pictures` are those that it may show; None: it shows none. `cure` is of a page without text.
    """
    note_complaints(prose.complaints(page.body, pictures=pictures), page=page, notes=notes)
    if not page.body.strip():
        notes.add(file, line=page.first_line, problem=f"The {what} has no text.", cure=cure)
