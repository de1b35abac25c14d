"""Split an organisation, at the top of the tree too."""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.utils import timezone

from upskill.management.organisations import add_day, open_organisation, refusals
from upskill.people import organisations
from upskill.people.models import Membership, Organisation
from upskill.people.organisations import NewPart


class Command(BaseCommand):
    """For operators: what is below a department, its administrators split on pages."""

    help = (
        "New organisations in place of one, which is closed. Its people and parts go on in the first, but for those "
        "that are told to go on in another."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("code", metavar="CODE", help="of the organisation that is split")
        parser.add_argument(
            "--into", nargs=2, action="append", required=True, metavar=("CODE", "NAME"),
            help="a new organisation; give it once for each",
        )  # fmt: skip
        parser.add_argument(
            "--part", nargs=2, action="append", default=[], metavar=("PART", "CODE"),
            help="a part of it, and the new organisation in which it goes on",
        )  # fmt: skip
        parser.add_argument(
            "--people", type=Path, metavar="FILE",
            help="a CSV file without a heading: a staff number, and the new organisation where that person goes on",
        )  # fmt: skip
        add_day(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        unit, new = open_organisation(options["code"]), [(code.lower(), name) for code, name in options["into"]]
        codes = [code for code, _name in new]
        for code in _once(codes):
            validate_slug(code)
        people = _shared(_rows(options["people"]), codes=codes, known=_staff(unit, on=options["on"]), of=unit)
        parts = _shared(options["part"], codes=codes, known=_parts(unit), of=unit)
        into = [NewPart(code, name, people=people[code], parts=parts[code]) for code, name in new]
        with refusals():
            organisations.split(unit, into=into, on=options["on"], by=None, now=timezone.now())
        self.stdout.write(f"{unit.name} is split into {', '.join(name for _code, name in new)}.")


def _rows(file: Path | None) -> list[list[str]]:
    """Staff number and code, of each line that is not empty."""
    if file is None:
        return []
    with file.open(newline="", encoding="utf-8-sig") as lines:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines) if any(row)]
    if wrong := [row for row in rows if len(row) != 2]:
        raise CommandError(f"Give a staff number and a code on each line, not: {','.join(wrong[0])}")
    return rows


def _staff(unit: Organisation, *, on: dt.date) -> dict[str | None, int]:
    """Staff number -> id, of whoever has a post in the organisation itself on that day or later."""
    posts = Membership.objects.filter(organisation=unit).exclude(valid_to__lte=on)
    return dict(posts.values_list("person__staff_number", "person"))


def _parts(unit: Organisation) -> dict[str | None, int]:
    return dict(unit.children.filter(valid_to=None).values_list("code", "pk"))


def _shared(
    told: list[list[str]], *, codes: list[str], known: dict[str | None, int], of: Organisation
) -> dict[str, frozenset[int]]:
    """Code -> the ids of what goes on there."""
    where = dict(zip(_once([what for what, _code in told]), [code.lower() for _what, code in told], strict=True))
    if strange := sorted(where.keys() - known.keys()):
        raise CommandError(f"{of.name} has nobody and no part called {strange[0]} ({len(strange)} such).")
    if strange := sorted(set(where.values()) - set(codes)):
        raise CommandError(f"No --into has the code {strange[0]}.")
    return {code: frozenset(known[what] for what, there in where.items() if there == code) for code in codes}


def _once(told: list[str]) -> list[str]:
    """The same. Raises CommandError where one stands in it twice."""
    if twice := [what for what, times in Counter(told).items() if times > 1]:
        raise CommandError(f"{twice[0]} is named twice.")
    return told
