"""Folders of courses: skills.yml and perhaps paths.yml, and beside them one folder for each course.

Overlays of courses lie anywhere.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from .course import read_course
from .diagnostic import mistakes_in
from .levels import Skills, read_skills
from .mistakes import CourseError, Mistake
from .overlay import FILE as OVERLAY_FILE
from .overlay import Overlay, course_named_in, laid_over, overlays_of
from .paths import FILE as PATHS_FILE
from .paths import Parts, PathContent, read_paths
from .shape import CourseContent


@dataclass(frozen=True)
class Library:
    """What was found: the skills, the courses and paths without a mistake, and what cannot be loaded: folders of
    courses, and files of paths.
    """

    skills: Skills
    courses: tuple[CourseContent, ...]
    refused: dict[Path, CourseError]
    paths: tuple[PathContent, ...] = ()

    @property
    def all_paths_read(self) -> bool:
        """False if some paths.yml has a mistake, so that nobody knows which paths it would have."""
        return not any(place.name == PATHS_FILE for place in self.refused)


def read_library(places: list[Path]) -> Library:
    """Read folders of courses, or single course folders, in any order. A mistake in one course leaves the others whole.

    An overlay among them replaces items of its course. Paths are read in folders of courses: a course alone does not
    show what a path could name. Raises CourseError when a place holds no course, no overlay and no paths, or when a
    skills.yml has a mistake.
    """
    folders = course_folders(places)
    overlays, refused = overlays_of(_folders(places, file=OVERLAY_FILE))
    lost = {course_named_in(folder): folder / OVERLAY_FILE for folder in refused}
    skills = _all_skills({folder.parent / "skills.yml" for folder in folders})
    courses: dict[str, CourseContent] = {}
    for folder in folders:
        try:
            course = read_course(folder, skills=skills)
            _refuse_second(course, courses=courses)
            _refuse_bare(course, lost=lost)
            over = overlays.get(course.id)
            courses[course.id] = laid_over(course, overlay=over, skills=skills) if over else course
        except CourseError as error:
            refused[folder] = error
    refused |= _without_course(overlays, folders=folders)
    files = [place / PATHS_FILE for place in dict.fromkeys(places) if (place / PATHS_FILE).exists()]
    parts = Parts.of(courses.values(), refused=[folder for folder in folders if folder in refused])
    paths = _all_paths(files, parts=parts, refused=refused)
    library = Library(skills, tuple(courses.values()), refused, paths)
    return _without_false_suggestions(library, parts=parts) if files and library.all_paths_read else library


def _refuse_second(course: CourseContent, *, courses: dict[str, CourseContent]) -> None:
    if course.id in courses:
        cure = f"Give one of them another id: the other one is {courses[course.id].file}."
        raise CourseError([Mistake(course.file, 1, f"There are two courses '{course.id}'.", cure)])


def _refuse_bare(course: CourseContent, *, lost: dict[str, Path]) -> None:
    """Raise CourseError for a course whose overlay is refused: published without it, its open tests would count."""
    if course.id in lost:
        problem = "The overlay over this course cannot be used, and without it the course is not loaded."
        cure = f"Correct it, or take its folder away: {lost[course.id]}."
        raise CourseError([Mistake(course.file, 1, problem, cure)])


def _without_false_suggestions(library: Library, *, parts: Parts) -> Library:
    """The library, with each course refused that has a diagnostic which would send somebody to what is not there."""
    courses, refused = [], dict(library.refused)
    for course in library.courses:
        if mistakes := mistakes_in(course, paths=library.paths, parts=parts):
            refused[course.file.parent] = CourseError(mistakes)
        else:
            courses.append(course)
    return replace(library, courses=tuple(courses), refused=refused)


def _all_paths(files: list[Path], *, parts: Parts, refused: dict[Path, CourseError]) -> tuple[PathContent, ...]:
    """The paths of all files, in their order. A file with a mistake is added to `refused`."""
    paths: dict[str, PathContent] = {}
    for file in files:
        try:
            paths |= {path.id: path for path in read_paths(file, parts=parts, taken=set(paths))}
        except CourseError as error:
            refused[file] = error
    return tuple(paths.values())


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
        holds = any(_folders([place], file=file) for file in ("course.yml", OVERLAY_FILE))
        if not holds and not (place / PATHS_FILE).exists():
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
