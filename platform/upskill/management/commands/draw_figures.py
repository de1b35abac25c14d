"""Draw the figures of lessons, or say which are not what their programs draw."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from upskill.authoring.figures import programs
from upskill.authoring.places import near
from upskill.authoring.whole_folders import replace_whole
from upskill.catalogue.course_files.mistakes import CourseError, Mistake
from upskill.management.mistakes import refusal

NOT_RUN = 2
_CURE = "Run `manage.py draw_figures`, look at the picture, commit it, and raise the course's version."


class Command(BaseCommand):
    """For authors and CI. The exit code is 0 where all is well, 1 with every mistake listed, 2 where it was not run.

    It runs programs of authors with your rights: run it on courses whose authors you trust.
    """

    help = "Run the programs that draw the figures of lessons, and write each picture that has changed."
    requires_system_checks = ()  # they would load every page

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", type=Path, metavar="PATH",
            help="a course folder, or a folder of courses; left out: COURSE_DIRS",
        )  # fmt: skip
        parser.add_argument("--check", action="store_true", help="write nothing; a picture that differs is a mistake")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = programs.programs_in([near(path) for path in options["paths"] or settings.COURSE_DIRS])
        except CourseError as error:
            raise CommandError(str(error), returncode=NOT_RUN) from error
        mistakes = [each for drawn in programs.drawn(found) for each in self._come_of(drawn, check=options["check"])]
        if mistakes:
            raise refusal(mistakes, to=self.stderr)
        self.stdout.write("1 figure." if len(found) == 1 else f"{len(found)} figures.")

    def _come_of(self, drawn: programs.Drawn, *, check: bool) -> tuple[Mistake, ...]:
        """Write the picture if that is wanted and it is another one; what is wrong with it otherwise."""
        if drawn.mistakes or drawn.is_committed:
            return drawn.mistakes
        if check:
            return (Mistake(drawn.picture, 1, "This is not what its program draws.", _CURE),)
        replace_whole(drawn.picture, drawn.svg)
        self.stdout.write(f"drawn: {near(drawn.picture)}")
        return ()
