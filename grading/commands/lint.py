"""`python -m grading lint EXERCISE`: what each check relies on, and what to put right before publishing."""

import argparse
import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

from grading.commands.mark import read_exercise_file
from grading.lint import Severity, lint, table

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Describe the command's arguments."""
    parser = commands.add_parser("lint", help="say what each check relies on and whether it can be judged")
    parser.add_argument("exercise", type=Path, help="the exercise: a script (.py) or an nbgrader source notebook")
    parser.add_argument("--json", action="store_true", help="print a JSON list of checks")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """The exit code is 0 when every check can be judged, 1 when one cannot."""
    lints = lint(read_exercise_file(options.exercise))
    print(json.dumps([dataclasses.asdict(each) for each in lints]) if options.json else table(lints))
    return int(any(finding.severity is Severity.CANNOT for each in lints for finding in each.findings))
