"""Give somebody a role, or end it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from upskill.management.organisations import open_organisation
from upskill.people import services
from upskill.people.models import RoleGrant, User
from upskill.people.roles import Role


class Command(BaseCommand):
    """For operators: the first administrator of a department, a trainer, another operator."""

    help = "Give somebody a role with its scope, or end it with --end."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email", metavar="EMAIL", help="of an account that exists")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--organisation", metavar="CODE", help="of a department viewer or administrator")
        parser.add_argument("--course", metavar="ID", default="", help="of a trainer")
        parser.add_argument("--end", action="store_true", help="end the role instead")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["email"].lower()).first()
        if person is None:
            raise CommandError(f"There is no account with the address {options['email']}.")
        organisation = open_organisation(options["organisation"]) if options["organisation"] else None
        role, course = Role(options["role"]), options["course"]
        if options["end"]:
            held = RoleGrant.objects.filter(
                person=person, role=role, course=course, organisation=organisation, ended_at=None
            ).first()
            if held is None:
                raise CommandError(f"{person.full_name} does not have this role.")
            services.end_role(held, by=None, now=timezone.now())
        else:
            try:
                services.grant_role(
                    person, role=role, course=course, organisation=organisation, by=None, now=timezone.now()
                )
            except (services.WrongScope, services.AlreadyHasRole) as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person.full_name}: {role.label} {'ended' if options['end'] else 'given'}.")
