"""Compare the tallies of levels with the evidence, or mend them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upskill.skills import rebuilding
from upskill.skills.rebuilding import Comparison

_HOW = "Mend them with: manage.py rebuild_tallies"


class Command(BaseCommand):
    """Works all levels out anew from evidence. May run while the service does."""

    help = "Make the tallies of levels what the evidence says, or with --check say whether they are. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where they differ")

    def handle(self, *args: Any, **options: Any) -> None:
        found = rebuilding.compare() if options["check"] else rebuilding.mend()
        for line in _said(found):
            self.stdout.write(line)
        if options["check"] and not found.is_equal:
            raise CommandError(_HOW)


def _said(found: Comparison) -> list[str]:
    counts = ", ".join(f"{found.counts[what]:,} {what}" for what in ("missing", "extra", "different"))
    if found.is_equal:
        return ["The tallies are what the evidence says."]
    examples = [f"{what}: person {public_id}, skill {skill}" for what, public_id, skill in found.examples]
    return [f"Of {found.people:,} people the tallies differed: {counts}", *examples]
