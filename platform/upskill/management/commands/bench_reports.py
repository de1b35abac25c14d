"""How long reports about teams and organisations take on the server, over as many people as the Civil Service has."""

import json
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from upskill.management.bench_stack.promises import Promise
from upskill.management.population import databases
from upskill.management.report_bench import promises
from upskill.management.report_bench.nights import Night, publish_all
from upskill.management.report_bench.plans import Queries
from upskill.management.report_bench.rounds import Visited, p95, visit
from upskill.marking.slot import MarkingPaused

LINE = "{view:<40} {asker:<27} {queries:>7} {work:>6} {median:>7} {p95:>7} {growth!s:>6}"
SLOWEST = 5


class Command(BaseCommand):
    """Makes the populations that it lacks, in databases of their own, publishes figures, and asks for every view."""

    help = "Time every view of teams and organisations on a large population and a tenth of it. Needs DEBUG=true."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--people", type=int, default=550_000, metavar="N", help="how many people (550000)")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the population (1)")
        parser.add_argument("--repeat", type=int, default=10, metavar="N", help="visits a round, of three rounds (10)")
        parser.add_argument("--plans", action="store_true", help="add the plans of the five slowest queries")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The bench makes databases of its own with invented people. It needs DEBUG=true.")
        if options["people"] < 10 or options["repeat"] < 1:
            raise CommandError("--people needs a whole number of 10 or more, --repeat one of 1 or more.")
        logging.disable(logging.WARNING)
        try:
            figures = self._measure(options)
        except MarkingPaused as pause:
            raise CommandError(str(pause)) from pause
        finally:
            logging.disable(logging.NOTSET)
        kept = promises.of_reports(figures)
        self.stdout.write(json.dumps(figures, indent=1) if options["json"] else _as_table(figures, kept))
        if broken := [each.name for each in kept if not each.is_kept]:
            raise CommandError(f"Not kept: {', '.join(broken)}", returncode=1)

    def _measure(self, options: dict[str, Any]) -> dict[str, Any]:
        sizes = (options["people"], options["people"] // 10)
        large, small = names = [
            databases.ready(size, seed=options["seed"], now=timezone.now(), say=self.stderr.write) for size in sizes
        ]
        made = []
        for name in names:
            with databases.using(name):
                made.append(publish_all(now=timezone.now()))
        queries = Queries()
        visited = visit(names, repeat=options["repeat"], watch=queries if options["plans"] else None)
        figures = figures_of(sizes[0], nights=made, large=visited[large], small=visited[small])
        if options["plans"]:
            with databases.using(large):
                figures["plans"] = queries.plans(SLOWEST)
        return figures


def figures_of(people: int, *, nights: list[Night], large: list[Visited], small: list[Visited]) -> dict[str, Any]:
    """What is promised, and what it comes from. The slowest page or answer counts, and the one that grows most; files
    apart: a sheet is drawn as a whole, with as many rows as there are organisations.
    """
    every, (night, tenth) = [each for visited in large for each in visited.milliseconds], nights
    rows = [_row(each, growth=_growth(each, small=small)) for each in sorted(large, key=lambda each: -each.p95)]
    return {
        "people": people,
        "p95_ms": _slowest(each for each in large if not each.view.is_file),
        "files_p95_ms": _slowest(each for each in large if each.view.is_file),
        "growth_10x": _most(row for row in rows if not row["is_file"]),
        "files_growth_10x": _most(row for row in rows if row["is_file"]),
        "publication_s": round(night.seconds, 1),
        "p95_ms_of_all_visits": round(p95(every), 1) if every else None,
        "p95_ms_of_a_tenth": _slowest(each for each in small if not each.view.is_file),
        "organisations_shown": night.organisations,
        "figures": night.figures,
        "hidden_share": round(night.hidden_share, 4),
        "of_a_tenth": {
            "organisations_shown": tenth.organisations,
            "figures": tenth.figures,
            "hidden_share": round(tenth.hidden_share, 4),
        },
        "views": rows,
    }


def _slowest(found: Iterable[Visited]) -> float | None:
    return max((round(each.p95, 1) for each in found), default=None)


def _growth(visited: Visited, *, small: list[Visited]) -> float | None:
    """How many times as long it takes as over a tenth of the people, median by median."""
    known = (visited.view.label, visited.view.asker.name)
    before = next((each.median for each in small if (each.view.label, each.view.asker.name) == known), None)
    return round(visited.median / before, 2) if before else None


def _most(rows: Iterable[dict[str, Any]]) -> float | None:
    return max((row["growth"] for row in rows if row["growth"] is not None), default=None)


def _row(visited: Visited, *, growth: float | None) -> dict[str, Any]:
    return {
        "view": visited.view.label,
        "asker": visited.view.asker.name,
        "address": visited.view.path,
        "queries": visited.queries,
        "work": round(visited.work, 1),
        "median": round(visited.median, 1),
        "p95": round(visited.p95, 1),
        "growth": growth,
        "is_file": visited.view.is_file,
    }


def _as_table(figures: dict[str, Any], kept: list[Promise]) -> str:
    heading = LINE.format(
        view="view", asker="for", queries="queries", work="work", median="median", p95="p95 ms", growth="growth"
    )
    lines = [LINE.format(**row) for row in figures["views"]]
    shown = f"{figures['organisations_shown']:,} organisations shown, {figures['hidden_share']:.1%} of figures hidden"
    first = f"{figures['people']:,} people, {shown}"
    return "\n".join([first, heading, *lines, *(each.line() for each in kept), *figures.get("plans", [])])
