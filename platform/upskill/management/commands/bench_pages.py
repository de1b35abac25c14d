"""How long every page takes on the server, for every role that may open it."""

import json
import logging
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings
from django.utils import timezone

from upskill.management.page_bench import timings
from upskill.management.page_bench.database import demo_database
from upskill.management.population import databases
from upskill.marking.slot import MarkingPaused
from upskill.people.models import User

LINE = "{page:<36} {role:<9} {queries:>7} {work:>6} {median:>8} {p95:>8} {worst:>8}"


class Command(BaseCommand):
    """Asks each page in this process, through the site's WSGI application, on a database of the bench's own."""

    help = "Time every page, as every role, beside a large population. Needs DEBUG=true, and touches no data of yours."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--repeat", type=int, default=30, metavar="N", help="visits of each page that count (30)")
        parser.add_argument(
            "--population", type=int, default=550_000, metavar="N", help="with N invented people (550000); 0: without"
        )
        parser.add_argument("--people", type=int, default=1, metavar="N", help="N times the demo's people (1)")
        parser.add_argument("--limit", type=float, default=60, metavar="MS", help="end with 1 over this p95 (60)")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The bench loads the demo into a database of its own. It needs DEBUG=true.")
        if options["repeat"] < 1 or options["people"] < 1:
            raise CommandError("--repeat and --people need a whole number of 1 or more.")
        if options["population"] and options["people"] > 1:
            raise CommandError("--people multiplies the demo's people. It needs --population 0.")
        logging.disable(logging.WARNING)  # a refusal that the bench provokes is no news
        try:
            with self._database(options):
                people = User.objects.count()
                report = _measure(options["repeat"])
            grown = self._growth(options, large=report)
        except MarkingPaused as pause:
            raise CommandError(str(pause)) from pause
        finally:
            logging.disable(logging.NOTSET)
        self.stdout.write((_as_json if options["json"] else _as_table)(report, people, grown))
        _keep_to(options["limit"], report)

    def _database(self, options: dict[str, Any]) -> AbstractContextManager[None]:
        """The population's, kept for the next time, or one with the demo alone, dropped at the end."""
        if not options["population"]:
            return demo_database(times=options["people"])
        return self._population(options["population"])

    def _population(self, people: int) -> AbstractContextManager[None]:
        return databases.using(databases.ready(people, seed=1, now=timezone.now(), say=self.stderr.write))

    def _growth(self, options: dict[str, Any], *, large: timings.Report) -> float | None:
        """How much longer a page takes than over a tenth of the population, at most; None without a population."""
        if not options["population"]:
            return None
        with self._population(options["population"] // 10):
            return timings.growth(large, _measure(options["repeat"]))


def _measure(repeat: int) -> timings.Report:
    with override_settings(DEBUG=False):  # as in production: no log of queries, templates kept
        return timings.measure(repeat=repeat)


def _as_json(report: timings.Report, people: int, grown: float | None) -> str:
    pages = [_row(timing) | {"address": timing.address, "is_page": timing.is_page} for timing in report.timings]
    figures = {
        "people": people,
        "p95_ms": max((page["p95"] for page in pages if page["is_page"]), default=None),
        "p95_ms_of_files_and_reports": max((page["p95"] for page in pages if not page["is_page"]), default=None),
        "growth_10x": grown,
    }
    return json.dumps(figures | {"pages": pages, "not_measured": report.not_measured}, indent=1)


def _as_table(report: timings.Report, people: int, grown: float | None) -> str:
    heading = LINE.format(
        page="page", role="role", queries="queries", work="work", median="median", p95="p95", worst="worst ms"
    )
    lines = [LINE.format(**_row(timing)) for timing in report.timings]
    missing = [f"not measured: {page} ({why})" for page, why in report.not_measured.items()]
    visits = sum(len(timing.milliseconds) for timing in report.timings)
    first = f"{people} people, {visits} visits, slowest first"
    last = [] if grown is None else [f"at most {grown} times as long as with a tenth of the people"]
    return "\n".join([first, heading, *lines, *missing, *last])


def _row(timing: timings.Timing) -> dict[str, Any]:
    figures = {"work": timing.work, "median": timing.median, "p95": timing.p95, "worst": timing.worst}
    return {"page": timing.page, "role": timing.role, "queries": timing.queries} | {
        name: round(figure, 1) for name, figure in figures.items()
    }


def _keep_to(limit: float | None, report: timings.Report) -> None:
    slow = [f"{each.page} ({each.role})" for each in report.pages if limit is not None and each.p95 > limit]
    if slow:
        raise CommandError(f"{len(slow)} pages take longer than {limit:g} ms: {', '.join(slow)}", returncode=1)
