"""Who may see a skills record with what it rests on."""

from django.utils.translation import gettext as _

from upskill.core.rules import NotThere, claim
from upskill.people.models import User


def check_see_record(person: User, *, of: User) -> None:
    """The person whose record it is, and nobody else: managers see levels, which are in reports."""
    if not (person.is_active and person == of):
        raise NotThere(_("This is not your skills record."))


can_see_record = claim(check_see_record)
