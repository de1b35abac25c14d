"""Which exercises somebody means: by their name, by a folder, or all there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.mistakes import CourseError
from upskill.catalogue.course_files.shape import CourseContent, ExerciseContent

_DEPTH = 2  # of COURSE above COURSE/modules/MODULE


class NoSuchExercise(Exception):
    """No exercise has this name, or lies in this folder. The message says which there are."""


@dataclass(frozen=True)
class Exercise:
    """An exercise as its author's files have it."""

    name: str  # COURSE/MODULE/ITEM
    folder: Path
    content: ExerciseContent


def chosen(wanted: str, *, places: Iterable[Path]) -> list[Exercise]:
    """The exercises that `wanted` names: COURSE/MODULE/ITEM of a course in `places`, or a folder; "" for all there are.

    Of a folder those in it: it is an exercise, a course, or holds courses. Raises NoSuchExercise, CourseError.
    """
    folder = Path(wanted).resolve() if wanted and Path(wanted).is_dir() else None
    there = _read(places if folder is None else [_course_of(folder)])
    if wanted and folder is None:
        found = [each for each in there if each.name == wanted.strip("/")]
    else:
        found = [each for each in there if folder is None or each.folder.is_relative_to(folder)]
    if not found:
        names = ", ".join(each.name for each in there) or "there is none"
        raise NoSuchExercise(f"There is no exercise {wanted}. Write COURSE/MODULE/ITEM, or a folder: {names}.")
    return found


def exercises_of(course: CourseContent) -> list[Exercise]:
    """The exercises of a course, in the order in which they are taught. A reflection has nothing to run."""
    return [
        Exercise(f"{course.id}/{module.slug}/{item.slug}", item.file.parent.resolve(), item.exercise)
        for module in course.modules
        for item in module.items
        if item.exercise and item.kind == "exercise"
    ]


def _read(places: Iterable[Path]) -> list[Exercise]:
    """Raises CourseError where a course has a mistake: an exercise must be well formed before it is compared."""
    library = read_library(list(places))
    if library.refused:
        raise CourseError([mistake for error in library.refused.values() for mistake in error.mistakes])
    return [exercise for course in library.courses for exercise in exercises_of(course)]


def _course_of(folder: Path) -> Path:
    """The course that the folder of an exercise belongs to; any other folder itself."""
    is_exercise = (folder / "exercise.py").exists() and len(folder.parents) > _DEPTH
    return folder.parents[_DEPTH] if is_exercise else folder
