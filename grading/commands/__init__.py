"""The commands of `python -m grading`, one module each.

A command's module has `add(commands)`, which describes its arguments and sets `run` as their default, and
`run(options)`, which gives the exit code. Name the module in `ALL` and it is there.
"""

from types import ModuleType

from grading.commands import attack, bench, conform, doctor, lint, mark, prove

ALL: tuple[ModuleType, ...] = (mark, lint, bench, attack, conform, prove, doctor)
