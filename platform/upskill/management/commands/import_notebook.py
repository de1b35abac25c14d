"""nbgrader's source notebooks, brought in as exercises."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upskill.authoring.notebooks.importing import import_notebook
from upskill.authoring.notebooks.refusals import CannotImport
from upskill.authoring.whole_folders import InTheWay


class Command(BaseCommand):
    """Writes one new folder, or refuses with every reason. The notebook is read and never run."""

    help = "Turn an nbgrader source notebook into an exercise folder."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "notebook", type=Path, metavar="FILE.ipynb", help="the instructor's version, with solutions"
        )
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="the new exercise: COURSE/modules/MODULE/NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            imported = import_notebook(options["notebook"], folder=folder)
        except CannotImport as refusal:
            for problem in refusal.problems:
                self.stderr.write(problem)
            raise CommandError("Nothing was imported.") from refusal
        except InTheWay as refusal:
            raise CommandError(str(refusal)) from refusal
        for name in imported.files:
            self.stdout.write(f"written: {folder / name}")
        for remark in imported.remarks:
            self.stdout.write(f"note: {remark}")
        self.stdout.write("Still to do, before the gate (manage.py check_course) lets it pass:")
        for step in (*imported.to_do, f"module.yml: add {folder.name} to items."):
            self.stdout.write(f"  - {step}")
