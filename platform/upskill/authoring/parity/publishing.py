"""Keeps courses out that would mean something else in the browser than in the marking engine."""

from collections.abc import Iterable
from dataclasses import replace

from grading.engine import Engine
from upskill.authoring.places import line_of_cell
from upskill.catalogue.course_files.library import Library
from upskill.catalogue.course_files.mistakes import CourseError, Mistake
from upskill.catalogue.course_files.shape import CourseContent

from .browser_python import Runtime
from .comparing import Compared, compared, shown
from .exercises import Exercise, exercises_of

_CURE = "docs/browser-python.md says what usually differs, and manage.py check_parity shows the messages."


def without_differing(library: Library, *, runtime: Runtime) -> Library:
    """The library, with each course refused in which a check of some answer differs. Raises `comparing.REFUSALS`."""
    courses, refused = [], dict(library.refused)
    with Engine() as engine:
        for course in library.courses:
            if mistakes := _mistakes(course, engine=engine, runtime=runtime):
                refused[course.file.parent] = CourseError(mistakes)
            else:
                courses.append(course)
    return replace(library, courses=tuple(courses), refused=refused)


def mistakes_in(checks: Iterable[Compared], *, exercise: Exercise) -> list[Mistake]:
    """Each check of each known answer that gives other points in the browser."""
    return [_mistake(each, exercise=exercise) for each in checks if each.differs]


def _mistakes(course: CourseContent, *, engine: Engine, runtime: Runtime) -> list[Mistake]:
    return [
        mistake
        for exercise in exercises_of(course)
        for mistake in mistakes_in(compared(exercise, engine=engine, runtime=runtime), exercise=exercise)
    ]


def _mistake(each: Compared, *, exercise: Exercise) -> Mistake:
    problem = (
        f"{each.check} gives {shown(each.engine.points)} to the answer '{each.answer}' in the marking engine, "
        f"and {shown(each.browser.points)} in the browser."
    )
    file = exercise.folder / "exercise.py"
    return Mistake(file, line_of_cell(file, each.check), problem, _CURE)
