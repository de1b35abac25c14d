"""Exercises, written as nbgrader's notebooks."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upskill.authoring.notebooks.exporting import export_notebook
from upskill.authoring.notebooks.refusals import CannotExport
from upskill.authoring.whole_folders import InTheWay


class Command(BaseCommand):
    """Writes a new notebook, and the data files beside it. Overwrites nothing."""

    help = "Write an exercise as an nbgrader notebook."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="the exercise: COURSE/modules/MODULE/NAME")
        parser.add_argument("notebook", type=Path, metavar="FILE.ipynb", help="the new notebook")
        parser.add_argument("--release", action="store_true", help="as learners get it: no solutions, no hidden tests")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            exported = export_notebook(options["folder"], file=options["notebook"], released=options["release"])
        except (CannotExport, InTheWay) as refusal:
            raise CommandError(str(refusal)) from refusal
        for file in exported.files:
            self.stdout.write(f"written: {file}")
        for remark in exported.remarks:
            self.stdout.write(f"note: {remark}")
