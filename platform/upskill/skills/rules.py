"""Who may see a skills record with what it rests on, and whose a certificate is."""

from django.utils.translation import gettext as _

from upskill.core.rules import NotThere, claim
from upskill.people.models import User

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


can_see_record = claim(check_see_record)
is_own_certificate = claim(check_own_certificate)
