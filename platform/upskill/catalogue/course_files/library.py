"""Folders of courses: skills.yml, and beside it one folder for each course. Overlays of courses lie anywhere."""

from dataclasses import dataclass
from pathlib import Path

from .course import read_course
from .levels import Skills, read_skills
from .mistakes import CourseError, Mistake
from .overlay import FILE as OVERLAY_FILE
from .overlay import Overlay, laid_over, overlays_of
from .shape import CourseContent


@dataclass(frozen=True)
class Library:
    """What was found: the skills, the courses without a mistake, and the courses that cannot be loaded."""

    skills: Skills
    courses: tuple[CourseContent, ...]
    refused: dict[Path, CourseError]


def read_library(places: list[Path]) -> Library:
    """Read folders of courses, or single course folders, in any order. A mistake in one course leaves the others whole.

    An overlay among them replaces items of its course. Raises CourseError when a place holds no course and no overlay,
    or when a skills.yml has a mistake.
    """
    folders = course_folders(places)
    overlays, refused = overlays_of(_folders(places, file=OVERLAY_FILE))
    skills = _all_skills({folder.parent / "skills.yml" for folder in folders})
    courses: dict[str, CourseContent] = {}
    for folder in folders:
        try:
            course = read_course(folder, skills=skills)
            if course.id in courses:
                cure = f"Give one of them another id: the other one is {courses[course.id].file}."
                raise CourseError([Mistake(course.file, 1, f"There are two courses '{course.id}'.", cure)])
            over = overlays.get(course.id)
            courses[course.id] = laid_over(course, overlay=over, skills=skills) if over else course
        except CourseError as error:
            refused[folder] = error
    refused |= _without_course(overlays, folders=folders)
    return Library(skills, tuple(courses.values()), refused)


def course_folders(places: list[Path]) -> list[Path]:
    """Every course folder in or at these places, once, sorted by name.

    Raises CourseError where a place holds neither a course nor an overlay.
    """
    _refuse_empty(places)
    return _folders(places, file="course.yml")


def _folders(places: list[Path], *, file: str) -> list[Path]:
    """Every folder in or at these places that holds such a file, once, sorted by name."""
    folders: set[Path] = set()
    for place in places:
        folders |= {place} if (place / file).exists() else {found.parent for found in place.glob(f"*/{file}")}
    return sorted(folders, key=lambda folder: (folder.name, folder))


def _refuse_empty(places: list[Path]) -> None:
    for place in places:
        if not any(_folders([place], file=file) for file in ("course.yml", OVERLAY_FILE)):
            cure = "Name a folder that holds a course.yml, or a folder of such folders."
            raise CourseError([Mistake(place, 1, "There is no course here.", cure)])


def _without_course(overlays: dict[str, Overlay], *, folders: list[Path]) -> dict[Path, CourseError]:
    """The overlays over no course that was found here."""
    names = {folder.name for folder in folders}
    lost = [overlay for overlay in overlays.values() if overlay.course not in names]
    cure = "Correct its id, or name the folder of the course too: COURSE_DIRS holds both."
    return {
        overlay.root: CourseError(
            [
                Mistake(
                    overlay.found.file,
                    overlay.found.line("course"),
                    f"There is no course '{overlay.course}' for this overlay to lie over.",
                    cure,
                )
            ]
        )
        for overlay in lost
    }


def _all_skills(files: set[Path]) -> Skills:
    """The skills of all files together. A skill that is in two files must be the same in both."""
    merged = Skills({})
    for file in sorted(files):
        found = read_skills(file)
        for slug, skill in found.by_slug.items():
            if merged.by_slug.get(slug, skill) != skill:
                cure = "Make the two equal, or give one another id."
                raise CourseError([Mistake(file, 1, f"The skill '{slug}' is described otherwise elsewhere.", cure)])
        merged = Skills(merged.by_slug | found.by_slug)
    return merged
