"""An invented population as large as the Civil Service."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from upskill.management.population import databases, making
from upskill.management.population.offers import NothingTaught


class Command(BaseCommand):
    """Adds people in organisations of the Civil Service's sizes, with two years of learning behind them."""

    help = "Make an invented population, here or in a database of its own. Needs DEBUG=true, and nobody else's people."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--people", type=int, default=550_000, metavar="N", help="how many people (550000)")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same people for the same number (1)")
        parser.add_argument("--database", metavar="NAME", help="make this database on the same server, with the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Invented people are for trying the service out. None are made where DEBUG is off.")
        if options["people"] < 1 or options["seed"] < 0:
            raise CommandError("--people needs a whole number of 1 or more, --seed one of 0 or more.")
        asked = {"people": options["people"], "seed": options["seed"], "now": timezone.now(), "say": self._say}
        try:
            if options["database"]:
                databases.make(options["database"], **asked)
            else:
                databases.check_only_demo()
                making.civil_service(**asked)
                making.refresh_statistics()
        except (databases.Refused, NothingTaught) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
