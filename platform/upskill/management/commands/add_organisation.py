"""Add a department, or a part of one."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand
from django.core.validators import validate_slug
from django.utils import timezone

from upskill.management.organisations import open_organisation, refusals
from upskill.people import services
from upskill.people.models import Organisation


class Command(BaseCommand):
    """For operators: what is below a department, its administrators add on pages."""

    help = "Add a department, or with --parent a part of an organisation."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("code", metavar="CODE", help="small letters, digits and dashes; it never changes")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--kind", choices=Organisation.Kind.values, default="department")
        parser.add_argument("--parent", metavar="CODE")
        parser.add_argument("--from", dest="from_on", type=dt.date.fromisoformat, help="the first day, today otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        code, now = options["code"].lower(), timezone.now()
        validate_slug(code)
        parent = open_organisation(options["parent"]) if options["parent"] else None
        with refusals():
            added = services.add_organisation(
                options["name"], code=code, kind=Organisation.Kind(options["kind"]), parent=parent,
                from_on=options["from_on"] or timezone.localdate(now), by=None, now=now,
            )  # fmt: skip
        self.stdout.write(f"{added.name}: {added.path}")
