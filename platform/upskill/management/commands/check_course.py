"""The gate that a course passes before learners meet it."""

from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grading.engine import Engine
from upskill.authoring.gate import engines, running, size, table
from upskill.authoring.gate.engines import Engines
from upskill.authoring.gate.exercise import Examined
from upskill.authoring.gate.running import NoSuchItem, Read, Tried
from upskill.authoring.parity import comparing, needs, publishing
from upskill.authoring.parity.browser_python import Runtime
from upskill.authoring.places import near
from upskill.browser_runtime import manifest
from upskill.catalogue.course_files.library import read_library
from upskill.catalogue.course_files.mistakes import CourseError, Mistake
from upskill.management.mistakes import refusal, shown

NOT_RUN = 2
Start = Callable[[], AbstractContextManager[Engines]]
_CONTRADICTION = "--quick runs nothing, and --browser runs every answer. Leave one of them out."


class Command(BaseCommand):
    """For authors and CI. The exit code is 0 where all is well, 1 with every mistake listed, 2 where it was not run."""

    help = "Check courses: their files, their promises, and by the marking engine what each exercise claims."
    requires_system_checks = ()  # they would load every page

    def __init__(self, *args: Any, start: Start = engines.started, **options: Any) -> None:
        super().__init__(*args, **options)
        self._start = start

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", type=Path, metavar="PATH",
            help="a course folder, or a folder of courses; left out: COURSE_DIRS",
        )  # fmt: skip
        parser.add_argument("--item", default="", metavar="MODULE/ITEM", help="check this item alone")
        parser.add_argument("--all", action="store_true", help="mark exercises with a matching certificate again")
        parser.add_argument("--quick", action="store_true", help="read only: start no marking engine")
        parser.add_argument(
            "--figures",
            action="store_true",
            help="print how much there is of each course, as a table, and check nothing",
        )
        parser.add_argument(
            "--browser", action="store_true",
            help="compare with the browser's Python too; needs what check_parity needs, and minutes for each exercise",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["quick"] and options["browser"]:
            raise CommandError(_CONTRADICTION, returncode=NOT_RUN)
        places = [near(path) for path in options["paths"] or settings.COURSE_DIRS]
        try:
            if options["figures"]:
                self._print_figures(places)
                return
            runtime = needs.runtime() if options["browser"] else None  # before the minutes that marking takes
            found = running.read(places, item=options["item"])
            tried = self._tried(found, **options)
            self._report(found, tried)
            differing = self._compared(found, tried, runtime=runtime) if runtime else []
        except CourseError as error:
            raise refusal(error.mistakes, to=self.stderr) from error
        except (NoSuchItem, size.NotChecked, *comparing.REFUSALS) as not_run:
            raise CommandError(str(not_run), returncode=NOT_RUN) from not_run
        mistakes = tuple(sorted({*found.mistakes, *tried.mistakes, *differing}))
        for advice in found.advice:
            self.stdout.write(f"advice: {shown(advice)}")
        if mistakes:
            raise refusal(mistakes, to=self.stderr)
        self.stdout.write("No mistake found.")

    def _print_figures(self, places: list[Path]) -> None:
        library = read_library(places)
        if library.refused:
            mistakes = [mistake for error in library.refused.values() for mistake in error.mistakes]
            raise refusal(mistakes, to=self.stderr)
        self.stdout.write(size.table(library.courses))

    def _tried(self, found: Read, **options: Any) -> Tried:
        if options["quick"]:
            return Tried((), ())
        with ExitStack() as stack:
            return running.try_out(
                found.exercises,
                again=options["all"],
                start=lambda: stack.enter_context(self._start()),
                say=self._say,
                keep=lambda examined: None if options["browser"] else self._certify(examined, found.mistakes),
            )

    def _compared(self, found: Read, tried: Tried, *, runtime: Runtime) -> list[Mistake]:
        """What differs in the browser's Python, of every exercise. Where nothing does, the certificate says so."""
        examined = {each.exercise.folder: each for each in tried.examined}
        known = {exercise.folder: certificate for exercise, certificate in tried.unchanged}
        differing: list[Mistake] = []
        with Engine() as engine:
            for exercise in found.exercises:
                self._say(f"{exercise.name}: being compared with the browser's Python")
                checks = list(comparing.compared(exercise, engine=engine, runtime=runtime))
                differing += publishing.mistakes_in(checks, exercise=exercise)
                facts: dict[str, Any] = {"pyodide": manifest.read().pyodide, "checks": len(checks)}
                mistakes = (*found.mistakes, *differing)
                if each := examined.get(exercise.folder):
                    file = running.certify(each, mistakes=mistakes, browser=facts)
                else:
                    certificate = known[exercise.folder]
                    file = running.add_browser(certificate, exercise=exercise, mistakes=mistakes, browser=facts)
                self._written(file)
        return differing

    def _certify(self, examined: Examined, mistakes: tuple[Mistake, ...]) -> None:
        self._written(running.certify(examined, mistakes=mistakes))

    def _written(self, file: Path | None) -> None:
        if file:
            self._say(f"written: {near(file)}")

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
