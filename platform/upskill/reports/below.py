"""Everyone below a manager: the organisations that they lead, of which they see what is published, without a name."""

import datetime as dt
from dataclasses import dataclass

from upskill.people.models import Organisation, User, in_force

from . import published, rules
from .models import Publication


@dataclass(frozen=True)
class Below:
    """An organisation that the manager leads, and about how many people work there or below it: None where nothing is
    published, or where they are too few for figures.
    """

    organisation: Organisation
    people: int | None
    publication: Publication | None


def below(manager: User, *, on: dt.date) -> list[Below]:
    """The organisations in force on that day that the manager leads and may see, by name. Three queries; one for
    somebody who leads none.
    """
    led = Organisation.objects.filter(in_force(on), head=manager).order_by("name", "code")
    seen = [each for each in led if rules.can_see_department(manager, organisation=each)]
    publication = published.newest(on) if seen else None
    people = published.people_of(publication, paths=[each.path for each in seen]) if publication else {}
    return [Below(each, people.get(each.path), publication) for each in seen]
