"""Who may see which report, on a page, in the API or as a file.

A page for a role refuses whoever does not have it (NotAllowed). One organisation does not exist for whoever may not see
it (NotThere).
"""

from django.utils.translation import gettext as _

from upskill.core.rules import NotAllowed, NotThere, claim
from upskill.people.models import Organisation, User
from upskill.people.queries import roles_of


class NotALineManager(NotAllowed):
    """Nobody reports to this person. The staff records say so, and no role changes that."""


def check_see_department(person: User, *, organisation: Organisation) -> None:
    """A department viewer or the head of the organisation, or of one above it. As many queries as roles_of takes."""
    if not any(organisation.path.startswith(each.path) for each in roles_of(person).viewed):
        raise NotThere(_("You do not see figures of this organisation."))


def check_see_departments(person: User) -> None:
    """A department viewer or the head of any organisation. As many queries as roles_of takes."""
    if not roles_of(person).views_departments:
        raise NotAllowed(_("This page is for people who plan the skills of an organisation."))


def check_see_government(person: User) -> None:
    """A department viewer or the head of a whole department: they compare it with all of government, which is shown as
    one, without another department's figures. As many queries as roles_of takes.
    """
    if not any(each.parent_id is None for each in roles_of(person).viewed):
        raise NotAllowed(_("This page is for people who plan the skills of a whole department."))


def check_see_team(person: User) -> None:
    """Somebody who is named as line manager in a current membership. As many queries as roles_of takes."""
    if not roles_of(person).has_reports:
        raise NotALineManager(
            _("This page is for line managers, and the staff records name nobody who reports to you.")
        )


can_see_department = claim(check_see_department)
can_see_departments = claim(check_see_departments)
can_see_government = claim(check_see_government)
can_see_team = claim(check_see_team)
