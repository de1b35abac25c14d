"""Have mail sent that was given up."""

from typing import Any

from django.core.management.base import BaseCommand

from upskill.core import outbox


class Command(BaseCommand):
    """For operators, once the mail server takes mail again. Safe to repeat."""

    help = "Try mail again that was given up after ten tries. Sign-in links are not among it: people ask for another."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"E-mails that are tried again: {outbox.try_again()}.")
