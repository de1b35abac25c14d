"""Make the figures that wider views show."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from upskill.reports.publication import DayHasPassed, publish


class Command(BaseCommand):
    """What beat does each night, at once."""

    help = "Make the figures of departments for a day, today if none is given. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--on", type=dt.date.fromisoformat, metavar="DAY", help="as 2026-11-28, today at the latest and by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        if options["on"] and options["on"] > today:
            raise CommandError(f"Nothing is known yet of {options['on']}. Give today, {today}, or leave --on out.")
        try:
            made = publish(options["on"] or today, now=now)
        except DayHasPassed as passed:
            raise CommandError(str(passed)) from passed
        hidden = f"{made.hidden_share:.1%} of {made.figures} figures hidden"
        self.stdout.write(
            f"Figures of {made.publication.on}: {made.people} people, {made.units} organisations in "
            f"{made.rows} rows, {hidden}, {made.made_anew} of {made.sets} "
            f"sets made anew, {made.publication.seconds:.1f} s"
        )
