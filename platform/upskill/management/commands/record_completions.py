"""Take down who finished courses before completions were taken down by themselves."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from upskill.planning import services


class Command(BaseCommand):
    """For a service that was used before assignments came. Safe to repeat, and to stop in the middle."""

    help = "Take down who finished which course before completions were taken down. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Completions taken down: {services.record_earlier_completions(now=timezone.now())}")
