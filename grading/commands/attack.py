"""`python -m grading attack DIR`: run every attack of a folder against the engine and say which held."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from grading.acceptance.attack import attack
from grading.acceptance.report import Report, Result, line

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Describe the command's arguments."""
    command = commands.add_parser("attack", help="run attacks on the engine, judged from outside")
    command.add_argument("folder", type=Path, metavar="DIR", help="a folder with a manifest.json, or one above several")
    command.add_argument("--only", action="append", default=[], metavar="ID", help="only cases whose id begins so")
    command.add_argument("--stock", action="store_true", help="the notebooks also through plain nbgrader, in a jail")
    command.add_argument("--json", action="store_true", help="print one JSON report at the end")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when every case held, 1 when one did not, 2 when part of a manifest is not understood."""

    def say(result: Result) -> None:
        if not options.json:
            print(line(result), flush=True)

    report = attack(options.folder, beside_stock=options.stock, only=tuple(options.only), say=say)
    print(report.to_json() if options.json else "\n".join(_end(report)))
    return report.exit_code()


def _end(report: Report) -> list[str]:
    lines = [f"not judged: {problem}" for problem in report.problems]
    lines += [f"AFTERWARDS: {harm}" for harm in report.afterwards]
    return [*lines, f"isolation: {report.isolation}", report.summary()]
