"""`python -m grading conform DIR`: mark honest work and compare each cell with what nbgrader gives."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from grading.acceptance.conform import Compared, conform, line

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Describe the command's arguments."""
    command = commands.add_parser("conform", help="compare the marks of honest work with nbgrader's")
    command.add_argument(
        "folder", type=Path, metavar="DIR", help="a folder with an expected.json, or one above several"
    )
    command.add_argument("--json", action="store_true", help="print one JSON report at the end")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when every submission agrees, 1 when one does not."""

    def say(compared: Compared) -> None:
        if not options.json:
            print(line(compared), flush=True)

    comparison = conform(options.folder, say=say)
    notes = "".join(f"not used: {problem}\n" for problem in comparison.problems)
    print(comparison.to_json() if options.json else f"{notes}{comparison.summary()}")
    return 0 if all(one.agrees for one in comparison.compared) else 1
