"""Who may see a skills record with what it rests on, whose a certificate is, and who keeps an organisation's roles."""

from django.utils.translation import gettext as _

from upskill.core.rules import NotAllowed, NotThere, claim
from upskill.people.models import Organisation, User
from upskill.people.queries import roles_of
from upskill.people.rules import can_administer

from .models import Certificate


def check_see_record(person: User, *, of: User) -> None:
    """The person whose record it is, and nobody else: managers see levels, which are in reports."""
    if not (person.is_active and person == of):
        raise NotThere(_("This is not your skills record."))


def check_own_certificate(person: User, *, certificate: Certificate) -> None:
    """Whom it is about, while their account is active: they download it and take it back. To read it, see
    certificates.genuine.
    """
    if not (person.is_active and certificate.learner_id == person.pk):
        raise NotThere(_("This is not your certificate."))


def check_keep_roles(person: User, *, organisation: Organisation) -> None:
    """An administrator of the organisation or of one above it: they write what its own roles ask for."""
    if not can_administer(person, organisation=organisation):
        raise NotThere(_("You do not keep the roles of this organisation."))


def check_keep_roles_anywhere(person: User) -> None:
    """An administrator of any organisation. As many queries as roles_of takes."""
    if not roles_of(person).administers:
        raise NotAllowed(_("This page is for people who administer an organisation."))


can_see_record = claim(check_see_record)
is_own_certificate = claim(check_own_certificate)
can_keep_roles = claim(check_keep_roles)
can_keep_roles_anywhere = claim(check_keep_roles_anywhere)
