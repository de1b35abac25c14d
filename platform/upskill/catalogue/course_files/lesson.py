"""Lesson files: Markdown with ::: objectives, challenge, solution and keypoints."""

from pathlib import Path

from upskill.catalogue import prose

from .fingerprint import fingerprint
from .front_matter import Page, read_page
from .mistakes import Notes
from .schemas import LESSON
from .shape import ItemContent


def read_lesson(text: str, *, file: Path, slug: str, notes: Notes) -> ItemContent | None:
    """The lesson in `text`, or None with every mistake noted."""
    before = len(notes.mistakes)
    page = read_page(text, file=file, schema=LESSON, notes=notes)
    if page is None:
        return None
    check_text(page, file=file, what="lesson", notes=notes)
    if len(notes.mistakes) > before:
        return None
    data = page.front.data
    facts = {"kind": "lesson", "front": data, "body": page.body}
    html = {"html": prose.to_html(page.body)}
    return ItemContent(file, slug, "lesson", data["title"], data["minutes"], (), html, fingerprint(facts))


def check_text(page: Page, *, file: Path, what: str, notes: Notes) -> None:
    """Note what is wrong with the Markdown of a page, or that there is none. `what` is what authors call it."""
    for complaint in prose.complaints(page.body):
        line = page.first_line + complaint.line - 1
        notes.add(file, line=line, problem=complaint.problem, cure=complaint.cure)
    if not page.body.strip():
        notes.add(file, line=page.first_line, problem=f"The {what} has no text.", cure="Write it under the second ---.")
