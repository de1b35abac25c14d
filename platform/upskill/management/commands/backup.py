"""Keep everything that the service holds in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from upskill.management import backups


class Command(BaseCommand):
    """Run it from a timer, and copy the file to another machine. The service goes on meanwhile."""

    help = "Write a backup of the whole database, notebooks included, into a folder."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", type=Path, help="where the file is to lie; made if it is not there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file = backups.backup(options["folder"], now=timezone.now())
        except (backups.BackupFailed, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{file} ({file.stat().st_size / 1_000_000:,.1f} MB)")
