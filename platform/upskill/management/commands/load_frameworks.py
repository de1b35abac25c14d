"""Load the names of frameworks that come with the service."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from upskill.skills import frameworks


class Command(BaseCommand):
    """A framework of which another version was read with `import_gdad` stays as it is."""

    help = "Load the roles, role levels and skills of frameworks, by name. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = frameworks.load_packaged(by=None, now=timezone.now())
        if not changed:
            self.stdout.write("Frameworks: read from their official files, which stay")
        for slug, changes in changed.items():
            self.stdout.write(
                f"Framework {slug}: {changes} changes made" if changes else f"Framework {slug}: up to date"
            )
