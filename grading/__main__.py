"""`python -m grading COMMAND`: the marking engine on its own. Each command is a module of `grading.commands`."""

import argparse
import sys
from importlib.util import find_spec

if find_spec("nbformat") is None:
    sys.exit("The packages of the engine are not installed for this Python. Try: .venv/bin/python -m grading --help")

from grading.acceptance.fields import FolderProblem
from grading.acceptance.stock import StockRefused
from grading.acceptance.worker import WorkerLost
from grading.checks import AuthorError
from grading.commands import ALL
from grading.commands.mark import table
from grading.engine import EngineFailed
from grading.sandbox.slots import SandboxRefused
from grading.scripts import ScriptError

__all__ = ["main", "table"]
_EXPECTED = (AuthorError, ScriptError, SandboxRefused, EngineFailed, FolderProblem, StockRefused, WorkerLost, OSError)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit code; 2 for what keeps it from running, with a sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m grading", description="The marking engine on its own.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in ALL:
        command.add(commands)
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
    except _EXPECTED as problem:
        print(problem, file=sys.stderr)
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())
