"""Read the official files of the Government Digital and Data framework."""

from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from upskill.management.system_user import system_user
from upskill.skills import framework_content, frameworks, gdad_file

MOST_LINES = 200
LONGEST_VERSION = 40


class Command(BaseCommand):
    """Says what the files would change, and changes it with --apply."""

    help = (
        "Read the official files of the Government Digital and Data framework: "
        "https://ddat-capability-framework.service.gov.uk/download. Safe to repeat."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's own --version gives way: here it is the framework's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("roles", type=Path, metavar="ROLES.csv", help="the file “Role content”")
        parser.add_argument("skills", type=Path, nargs="?", metavar="SKILLS.csv", help="the file “Skills”")
        parser.add_argument("--version", required=True, help="how the framework calls this version, such as its date")
        parser.add_argument("--apply", action="store_true", help="change what the files say, after you have read it")

    def handle(self, *args: Any, **options: Any) -> None:
        version, now = options["version"].strip(), timezone.now()
        if not 0 < len(version) <= LONGEST_VERSION or not version.isprintable():
            raise CommandError(f"Give a version of 1 to {LONGEST_VERSION} characters.")
        source = replace(framework_content.GDAD, version=version)
        try:
            skills = _bytes(options["skills"]) if options["skills"] else None
            content = gdad_file.read(_bytes(options["roles"]), skills=skills)
            if options["apply"]:
                changes = frameworks.apply(content, source=source, by=None, now=now, ran_by=system_user())
            else:
                changes = frameworks.differences(content, source=source, now=now)
        except gdad_file.FileRefused as refused:
            raise CommandError("\n".join([*refused.mistakes, "Nothing was changed."])) from refused
        except frameworks.SameCode as same:
            raise CommandError(f"{same} Nothing was changed.") from same
        self._say(changes, applied=options["apply"])

    def _say(self, changes: list[str], *, applied: bool) -> None:
        for line in _bounded(changes):
            self.stdout.write(line)
        if not changes:
            self.stdout.write("The files say what is here already.")
        elif applied:
            self.stdout.write(f"{len(changes)} changes made.")
        else:
            self.stdout.write(f"{len(changes)} changes. Nothing was changed: run this again with --apply.")


def _bounded(changes: list[str]) -> Iterable[str]:
    yield from changes[:MOST_LINES]
    if len(changes) > MOST_LINES:
        yield f"and {len(changes) - MOST_LINES} more"


def _bytes(path: Path) -> bytes:
    """The file, or one byte more of it than may be. Raises CommandError."""
    try:
        with path.open("rb") as file:
            return file.read(gdad_file.LARGEST_FILE + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
