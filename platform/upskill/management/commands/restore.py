"""Put a backup into an empty database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upskill.management import backups


class Command(BaseCommand):
    """Before the service starts on it. Answers that had been accepted and not marked are marked once it runs."""

    help = "Restore a file of manage.py backup into the empty database that DATABASE_URL names."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help="what manage.py backup wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            held = backups.restore(options["file"])
        except backups.BackupFailed as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"Restored: {held.submissions:,} answers, {held.marks:,} marks. {held.waiting:,} jobs wait to be done: "
            "start the worker."
        )
