"""Compare exercises in the browser's Python with the marking engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grading.engine import Engine
from upskill.authoring.parity import needs
from upskill.authoring.parity.browser_python import Runtime
from upskill.authoring.parity.comparing import REFUSALS, Compared, compared, shown
from upskill.authoring.parity.exercises import Exercise, NoSuchExercise, chosen

NOT_RUN = 2


class Command(BaseCommand):
    """For authors and CI. The exit code is 0 where all is equal, 1 where something differs, 2 where it was not run."""

    help = "Mark an exercise's solution, stub and wrong answers in the browser's Python and in the marking engine."
    requires_system_checks = ()  # they would load every page

    def __init__(self, *args: Any, node: Callable[[], Path | None] = needs.find_node, **options: Any) -> None:
        super().__init__(*args, **options)
        self._node = node

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "exercise", nargs="?", default="", metavar="EXERCISE",
            help="COURSE/MODULE/ITEM, or the folder of an exercise or a course; left out: all in COURSE_DIRS",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            runtime = needs.runtime(node=self._node)
            exercises = chosen(options["exercise"], places=settings.COURSE_DIRS)
            checks = self._compare(exercises, runtime=runtime)
        except (*REFUSALS, NoSuchExercise) as refusal:
            raise CommandError(str(refusal), returncode=NOT_RUN) from refusal
        if differing := sum(each.differs for each in checks):
            raise CommandError(
                f"{differing} of {len(checks)} checks differ. docs/browser-python.md says what usually does, and why."
            )
        self.stdout.write(f"{len(checks)} checks, none differs.")

    def _compare(self, exercises: list[Exercise], *, runtime: Runtime) -> list[Compared]:
        checks: list[Compared] = []
        with Engine() as marker:
            for exercise in exercises:
                self.stdout.write(f"{exercise.name}\n{_row('answer', 'check', 'engine', 'browser', '')}")
                for each in compared(exercise, engine=marker, runtime=runtime):
                    self.stdout.write("\n".join(_lines(each)))
                    checks.append(each)
        return checks


def _lines(each: Compared) -> list[str]:
    """A row of the table, and both messages where they are not the same."""
    said = "DIFFERS" if each.differs else "equal, in other words" if each.has_other_words else "equal"
    row = _row(each.answer, each.check, shown(each.engine.points), shown(each.browser.points), said)
    if not (each.differs or each.has_other_words):
        return [row]
    sides = {"engine": each.engine, "browser": each.browser}
    return [row, *(f"    {name:8}{_one_line(result.message) or result.status}" for name, result in sides.items())]


def _row(answer: str, check: str, engine: str, browser: str, said: str) -> str:
    return f"  {answer:24} {check:24} {engine:>8} {browser:>8}  {said}".rstrip()


def _one_line(message: str) -> str:
    return " ".join(message.split())
