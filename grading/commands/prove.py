"""`python -m grading prove`: what keeps learners' code in on this host, by which mechanism, and whether it holds."""

import argparse
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from grading.protocol import to_json
from grading.sandbox.examination import Proof
from grading.sandbox.modes import candidates
from grading.sandbox.prove import choose, prove

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add(commands: "Commands") -> None:
    """Describe the command's arguments."""
    parser = commands.add_parser("prove", help="try the wall around learners' code on this host")
    parser.add_argument("--mode", default="", help="one mode; by default that which GRADER_ISOLATION asks for")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print the proofs as JSON")
    how.add_argument("--brief", action="store_true", help="print the mode that holds, or why none does")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """The exit code is 0 when a mode holds, 1 when none does. Tries the modes in order and stops at the first.

    Raises SandboxRefused where a brief answer is asked for and none holds.
    """
    asked = options.mode or os.environ.get("GRADER_ISOLATION", "")
    if options.brief:
        print(choose(asked).mode)
        return 0
    proofs = []
    for mode in candidates(asked):
        proofs.append(prove(mode))
        if proofs[-1].holds:
            break
    print(to_json([asdict(proof) for proof in proofs]) if options.json else "\n\n".join(map(table, proofs)))
    return 0 if proofs[-1].holds else 1


def table(proof: Proof) -> str:
    """A line per property: whether it holds, what holds it, and what got out if not."""
    lines = [f"{'holds' if proof.holds else 'DOES NOT HOLD'}: mode {proof.mode}"]
    for result in proof.results:
        state = "held" if result.held else "BROKEN" if result.required else "not here"
        detail = f": {result.detail}" if result.detail and not result.held else ""
        lines.append(f"  {state:8}  {result.property:34} {result.mechanism}{detail}")
    return "\n".join(lines)
