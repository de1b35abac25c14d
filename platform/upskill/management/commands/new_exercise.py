"""A first exercise to begin from."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upskill.authoring.places import near
from upskill.authoring.scaffold.exercises import new_exercise
from upskill.authoring.scaffold.naming import BadName
from upskill.authoring.whole_folders import InTheWay

REPLACE = (
    "exercise.py: the text, then task by task its solution and its tests",
    "exercise.yml: minutes and skills",
    "wrong/: what your learners get wrong, and the words that your tests answer with",
)
OF_DATA = "data/: make_data.py and DATASHEET.md; then run make_data.py, and write the new sum into both files"


class Command(BaseCommand):
    """Writes one new folder, and adds its name to module.yml. Overwrites nothing."""

    help = "Write a new exercise: a small example that passes the gate."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="the new folder: COURSE/modules/MODULE/NAME")
        parser.add_argument("--title", required=True)
        parser.add_argument("--skill", default="", help="a skill of skills.yml; left out: the first of the course")
        parser.add_argument(
            "--data", action="store_true", help="with a data file, its sheet and the program that makes it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        place: Path = options["path"]
        words = {"title": options["title"], "skill": options["skill"]}
        try:
            module, *files = new_exercise(place, with_data=options["data"], **words)
        except (BadName, InTheWay) as refusal:
            raise CommandError(str(refusal)) from refusal
        for file in files:
            self.stdout.write(f"written: {near(file)}")
        self.stdout.write(f"added to items: {place.name}, in {near(module)}")
        self.stdout.write("It is a small real example. Replace, in this order:")
        for number, part in enumerate((*REPLACE, *([OF_DATA] if options["data"] else [])), 1):
            self.stdout.write(f"  {number}. {part}")
        item = f"{place.absolute().parent.name}/{place.name}"
        self.stdout.write(f"Check it: python3 manage.py check_course {place.absolute().parents[2]} --item {item}")
