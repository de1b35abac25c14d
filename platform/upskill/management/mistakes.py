"""How the commands for authors say what is wrong."""

from collections.abc import Sequence

from django.core.management.base import CommandError, OutputWrapper

from upskill.authoring.places import near
from upskill.catalogue.course_files.mistakes import Mistake


def shown(mistake: Mistake) -> str:
    """The mistake with its place first, so that a terminal leads there."""
    return f"{near(mistake.file)}:{mistake.line}: {mistake.problem} {mistake.cure}"


def refusal(mistakes: Sequence[Mistake], *, to: OutputWrapper, then: str = "") -> CommandError:
    """The error to raise: it says how many there are, then `then`. Each mistake is written to `to`, a line each."""
    for mistake in mistakes:
        to.write(shown(mistake))
    count = "1 mistake found." if len(mistakes) == 1 else f"{len(mistakes)} mistakes found."
    return CommandError(f"{count} {then}".rstrip())
