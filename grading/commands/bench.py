"""`python -m grading bench`: how fast the engine marks beside a bare fork and nbgrader, and which promises are kept."""

import argparse
import sys
from typing import TYPE_CHECKING

from grading.bench.asking import ChildFailed
from grading.bench.assignments import AssignmentMissing
from grading.bench.measure import PARTS, measure
from grading.bench.report import exit_code, page, to_json
from grading.engine import EngineFailed
from grading.sandbox.slots import SandboxRefused

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Describe the command's arguments."""
    command = commands.add_parser("bench", help="measure the engine beside a bare fork and beside nbgrader")
    command.add_argument("--rounds", type=_count, default=15, metavar="N", help="turns of everybody (default: 15)")
    command.add_argument(
        "--peer-rounds",
        type=_count_or_none,
        default=5,
        metavar="N",
        help="how many with nbgrader, 0 for none (default: 5)",
    )
    command.add_argument("--only", action="append", choices=PARTS, metavar="NAME", help=f"a part: {', '.join(PARTS)}")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when every mark was right and every promise kept, 1 when not, 2 when it could not be measured."""
    try:
        measured = measure(
            rounds=options.rounds, peer_rounds=options.peer_rounds, parts=options.only or PARTS, say=_say
        )
    except (AssignmentMissing, ChildFailed, EngineFailed, SandboxRefused) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(to_json(measured) if options.json else page(measured))
    return exit_code(measured)


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def _count(text: str) -> int:
    return _number(text, least=1)


def _count_or_none(text: str) -> int:
    return _number(text, least=0)


def _number(text: str, *, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} on.")
    return int(text)
