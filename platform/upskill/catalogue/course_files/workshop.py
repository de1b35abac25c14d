"""Workshop kits: Markdown as in lessons, with ::: trainer parts that only trainers of the course may read."""

from pathlib import Path

from upskill.catalogue import kit_sides, prose

from .fingerprint import fingerprint
from .front_matter import Page, note_complaints, read_page
from .mistakes import Notes
from .schemas import WORKSHOP
from .shape import ItemContent


def read_workshop(text: str, *, file: Path, slug: str, notes: Notes) -> ItemContent | None:
    """The kit in `text`, or None with every mistake noted."""
    before = len(notes.mistakes)
    page = read_page(text, file=file, schema=WORKSHOP, notes=notes)
    if page is None:
        return None
    _check(page, file=file, notes=notes)
    if len(notes.mistakes) > before:
        return None
    data, drawn = page.front.data, kit_sides.sides(page.body)
    facts = {"kind": "workshop", "front": data, "body": page.body}
    shown = {"html": drawn.participant, "people": data["people"], "materials": data["materials"]}
    about = (data["title"], data["minutes"], (), shown, fingerprint(facts))
    return ItemContent(file, slug, "workshop", *about, trainer_html=drawn.trainer)


def _check(page: Page, *, file: Path, notes: Notes) -> None:
    """Note numbers of people that go backwards, and what in the text would not be shown to whom it is for."""
    least, _to, most = page.front.data["people"].partition(" to ")
    if most and int(least) >= int(most):
        problem, cure = f"From {least} to {most} people is nobody.", "Give the smaller number first."
        notes.add(file, line=page.front.line("people"), problem=problem, cure=cure)
    found = prose.complaints(page.body, of_kit=True)
    note_complaints(found or kit_sides.complaints(page.body), page=page, notes=notes)
    if not kit_sides.sides(page.body).participant.strip():
        cure = "Write for the participants outside of the ::: trainer parts."
        notes.add(file, line=page.first_line, problem="The kit has no text for participants.", cure=cure)
