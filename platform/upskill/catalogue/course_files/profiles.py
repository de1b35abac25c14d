"""Learner profiles: for whom the author of a course writes, each in a file of the folder `profiles`."""

from pathlib import Path

from upskill.catalogue import prose

from .front_matter import read_page
from .lesson import check_text
from .mistakes import Notes
from .schemas import PROFILE
from .shape import ProfileContent
from .texts import Folder

_KEYS = "name: and role:"


def read_profiles(folder: Folder) -> tuple[ProfileContent, ...]:
    """The profiles of a course, by the names of their files; mistakes are noted."""
    place = folder.root / "profiles"
    found = []
    for file in sorted(place.iterdir()) if place.is_dir() else []:
        if file.name.startswith((".", "_")):
            continue
        if file.suffix != ".md":
            cure = "Write each profile as name.md, or begin the file's name with an underscore."
            folder.notes.add(file, line=1, problem="This is no learner profile.", cure=cure)
        elif (text := folder.text(file, why="")) is not None:
            found.append(_read(text, file=file, notes=folder.notes))
    return tuple(profile for profile in found if profile)


def _read(text: str, *, file: Path, notes: Notes) -> ProfileContent | None:
    page = read_page(text, file=file, schema=PROFILE, notes=notes, keys=_KEYS)
    if page is None:
        return None
    cure = "Say in some sentences what they know, want and fear, and what they work with."
    check_text(page, file=file, what="profile", notes=notes, cure=cure)
    who = page.front.data
    return ProfileContent(who["name"], who["role"], page.body, prose.to_html(page.body, deeper=1))
