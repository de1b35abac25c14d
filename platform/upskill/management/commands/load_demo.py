"""Load the demo department, with people who have learned something."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from upskill.management import demo_history, demo_roles
from upskill.management.population import colleagues
from upskill.people import demo
from upskill.reports.publication import publish


class Command(BaseCommand):
    """Adds what is missing of the demo, and changes nothing that is there."""

    help = "Load the demo department with invented people and their work. Safe to repeat. Needs DEBUG=true."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo is for trying the service out. It is not loaded where DEBUG is off.")
        if demo.is_out_of_place():
            raise CommandError("There are people here who are not invented. The demo is not loaded beside them.")
        now = timezone.now()
        people = demo.load(now=now)
        demo_roles.load(now=now)
        try:
            history = demo_history.load(now=now)
        except demo_history.CourseMissing as missing:
            self.stdout.write(f"Demo department: {people} new people. {missing}")
            publish(timezone.localdate(now), now=now)
            return
        more = colleagues.load(now=now)
        publish(timezone.localdate(now), now=now)
        self.stdout.write(
            f"Demo department: {people} new people, {history.quiz_attempts} quizzes answered, "
            f"{history.submissions} notebooks handed in, {more} new colleagues"
        )
