"""Brings courses from their folders into the database. Safe to repeat, in any order, and by several at once."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import DatabaseError, DataError, IntegrityError

from upskill.people.models import User

from . import paths, queries
from .course_files.library import Library
from .course_files.mistakes import CourseError, Mistake
from .course_files.shape import CourseContent
from .services import Outcome, publish_course

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Loaded:
    """One course without a mistake, and what became of it."""

    course: str
    version: str
    outcome: Outcome
    items: int
    closed: tuple[Mistake, ...] = ()  # why exercises cannot be handed in: no certificate of their content


@dataclass(frozen=True)
class SyncReport:
    """What a sync did, in the order of course ids, how many paths it changed, and every mistake that kept one out."""

    loaded: tuple[Loaded, ...]
    mistakes: tuple[Mistake, ...]
    paths_changed: int = 0


def load(
    library: Library,
    *,
    is_all: bool = False,
    by: User | None,
    now: dt.datetime,
    opens_unchecked: bool = False,
) -> SyncReport:
    """Publish the courses of a library, each in its own transaction: a course with a mistake changes nothing.

    `is_all`: there is no other library, so a path that is not in it is offered no more, unless some could not be read.
    Exercises without a certificate of their content can be practised and not be handed in; with `opens_unchecked` both.
    """
    loaded: list[Loaded] = []
    mistakes = [mistake for error in library.refused.values() for mistake in error.mistakes]
    for course in sorted(library.courses, key=lambda course: course.id):
        try:
            outcome = publish_course(course, by=by, now=now, opens_unchecked=opens_unchecked)
        except CourseError as error:
            mistakes += error.mistakes
            continue
        except (IntegrityError, DataError) as error:  # its transaction is rolled back; without a database none goes on
            log.exception("the database refused the course %s %s", course.id, course.version)
            mistakes.append(_refused(course, error))
            continue
        items = sum(len(module.items) for module in course.modules)
        loaded.append(Loaded(course.id, course.version, outcome, items, _closed(course)))
    withdraw_others = is_all and library.all_paths_read
    paths_changed = paths.sync_paths(library.paths, withdraw_others=withdraw_others, by=by, now=now)
    return SyncReport(tuple(loaded), tuple(sorted(mistakes)), paths_changed)


def _refused(course: CourseContent, error: DatabaseError) -> Mistake:
    """What the database does not take, in its first line, which names the rule; the next would show a row."""
    said = str(error).partition("\n")[0]
    cure = "Report it as a fault of Upskill, with these words."
    return Mistake(course.file, 1, f"The database refused this course: {said}.", cure)


def _closed(course: CourseContent) -> tuple[Mistake, ...]:
    """Why each exercise that cannot be handed in has no certificate."""
    open_ones = queries.keys_of_open_exercises(course.id)
    return tuple(
        item.checked.why_not
        for module in course.modules
        for item in module.items
        if item.checked and item.checked.why_not and f"{module.slug}/{item.slug}" not in open_ones
    )
