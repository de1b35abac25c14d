"""How much there is of each course, as a table in Markdown: docs/measurements.md has it."""

from collections.abc import Iterable
from typing import Any

from upskill.authoring.parity.exercises import Exercise, exercises_of
from upskill.catalogue.course_files.certificate import Certificate
from upskill.catalogue.course_files.shape import CourseContent

from . import certificate
from .reading_age import count_of_words, prose_of

HEAD = (
    "course", "modules", "lessons", "words in them", "minutes", "quiz questions", "exercises", "checks",
    "of them by a person", "wrong answers caught", "tricks held",
)  # fmt: skip


class NotChecked(Exception):
    """An exercise has no certificate that matches, so nobody knows what it catches. The message says how to get one."""


def table(courses: Iterable[CourseContent]) -> str:
    """A line for each course, and one for all together. Raises NotChecked."""
    figures = {course.id: figures_of(course) for course in courses}
    figures["together"] = tuple(map(sum, zip(*figures.values(), strict=True)))
    lines = [_line((name, *numbers)) for name, numbers in figures.items()]
    return "\n".join([_line(HEAD), "|---" * len(HEAD) + "|", *lines])


def figures_of(course: CourseContent) -> tuple[int, ...]:
    """The figures of one course, in the order of HEAD. Raises NotChecked."""
    items = [item for module in course.modules for item in module.items]
    lessons = [item for item in items if item.kind == "lesson"]
    exercises = exercises_of(course)
    checks = [check for exercise in exercises for check in exercise.content.checks]
    found = [_certificate(exercise) for exercise in exercises]
    return (
        len(course.modules),
        len(lessons),
        sum(count_of_words(prose_of(item.page["html"])) for item in lessons),
        sum(item.minutes for item in items),
        sum(len(item.page["questions"]) for item in items if item.kind == "quiz"),
        len(exercises),
        len(checks),
        sum(check.by_person for check in checks),
        sum(each.caught for each in found),
        sum(each.held for each in found),
    )


def _certificate(exercise: Exercise) -> Certificate:
    found = certificate.matching(exercise)
    if found is None:
        raise NotChecked(f"{exercise.name} has no certificate that matches. Run manage.py check_course first.")
    return found


def _line(cells: Iterable[Any]) -> str:
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else cell for cell in cells)} |"
