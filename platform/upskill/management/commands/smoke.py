"""Whether the running service does what it is for: one answer from signing in to the skills record."""

import os
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error

from upskill.management.service_check import ServiceCheck
from upskill.management.visit import CheckFailed


class Command(BaseCommand):
    """Exit status 0 if every step is right, otherwise 1 with the reason and the cure. It leaves no trace in any figure:
    what the probe account does counts nowhere. Run it with the settings of the site: it makes itself a sign-in link.
    """

    help = "Visit the running service as a learner would, and check that an answer gets its mark."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        here = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
        parser.add_argument("--url", default=here, help=f"where the service answers (default: {here})")
        parser.add_argument("--exercise", default="", metavar="COURSE/MODULE/ITEM", help="default: the first published")
        parser.add_argument("--seconds", type=float, default=60, help="how long a mark may take (default: 60)")

    def handle(self, *args: Any, **options: Any) -> None:
        check = ServiceCheck(options["url"], wanted=options["exercise"], seconds=options["seconds"])
        self.stdout.write(f"Checking {check.visit.url}")
        begun = time.monotonic()
        for name, step in check.steps():
            before = time.monotonic()
            try:
                step()
            except (CheckFailed, Error) as problem:
                self.stdout.write(f"{_ms(before)}  NOT: {name}")
                self.stderr.write(_sentence(problem))
                sys.exit(1)
            self.stdout.write(f"{_ms(before)}  {name}")
        self.stdout.write(f"{_ms(begun)}  all is right")


def _sentence(problem: CheckFailed | Error) -> str:
    if isinstance(problem, CheckFailed):
        return str(problem)
    return "This command cannot use the site's database. Give it the site's DATABASE_URL, and look at PostgreSQL's log."


def _ms(since: float) -> str:
    return f"{(time.monotonic() - since) * 1000:8,.0f} ms"
