"""Say which accounts the demo page offers."""

from typing import Any

from django.core.management.base import BaseCommand

from upskill.people import demo


class Command(BaseCommand):
    """One line per role: who it is, and the address to ask a sign-in link for."""

    help = "List the demo accounts, one for each role. They sign in at /demo/ without an e-mail."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        people = demo.people_by_role()
        if not people:
            self.stdout.write("There are no demo accounts. Load them with: manage.py load_demo")
        for role in ("learner", "trainer", "reviewer", "manager", "viewer", "administrator", "operator"):
            if role in people:
                self.stdout.write(f"{role:<15}{people[role].full_name:<20}{people[role].email}")
