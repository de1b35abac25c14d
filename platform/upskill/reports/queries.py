"""Which organisations there are and who sees their figures. What is published of them: sights.py."""

import datetime as dt

from upskill.people import queries as people_queries
from upskill.people.models import Organisation, User, in_force


def organisation_in_force(code: str, *, on: dt.date) -> Organisation | None:
    """The organisation with this code, if it exists on that day."""
    return Organisation.objects.filter(in_force(on), code=code).first()


def organisations_viewed_by(viewer: User, *, on: dt.date) -> list[Organisation]:
    """The organisations in force on that day whose counts somebody was given to see, or whose head they are, by name.
    Three queries.
    """
    viewed = [organisation.pk for organisation in people_queries.roles_of(viewer).viewed]
    return list(Organisation.objects.filter(in_force(on), pk__in=viewed).order_by("name", "code"))


def above(organisation: Organisation) -> list[Organisation]:
    """The organisations that this one is a part of, topmost first."""
    codes = organisation.path.strip("/").split("/")[:-1]
    return list(Organisation.objects.filter(code__in=codes).order_by("path"))
