"""Merge organisations, at the top of the tree too."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from upskill.management.organisations import add_day, open_organisation, refusals
from upskill.people import organisations


class Command(BaseCommand):
    """For operators: what is below a department, its administrators merge on pages."""

    help = "The people and parts of organisations go on in another one, and they are closed."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("codes", nargs="+", metavar="CODE", help="of an organisation that is closed")
        parser.add_argument(
            "--into", required=True, metavar="CODE", help="where its work goes on; add it before, if it is new"
        )
        add_day(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        into = open_organisation(options["into"])
        merged = [open_organisation(code) for code in options["codes"]]
        with refusals():
            organisations.merge(merged, into=into, on=options["on"], by=None, now=timezone.now())
        self.stdout.write(f"{', '.join(each.name for each in merged)}: closed. Their work goes on in {into.name}.")
