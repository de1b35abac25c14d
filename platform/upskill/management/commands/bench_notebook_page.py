"""The page of an exercise against JupyterLite, in Chromium: how soon a first cell answers, and what our code weighs."""

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from upskill.browser_runtime import places
from upskill.management.bench_stack.figures import Figures
from upskill.management.bench_stack.stack import BenchProblem
from upskill_stack.demo import Stopped, stop_signals

LINE = "{what:<58} {median:>13} {worst:>8}"
STOPPED = 130


class Command(BaseCommand):
    """Both are visited in turn with empty browsers and again, on servers of the bench's own. Nothing of any other stack
    is touched, and nothing of the bench is left.

    Ends with 1 when a page did not do what it should; for a promise that is not kept only with --limit.
    """

    help = "Compare the page of an exercise with JupyterLite in Chromium, on servers of the bench's own."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each is visited (3)")
        parser.add_argument("--limit", action="store_true", help="exit with 1 where a promise is not kept")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rounds"] < 1:
            raise CommandError("--rounds needs 1 or more.")
        if find_spec("playwright") is None:
            raise CommandError("Playwright is not installed: run requirements/install tests.")
        runtime = self._runtime()
        from upskill.management.notebook_bench import bench  # not before we know that Playwright is there

        needs = bench.Needs(os.environ.get("CHROMIUM", "/usr/bin/chromium"), runtime, settings.PACKAGE_INDEX)
        try:
            with stop_signals():
                figures = bench.measure(needs, rounds=options["rounds"], say=self.stderr.write)
        except BenchProblem as problem:
            raise CommandError(str(problem)) from problem
        except Stopped as stopped:
            raise CommandError("Stopped. Nothing of the bench is left.", returncode=STOPPED) from stopped
        self._say(figures, options=options)

    def _runtime(self) -> Path:
        if places.state() != places.State.THERE:
            call_command("fetch_browser_runtime", stdout=self.stderr)  # refuses where this site does without
        return places.folder()

    def _say(self, figures: Figures, *, options: dict[str, Any]) -> None:
        from upskill.management.notebook_bench.sums import promised

        self.stdout.write(json.dumps(figures, indent=1) if options["json"] else as_table(figures))
        missed = [promise.name for promise in promised(figures) if not promise.is_kept]
        if missed and options["limit"]:
            raise CommandError(f"Not kept: {'; '.join(missed)}.", returncode=1)


def as_table(figures: Figures) -> str:
    """Everything that was measured, and what of the promises is kept."""
    from upskill.management.notebook_bench.sums import promised

    spreads = {what: spread for what, spread in figures["detail"].items() if what != "rounds"}
    lines = [LINE.format(what=f"seconds, {figures['detail']['rounds']} rounds", median="median", worst="worst")]
    lines += [LINE.format(what=what.replace("_", " "), **spread) for what, spread in spreads.items()]
    return "\n".join([*lines, "", *(promise.line() for promise in promised(figures))])
