"""How long it takes from handing in to the mark on the page, on a real stack of the bench's own."""

import json
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upskill.management.bench_stack import promises
from upskill.management.bench_stack.figures import Figures
from upskill.management.bench_stack.marking import Bench, Wanted
from upskill.management.bench_stack.stack import BenchProblem, own_stack
from upskill_stack.demo import Stopped, stop_signals

LINE = "{what:<44} {number:>7} {median:>8} {p95:>8} {worst:>8}"
STOPPED = 130


class Command(BaseCommand):
    """Learners hand in over HTTP and watch their page as its script does. Nothing of any other stack is touched.

    Ends with 1 when an answer was lost or has a wrong mark; for timing only with --limit.
    """

    help = "Time the way from handing in to the mark on the page, on a stack of the bench's own."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--people", type=int, default=60, metavar="N", help="learners who take turns (60)")
        parser.add_argument("--repeat", type=int, default=60, metavar="N", help="answers one after the other (60)")
        parser.add_argument("--seconds", type=float, default=60, metavar="S", help="how long many work at once (60)")
        parser.add_argument("--at-once", type=int, default=12, metavar="N", help="how many do then (12)")
        parser.add_argument("--history", type=int, default=0, metavar="N", help="measure again after N earlier answers")
        parser.add_argument(
            "--flood", type=int, nargs="?", const=50_000, default=0, metavar="N",
            help="measure again while N regrades wait (50,000), and a tenth of that in a rush of one department",
        )  # fmt: skip
        parser.add_argument("--limit", action="store_true", help="exit with 1 where a promise is not kept")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Wanted(
            people=options["people"], repeat=options["repeat"], seconds=options["seconds"], at_once=options["at_once"],
            earlier=options["history"], regrades=options["flood"], rush=options["flood"] // 10,
        )  # fmt: skip
        if min(wanted.repeat, wanted.at_once, wanted.seconds) < 1 or wanted.people < wanted.at_once:
            raise CommandError(
                "--repeat, --at-once and --seconds need 1 or more, --people at least as many as --at-once."
            )
        try:
            with stop_signals(), own_stack() as stack:
                figures = Bench(stack, wanted, say=self.stderr.write).measure()
        except BenchProblem as problem:
            raise CommandError(str(problem)) from problem
        except Stopped as stopped:
            raise CommandError("Stopped. Nothing of the bench is left.", returncode=STOPPED) from stopped
        self._say(figures, options=options)

    def _say(self, figures: Figures, *, options: dict[str, Any]) -> None:
        figures |= {"cores": os.cpu_count()}
        self.stdout.write(json.dumps(figures, indent=1) if options["json"] else as_table(figures))
        if figures["wrong"]:
            raise CommandError("\n".join(figures["wrong"]), returncode=1)
        missed = [promise.name for promise in promises.of_marking(figures) if not promise.is_kept]
        if missed and options["limit"]:
            raise CommandError(f"Not kept: {'; '.join(missed)}.", returncode=1)


def as_table(figures: Figures) -> str:
    """Everything that was measured, and what of the promises is kept."""
    lines = [LINE.format(what="seconds", number="answers", median="median", p95="p95", worst="worst")]
    lines += _stretch(figures)
    if history := figures.get("history"):
        made = history["made"]
        lines.append(
            f"\nAfter {made['answers']:,} earlier answers of {made['people']:,} people ({made['database_gb']} GB)"
        )
        lines += _stretch(history)
    if flood := figures.get("flood"):
        made, left = flood["made"], sum(flood["left"].values())
        lines.append(f"\nBeside {made['regrades']:,} regrades and a rush of {made['rush']:,} ({left:,} still wait)")
        lines += _stretch({"idle": flood["idle"]})
    lines += [
        "",
        *(f"A slot: {slot['site_mb']} MB of the site, {slot['engine_mb']} of the engine" for slot in figures["slots"]),
    ]
    lines += ["", *(promise.line() for promise in promises.of_marking(figures))]
    return "\n".join(lines)


def _stretch(figures: Figures) -> list[str]:
    """The lines of one idle stretch and, where there is one, of one busy stretch."""
    idle, busy = figures["idle"], figures.get("busy")
    used = ", ".join(f"{name} {ms}" for name, ms in idle["processor_ms"].items())
    lines = [
        LINE.format(what="one by one, from click to mark", **idle["click_to_mark"]),
        LINE.format(what="    until the page after the form", **idle["click_to_page"]),
        LINE.format(what="    in the queue", **idle["queued"]),
        LINE.format(what="    in a slot", **idle["in_a_slot"]),
        f"    processor time of an answer in ms: {used}; cores busy {idle['machine_busy']:.0%}",
    ]
    if busy:
        lines += [
            LINE.format(what=f"{busy['at_once']} at once, from click to mark", **busy["click_to_mark"]),
            f"    {busy['per_second']} marks a second; cores busy {busy['machine_busy']:.0%}, "
            f"the learners themselves {busy['own_share_of_a_core']:.0%} of one",
        ]
    return lines
