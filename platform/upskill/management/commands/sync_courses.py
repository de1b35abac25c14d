"""Load courses from their folders into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from upskill.authoring.places import near
from upskill.catalogue import sync
from upskill.catalogue.course_files.library import Library, read_library
from upskill.catalogue.course_files.mistakes import CourseError
from upskill.management.mistakes import refusal
from upskill.skills.services import NamedByAFramework, sync_skills

_OTHER_TABLES = (
    "Nothing was loaded: the database does not have the tables of this version yet. "
    "Run ./run on your own computer, manage.py prepare on a server, or manage.py migrate, then load again."
)
_THEN = "Courses with a mistake were not changed. Correct them and load again."


class Command(BaseCommand):
    """Reads the folders in COURSE_DIRS, or those named. A course or path that has not changed stays as it is.

    Exercises that no certificate fits are loaded, named, and not open for handing in.
    """

    help = "Load courses and paths from COURSE_DIRS, or from the folders named, into the database. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", type=Path, metavar="PATH", help="a course folder, or a folder of courses"
        )
        parser.add_argument(
            "--check-parity",
            action="store_true",
            help="refuse courses whose exercises differ in the browser's Python; needs what check_parity needs",
        )
        parser.add_argument(
            "--unchecked",
            action="store_true",
            help="let exercises be handed in that have no certificate of their content, for good",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        places = [near(path) for path in options["paths"] or settings.COURSE_DIRS]
        _refuse_other_tables()
        try:
            library = read_library(places)
        except CourseError as error:
            raise refusal(error.mistakes, to=self.stderr, then=_THEN) from error
        if options["check_parity"]:
            library = _compared(library)
        _load_skills(library)
        report = sync.load(
            library,
            is_all=not options["paths"],
            by=None,
            now=timezone.now(),
            opens_unchecked=options["unchecked"],
        )
        self._say(report, paths=len(library.paths))
        if report.mistakes:
            raise refusal(report.mistakes, to=self.stderr, then=_THEN)

    def _say(self, report: sync.SyncReport, *, paths: int) -> None:
        for course in report.loaded:
            self.stdout.write(f"{course.course} {course.version}: {course.outcome}, items: {course.items}")
            for why in course.closed:
                self.stdout.write(f"not checked: {why}")
        if report.paths_changed:
            self.stdout.write(f"paths: {paths}, changed: {report.paths_changed}")


def _load_skills(library: Library) -> None:
    skills = [
        {
            "slug": skill.slug,
            "name": skill.name,
            "statements": skill.statements_as_json(),
            "valid_months": skill.valid_months,
            "same_as": skill.same_as,
        }
        for skill in library.skills.by_slug.values()
    ]
    try:
        sync_skills(skills, by=None, now=timezone.now())
    except NamedByAFramework as named:
        raise CommandError(f"Nothing was loaded. {named}") from named


def _refuse_other_tables() -> None:
    """Raise CommandError where the database has not had every migration: writing would end in its own words."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(_OTHER_TABLES, returncode=2)


def _compared(library: Library) -> Library:
    # Imported here: a server that only loads courses need not start an engine, and need not have Node.
    from upskill.authoring.parity import comparing, needs, publishing

    try:
        return publishing.without_differing(library, runtime=needs.runtime())
    except comparing.REFUSALS as not_run:
        raise CommandError(f"Nothing was loaded. {not_run}", returncode=2) from not_run
