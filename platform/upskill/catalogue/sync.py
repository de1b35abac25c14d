"""Brings courses from their folders into the database. Safe to repeat, in any order, and by several at once."""

import datetime as dt
from dataclasses import dataclass

from upskill.people.models import User

from .course_files.library import Library
from .course_files.mistakes import CourseError, Mistake
from .services import Outcome, publish_course


@dataclass(frozen=True)
class Loaded:
    """One course without a mistake, and what became of it."""

    course: str
    version: str
    outcome: Outcome
    items: int


@dataclass(frozen=True)
class SyncReport:
    """What a sync did, in the order of course ids, and every mistake that kept a course out."""

    loaded: tuple[Loaded, ...]
    mistakes: tuple[Mistake, ...]


def load(library: Library, *, by: User | None, now: dt.datetime) -> SyncReport:
    """Publish the courses of a library, each in its own transaction: a course with a mistake changes nothing."""
    loaded: list[Loaded] = []
    mistakes = [mistake for error in library.refused.values() for mistake in error.mistakes]
    for course in sorted(library.courses, key=lambda course: course.id):
        try:
            outcome = publish_course(course, by=by, now=now)
        except CourseError as error:
            mistakes += error.mistakes
            continue
        items = sum(len(module.items) for module in course.modules)
        loaded.append(Loaded(course.id, course.version, outcome, items))
    return SyncReport(tuple(loaded), tuple(sorted(mistakes)))
