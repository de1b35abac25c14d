"""Very many learners at once on a real stack of the bench's own: how long pages take, and whether anything fails."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upskill.management.bench_stack import load, promises
from upskill.management.bench_stack.figures import Figures, spread
from upskill.management.bench_stack.learner import Answer, learners
from upskill.management.bench_stack.marking import WARM_UP
from upskill.management.bench_stack.outcome import outcome
from upskill.management.bench_stack.stack import BenchProblem, OwnStack, own_stack
from upskill.management.bench_stack.turns import Turns
from upskill_stack.demo import Stopped, stop_signals

LINE = "{what:<34} {number:>8} {median:>8} {p95:>8} {worst:>8}"
STOPPED = 130


class Command(BaseCommand):
    """Everybody opens a page every 30 seconds, saves a draft every 10 and hands in every 5 minutes.

    Nothing of any other stack is touched.

    Ends with 1 when a request failed, an answer was lost or has a wrong mark; for timing only with --limit.
    """

    help = "Let very many learners learn at once, on a stack of the bench's own."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--people", type=int, default=500, metavar="N", help="learners at once (500)")
        parser.add_argument("--seconds", type=float, default=300, metavar="S", help="for how long (300)")
        parser.add_argument("--pace", type=float, default=1, metavar="X", help="everything X times as often (1)")
        parser.add_argument("--limit", action="store_true", help="exit with 1 where a promise is not kept")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["people"] < 1 or options["seconds"] < 1 or options["pace"] <= 0:
            raise CommandError("--people and --seconds need 1 or more, --pace more than 0.")
        try:
            with stop_signals(), own_stack() as stack:
                self.stderr.write(f"Making {options['people']} learners")
                crowd = stack.step("crowd", options["people"])
                Turns(learners(stack.url, crowd=crowd)[:WARM_UP]).one_by_one(WARM_UP)
                self.stderr.write(f"They learn for {options['seconds']:g} seconds")
                plan = load.Plan(stack.url, crowd, seconds=options["seconds"], pace=options["pace"])
                figures = _measured(stack, plan=plan)
        except BenchProblem as problem:
            raise CommandError(str(problem)) from problem
        except Stopped as stopped:
            raise CommandError("Stopped. Nothing of the bench is left.", returncode=STOPPED) from stopped
        self._say(figures, options=options)

    def _say(self, figures: Figures, *, options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(figures, indent=1) if options["json"] else as_table(figures))
        if figures["errors"] or figures["wrong"]:
            failed = [f"{count} times: {what}" for what, count in figures["failed"].items()]
            raise CommandError("\n".join([*failed, *figures["wrong"]]), returncode=1)
        missed = [promise.name for promise in promises.of_load(figures) if not promise.is_kept]
        if missed and options["limit"]:
            raise CommandError(f"Not kept: {'; '.join(missed)}.", returncode=1)


def as_table(figures: Figures) -> str:
    """Everything that was measured, what was not, and what of the promises is kept."""
    heading = LINE.format(what="seconds", number="number", median="median", p95="p95", worst="worst")
    lines = [LINE.format(what=what, **spread) for what, spread in figures["requests"].items()]
    lines.append(LINE.format(what="from click to mark", **figures["click_to_mark"]))
    cost = figures["generator"]
    said = [
        f"{figures['people']} learners, {figures['requests_per_second']} requests a second, {figures['errors']} failed",
        f"The machine's {figures['cores']} cores were busy for {cost['machine_busy']:.0%} of {cost['seconds']} s",
        f"The learners took {cost['own_processor_seconds']} s of that, {cost['own_share_of_a_core']:.0%} of a core",
    ]
    return "\n".join([heading, *lines, "", *said, "", *(promise.line() for promise in promises.of_load(figures))])


def _measured(stack: OwnStack, *, plan: load.Plan) -> Figures:
    command = [sys.executable, "-m", load.__name__]
    told = json.dumps(asdict(plan))
    done = subprocess.run(command, env=stack.environment, input=told, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise BenchProblem("The crowd's own process failed: the lines above say why.")
    met = json.loads(done.stdout)
    answers = [Answer(**answer) for answer in met["answers"]]
    asked: dict[str, list[float]] = {"page": [], **met["asked"]}
    requests = sum(len(seconds) for seconds in asked.values())
    return {
        "cores": os.cpu_count(),
        "people": len(plan.crowd["sessions"]),
        "requests": {kind: spread(seconds) for kind, seconds in asked.items()},
        "requests_per_second": round(requests / met["cost"]["seconds"], 1),
        "click_to_mark": spread([answer.seen for answer in answers]),
        "errors": len(met["errors"]),
        "failed": dict(Counter(met["errors"]).most_common(10)),
        "generator": met["cost"],
        "wrong": outcome(stack, answers=answers).wrong,
    }
