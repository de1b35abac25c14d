"""The gate that a course passes before learners meet it."""

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grading.engine import Engine, EngineFailed
from upskill.authoring.gate import engines, running, table
from upskill.authoring.gate.running import NoSuchItem, Read, Tried
from upskill.authoring.parity import comparing, needs, publishing
from upskill.authoring.parity.exercises import Exercise
from upskill.catalogue.course_files.mistakes import CourseError, Mistake

NOT_RUN = 2


class Command(BaseCommand):
    """For authors and CI. The exit code is 0 where all is well, 1 with every mistake listed, 2 where it was not run."""

    help = "Check courses: their files, their promises, and by the marking engine what each exercise claims."
    requires_system_checks = ()  # they would load every page

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", type=Path, metavar="PATH",
            help="a course folder, or a folder of courses; left out: COURSE_DIRS",
        )  # fmt: skip
        parser.add_argument("--item", default="", metavar="MODULE/ITEM", help="check this item alone")
        parser.add_argument("--all", action="store_true", help="mark exercises with a matching certificate again")
        parser.add_argument("--quick", action="store_true", help="read only: start no marking engine")
        parser.add_argument(
            "--browser", action="store_true",
            help="compare with the browser's Python too; needs what check_parity needs, and minutes for each exercise",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        places = [_near(path) for path in options["paths"] or settings.COURSE_DIRS]
        try:
            found = running.read(places, item=options["item"])
            tried = self._tried(found, **options)
        except CourseError as error:
            raise self._refusal(error.mistakes) from error
        except (NoSuchItem, EngineFailed, *comparing.REFUSALS) as refusal:
            raise CommandError(str(refusal), returncode=NOT_RUN) from refusal
        self._report(found, tried)
        mistakes = tuple(sorted({*found.mistakes, *tried.mistakes, *self._compared(tried, **options)}))
        for file in running.certify(tried, mistakes=mistakes):
            self.stdout.write(f"written: {_near(file)}")
        for advice in found.advice:
            self.stdout.write(f"advice: {_shown(advice)}")
        if mistakes:
            raise self._refusal(mistakes)
        self.stdout.write("No mistake found.")

    def _tried(self, found: Read, **options: Any) -> Tried:
        if options["quick"]:
            return Tried((), ())
        with ExitStack() as stack:
            return running.try_out(
                found.exercises,
                again=options["all"],
                start=lambda: stack.enter_context(engines.started()),
                say=self._say,
            )

    def _compared(self, tried: Tried, **options: Any) -> list[Mistake]:
        """What differs in the browser's Python, of the exercises that were tried."""
        exercises: list[Exercise] = [each.exercise for each in tried.examined]
        if not (options["browser"] and exercises):
            return []
        try:
            runtime = needs.runtime()
            with Engine() as engine:
                return [m for each in exercises for m in publishing.mistakes_in(each, engine=engine, runtime=runtime)]
        except comparing.REFUSALS as refusal:
            raise CommandError(str(refusal), returncode=NOT_RUN) from refusal

    def _report(self, found: Read, tried: Tried) -> None:
        for course in found.library.courses:
            self.stdout.write(table.of_course(course))
        for exercise, certificate in tried.unchanged:
            self.stdout.write(table.of_certificate(exercise.name, certificate))
        for examined in tried.examined:
            self.stdout.write(table.of_exercise(examined))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _refusal(self, mistakes: tuple[Mistake, ...]) -> CommandError:
        for mistake in mistakes:
            self.stderr.write(_shown(mistake))
        return CommandError("1 mistake found." if len(mistakes) == 1 else f"{len(mistakes)} mistakes found.")


def _shown(mistake: Mistake) -> str:
    return f"{_near(mistake.file)}:{mistake.line}: {mistake.problem} {mistake.cure}"


def _near(path: Path) -> Path:
    """The path from the working folder where that is shorter, so that messages can be clicked in a terminal."""
    return path.relative_to(Path.cwd()) if path.is_absolute() and path.is_relative_to(Path.cwd()) else path
