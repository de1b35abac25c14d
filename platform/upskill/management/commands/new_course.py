"""A first course to begin from."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upskill.authoring.places import near
from upskill.authoring.scaffold.courses import new_course
from upskill.authoring.scaffold.naming import BadName
from upskill.authoring.whole_folders import InTheWay

REPLACE = (
    "course.yml: summary, audience and skills, for whom it is and what it shows",
    "skills.yml, in the folder above: the skill and its three sentences",
    "modules/first-module: the folder's name, and module.yml with what people can do afterwards",
    "what-an-average-hides.md: the lesson",
    "check.quiz.md: the questions, each answer with its feedback",
)


class Command(BaseCommand):
    """Writes one new folder. Overwrites nothing."""

    help = "Write a new course: a small example that passes the gate."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", type=Path, metavar="PATH", help="the new folder; its name becomes the id of the course"
        )
        parser.add_argument("--title", required=True)
        parser.add_argument("--skill", default="", help="a skill of skills.yml; left out: the first there")

    def handle(self, *args: Any, **options: Any) -> None:
        place: Path = options["path"]
        try:
            files = new_course(place, title=options["title"], skill=options["skill"])
        except (BadName, InTheWay) as refusal:
            raise CommandError(str(refusal)) from refusal
        for file in files:
            self.stdout.write(f"written: {near(file)}")
        self.stdout.write("It is a small real example. Replace, in this order:")
        for number, part in enumerate(REPLACE, 1):
            self.stdout.write(f"  {number}. {part}")
        self.stdout.write(f"Check it at any time: python3 manage.py check_course {place} --quick")
