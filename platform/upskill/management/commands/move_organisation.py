"""Move an organisation, with all below it, to another department, or make it one of its own."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from upskill.management.organisations import open_organisation, refusals
from upskill.people import services


class Command(BaseCommand):
    """For operators. It stays what it is: its code, people, parts, figures and what is asked of it go along."""

    help = "From now on an organisation is, with all below it, a part of another one, or of none."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("code", metavar="CODE")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--parent", metavar="CODE", help="what it is a part of from now on")
        where.add_argument("--top", action="store_true", help="it is a part of nothing from now on")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = open_organisation(options["code"])
        parent = None if options["top"] else open_organisation(options["parent"])
        with refusals():
            services.move_organisation(unit, parent=parent, by=None, now=timezone.now())
        self.stdout.write(f"{unit.name}: {unit.path}")
