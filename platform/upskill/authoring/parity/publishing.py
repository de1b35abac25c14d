"""Keeps courses out that would mean something else in the browser than in the marking engine."""

from pathlib import Path

from grading.engine import Engine
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
    return Library(library.skills, tuple(courses), refused)


def _mistakes(course: CourseContent, *, engine: Engine, runtime: Runtime) -> list[Mistake]:
    return [
        _mistake(each, exercise=exercise)
        for exercise in exercises_of(course)
        for each in compared(exercise, engine=engine, runtime=runtime)
        if each.differs
    ]


def _mistake(each: Compared, *, exercise: Exercise) -> Mistake:
    problem = (
        f"{each.check} gives {shown(each.engine.points)} to the answer '{each.answer}' in the marking engine, "
        f"and {shown(each.browser.points)} in the browser."
    )
    file = exercise.folder / "exercise.py"
    return Mistake(file, _line(file, check=each.check), problem, _CURE)


def _line(file: Path, *, check: str) -> int:
    """The line of the script on which the check's cell begins."""
    lines = enumerate(file.read_text(encoding="utf-8-sig").splitlines(), 1)
    return next((number for number, line in lines if line.startswith("# %%") and f'"{check}"' in line), 1)
