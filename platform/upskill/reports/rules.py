"""Who may see which report."""

from upskill.people import rules as people_rules
from upskill.people.models import Organisation, User


def can_view_team(person: User) -> bool:
    """Somebody who is named as line manager in a current membership."""
    return people_rules.roles_of(person).has_reports


def can_view_department(person: User, *, organisation: Organisation) -> bool:
    """A department viewer of the organisation, or of one above it."""
    return people_rules.can_view_department(person, organisation=organisation)
