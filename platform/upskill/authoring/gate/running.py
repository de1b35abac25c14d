"""The gate from the first file to the last mark."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from upskill.authoring.parity.exercises import Exercise, exercises_of
from upskill.catalogue.course_files.certificate import FILE, Certificate
from upskill.catalogue.course_files.library import Library, read_library
from upskill.catalogue.course_files.mistakes import Mistake

from . import certificate
from .course import check_course
from .engines import Engines
from .exercise import Examined, Say, examine
from .promises import check_skills
from .remarks import Remarks

Keep = Callable[[Examined], None]


class NoSuchItem(Exception):
    """No course that was read has this item. The message says which there are."""


@dataclass(frozen=True)
class Read:
    """Courses as far as they can be judged without running anything."""

    library: Library
    mistakes: tuple[Mistake, ...]
    advice: tuple[Mistake, ...]
    exercises: tuple[Exercise, ...]  # of the courses that could be read, those that were asked for


@dataclass(frozen=True)
class Tried:
    """What came of the exercises: examined anew, or known from a certificate that still matches."""

    examined: tuple[Examined, ...]
    unchanged: tuple[tuple[Exercise, Certificate], ...]

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Everything that the engine found."""
        return tuple(mistake for each in self.examined for mistake in each.mistakes)


def read(places: list[Path], *, item: str = "") -> Read:
    """Everything that can be said of the courses in these places, or of one item: MODULE/ITEM.

    Raises NoSuchItem, and CourseError where there is no course or a skills.yml has a mistake.
    """
    library = read_library(places)
    remarks = Remarks()
    _note_refused(library, remarks=remarks)
    _refuse_unknown(item, library=library)
    for course in library.courses:
        check_course(course, only=item, remarks=remarks)
    if not item:
        check_skills(library, remarks=remarks)
    exercises = [each for course in library.courses for each in exercises_of(course)]
    wanted = tuple(each for each in exercises if not item or each.name.split("/", 1)[1] == item)
    return Read(library, _sorted(remarks.mistakes.mistakes), _sorted(remarks.advice.mistakes), wanted)


def try_out(
    exercises: tuple[Exercise, ...],
    *,
    again: bool,
    start: Callable[[], Engines],
    say: Say,
    keep: Keep = lambda _: None,
) -> Tried:
    """Have the engine mark the exercises that have changed since their certificate; `again` has it mark all.

    `start` is called once there is something to mark, `keep` with each exercise as soon as it is examined: what follows
    may take long, or fail. Raises EngineFailed and CourseError.
    """
    unchanged, changed = [], []
    for exercise in exercises:
        found = None if again else certificate.matching(exercise)
        if found:
            unchanged.append((exercise, found))
        else:
            changed.append(exercise)
    if not changed:
        return Tried((), tuple(unchanged))
    engines = start()
    examined: list[Examined] = []
    for exercise in changed:
        examined.append(examine(exercise, engines=engines, say=say))
        keep(examined[-1])
    return Tried(tuple(examined), tuple(unchanged))


def certify(examined: Examined, *, mistakes: Iterable[Mistake], browser: dict[str, Any] | None = None) -> Path | None:
    """Write an exercise's certificate, and its file; None where it has a mistake, of these or found by marking it.

    `browser`: what was compared there. Left out, what a certificate that still matches says of it stays.
    """
    if examined.mistakes or _has_any(mistakes, exercise=examined.exercise):
        return None
    earlier = certificate.matching(examined.exercise)
    made = certificate.certificate_of(examined, browser=browser or (earlier.browser if earlier else None))
    return _write(made, exercise=examined.exercise)


def add_browser(
    found: Certificate, *, exercise: Exercise, mistakes: Iterable[Mistake], browser: dict[str, Any]
) -> Path | None:
    """Say in a certificate that matches what was compared in the browser's Python, unless it is a mistake; its file.

    None where there is nothing new to say.
    """
    if found.browser == browser or _has_any(mistakes, exercise=exercise):
        return None
    return _write(replace(found, browser=browser), exercise=exercise)


def _write(made: Certificate, *, exercise: Exercise) -> Path:
    certificate.write(made, folder=exercise.folder)
    return exercise.folder / FILE


def _has_any(mistakes: Iterable[Mistake], *, exercise: Exercise) -> bool:
    return any(mistake.file.resolve().is_relative_to(exercise.folder) for mistake in mistakes)


def _refuse_unknown(item: str, *, library: Library) -> None:
    modules = [module for course in library.courses for module in course.modules]
    names = [f"{module.slug}/{each.slug}" for module in modules for each in module.items]
    if item and item not in names and not library.refused:
        raise NoSuchItem(f"There is no item {item}. Write MODULE/ITEM: {', '.join(names) or 'there is none'}.")


def _note_refused(library: Library, *, remarks: Remarks) -> None:
    for error in library.refused.values():
        remarks.mistakes.mistakes += error.mistakes


def _sorted(mistakes: list[Mistake]) -> tuple[Mistake, ...]:
    return tuple(sorted(set(mistakes)))
